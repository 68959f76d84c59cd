"""The same button pressed many times at once, over HTTP: it happens once and nobody sees a fault."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from gigcx.audit.models import OutboxEvent
from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Program
from recruiting.states import EngagementState
from scheduling import actions
from scheduling.models import CapacityRequest, Shift
from scheduling.states import RequestState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.races.presses import PRESSES, at_once
from tests.races.processes import browser_of
from tests.races.test_redis_goes_away import pencilled
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner() -> BrandActor:
    """Acme's owner."""
    return cast.make_member(cast.make_brand("Acme"), "April Acme")


@pytest.fixture
def chat(owner: BrandActor) -> Program:
    """Acme's Holiday Chat."""
    return made_program(owner.brand, "Holiday Chat")


def pressed(owner: BrandActor, server: Any, path: str, **fields: object) -> list[int]:
    """The answers to so many presses that leave a gate together."""
    browsers = [browser_of(owner.user, urlsplit(server.url).netloc) for _press in range(PRESSES)]
    return at_once(lambda number: browsers[number].post(path, **fields)[0])


def test_a_request_published_six_times_at_once_is_published_once(
    owner: BrandActor, chat: Program, live_server: Any
) -> None:
    now = clock.now() - timedelta(seconds=1)
    draft = pencilled(chat.pk, "chat", owner, now)
    actions.design_request_shifts(request_id=draft.pk, by=owner, at=now)
    actions.make_designed_shifts(request_id=draft.pk, by=SystemActor("designer"), at=now, iterations=2)
    there = {"slug": owner.brand.slug, "request_id": draft.pk}
    path = reverse("scheduling:request-publish", kwargs=there)
    assert pressed(owner, live_server, path, quote=draft.quotes.get().pk) == [302] * PRESSES
    assert CapacityRequest.objects.across_brands().get().state == RequestState.PUBLISHED
    assert set(Shift.objects.across_brands().values_list("state", flat=True)) == {ShiftState.OPEN}
    assert OutboxEvent.objects.filter(type="scheduling.request_published").count() == 1


def test_an_applicant_accepted_six_times_at_once_is_accepted_once(
    owner: BrandActor, chat: Program, live_server: Any
) -> None:
    applicant = recruit.make_engagement(recruit.make_agent("Ada Obi"), chat, state="applied")
    path = reverse("recruiting:talent-decide", kwargs={"slug": owner.brand.slug})
    answers = pressed(owner, live_server, path, decision="accept", engagement=applicant.pk)
    assert max(answers) < 500
    applicant.refresh_from_db()
    assert applicant.state == EngagementState.ACCEPTED
    assert OutboxEvent.objects.filter(type="recruiting.engagement_accepted").count() == 1
