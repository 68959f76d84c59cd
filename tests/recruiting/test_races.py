"""Several at once, on real connections."""

from collections.abc import Callable
from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import MoveRefused, Stale
from gigcx.tenancy.actors import SystemActor
from recruiting import actions
from recruiting.errors import AlreadyEngaged
from recruiting.models import Engagement, Program, RateCard, TermsAcceptance
from tests import cast
from tests.factories import recruiting as make
from tests.races.presses import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT = cast.MONDAY_NOON
PRODUCT = SystemActor("test")


@pytest.fixture
def chat() -> Program:
    return make.make_program(cast.make_brand("Acme"))


def test_eight_applications_of_one_agent_make_one_engagement(chat: Program) -> None:
    ada = make.make_agent("Ada Obi")
    ids: dict[str, Any] = {"agent_id": ada.pk, "program_id": chat.pk, "by": make.agent_actor(ada), "at": AT}
    results = at_once(lambda _place: actions.apply_to_program(answers={}, **ids), times=8)
    assert sum(isinstance(result, Engagement) for result in results) == 1
    assert sum(isinstance(result, AlreadyEngaged) for result in results) == 7
    assert OutboxEvent.objects.filter(type="recruiting.engagement_applied").count() == 1


def test_a_planner_and_an_agent_who_decide_at_once_leave_one_outcome(chat: Program) -> None:
    ada = make.make_agent("Ada Obi")
    engagement = make.make_engagement(ada, chat, state="applied")
    ids: dict[str, Any] = {"engagement_id": engagement.pk, "at": AT}
    calls: list[Callable[[], object]] = [
        lambda: actions.decline_engagement(code="hours", reason="Evenings are full.", by=PRODUCT, **ids),
        lambda: actions.withdraw(reason="", by=make.agent_actor(ada), **ids),
    ]
    results = at_once(lambda place: calls[place](), times=2)
    assert sum(isinstance(result, MoveRefused) for result in results) == 1
    engagement.refresh_from_db()
    assert engagement.state in {"declined", "ended"}


def test_two_versions_published_at_once_keep_one(chat: Program) -> None:
    draft = actions.RateCardDraft(lines={"productive_hour": actions.Price(1400, 1990)})
    ids: dict[str, Any] = {"program_id": chat.pk, "by": PRODUCT, "at": AT}
    results = at_once(lambda _place: actions.publish_rate_card(draft=draft, seen_version=0, **ids), times=4)
    assert sum(isinstance(result, Stale) for result in results) == 3
    assert RateCard.objects.across_brands().count() == 1


def test_terms_agreed_four_times_at_once_are_agreed_once(chat: Program) -> None:
    ada = make.make_agent("Ada Obi")
    make.make_engagement(ada, chat, state="accepted")
    version = make.make_terms(chat)
    ids: dict[str, Any] = {"agent_id": ada.pk, "terms_version_id": version.pk, "by": make.agent_actor(ada), "at": AT}
    results = at_once(lambda _place: actions.accept_terms(name_typed="Ada Obi", ip=None, **ids), times=4)
    assert all(isinstance(result, TermsAcceptance) for result in results)
    assert TermsAcceptance.objects.across_brands().count() == 1


def test_the_last_two_agents_certified_at_once_launch_the_program_once(chat: Program) -> None:
    Program.objects.across_brands().update(state="recruiting", launch_minimum=4)
    people = [make.make_engagement(make.make_agent(f"P{n} Name"), chat, state="accepted") for n in range(4)]
    results = at_once(
        lambda place: actions.certify_engagement(engagement_id=people[place].pk, by=PRODUCT, at=AT), times=4
    )
    assert all(isinstance(result, Engagement) for result in results)
    chat.refresh_from_db()
    assert chat.state == "live"
    assert OutboxEvent.objects.filter(type="recruiting.program_launched").count() == 1
