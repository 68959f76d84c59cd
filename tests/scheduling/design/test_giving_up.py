"""Background work that never comes to an end is given up, said on its page, and begun anew when somebody asks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.outbox import Delivered
from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound, Stale
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.events import RateCardPublished
from recruiting.models import Program, RateCard
from recruiting.states import VersionState
from scheduling import actions, handlers
from scheduling.actions import quotes
from scheduling.design import search
from scheduling.models import CapacityRequest
from scheduling.queries.beginnings import MOST_BEGINNINGS, begun_again, given_up
from scheduling.queries.sweeps import requests_to_design, requests_to_quote
from scheduling.states import DesignState, GivenUp, RequestState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WORKER = SystemActor("worker")


class Died(Exception):
    """What a worker leaves behind is the same whatever ended it."""


@pytest.fixture
def _deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_given: Any, **_named: Any) -> None:
        raise Died

    monkeypatch.setattr(search, "design_shifts", die)
    monkeypatch.setattr(quotes, "outlook_of", die)


@pytest.fixture
def queued(chat: Program, acme_owner: BrandActor, at: datetime) -> CapacityRequest:
    """A week whose shifts somebody asked for."""
    request = plan.make_request(chat, at, state=RequestState.DRAFT)
    plan.ask_for(request, at + 24 * HOUR, hours=4, agents=2)
    return actions.design_request_shifts(request_id=request.pk, by=acme_owner, at=at)


@pytest.fixture
def unpriced(chat: Program, at: datetime) -> CapacityRequest:
    """A week whose shifts were moved by hand and wait for a price."""
    request = plan.make_request(chat, at, state=RequestState.DRAFT, design_state=DesignState.DONE)
    plan.make_shift(chat, at + 24 * HOUR, state="draft", request=request)
    return request


def die_often(action: Any, request: CapacityRequest, at: datetime, *, apart: timedelta) -> datetime:
    """Let workers die at it as often as they may, and return when the next one comes."""
    for _again in range(MOST_BEGINNINGS):
        with pytest.raises(Died):
            action(request_id=request.pk, by=WORKER, at=at)
        at += apart
    return at


def page_of(client: Client, request: CapacityRequest, owner: BrandActor) -> str:
    client.force_login(owner.user)
    there = {"slug": owner.brand.slug, "request_id": request.pk}
    return client.get(reverse("scheduling:request", kwargs=there)).content.decode()


@pytest.mark.usefixtures("_deadly")
def test_a_design_that_kills_three_workers_is_given_up_said_and_begun_anew_when_asked(
    client: Client, queued: CapacityRequest, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    last = die_often(actions.make_designed_shifts, queued, at, apart=MINUTE)
    assert requests_to_design(at=last) == [queued.pk]
    assert actions.make_designed_shifts(request_id=queued.pk, by=WORKER, at=last) is None
    queued.refresh_from_db()
    assert (queued.design_state, given_up(queued.design_progress)) == (DesignState.NONE, GivenUp.CRASHED)
    assert requests_to_design(at=last + HOUR) == []
    page = page_of(client, queued, acme_owner)
    assert "never came to an end" in page
    assert page.count("Make shifts again") == page.count("btn-primary") == 1
    actions.design_request_shifts(request_id=queued.pk, by=acme_owner, at=last)
    with pytest.raises(Died):  # one more try, not none
        actions.make_designed_shifts(request_id=queued.pk, by=WORKER, at=last + MINUTE)


@pytest.mark.usefixtures("_deadly")
def test_a_worker_at_it_is_not_counted_twice(queued: CapacityRequest, at: datetime) -> None:
    with pytest.raises(Died):
        actions.make_designed_shifts(request_id=queued.pk, by=WORKER, at=at)
    for second in range(0, 30, 10):
        actions.make_designed_shifts(request_id=queued.pk, by=WORKER, at=at + timedelta(seconds=second))
    queued.refresh_from_db()
    assert queued.design_progress["begun"] == 1


def test_what_was_typed_since_begins_anew(at: datetime) -> None:
    note = {"begun": MOST_BEGINNINGS, "version": 1}
    assert begun_again(note, version=1, at=at) is None
    assert begun_again(note, version=2, at=at) == {"begun": 1, "version": 2, "beat_at": at.isoformat()}


def test_no_shifts_and_no_card_are_said_instead_of_silence(
    client: Client, queued: CapacityRequest, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    RateCard.objects.across_brands().filter(program=chat).update(state=VersionState.SUPERSEDED, valid_until=at)
    assert actions.make_designed_shifts(request_id=queued.pk, by=WORKER, at=at, iterations=1) is None
    queued.refresh_from_db()
    assert given_up(queued.design_progress) == GivenUp.NO_RATE_CARD
    assert "no rate card in force" in page_of(client, queued, acme_owner)


@pytest.mark.usefixtures("_deadly")
def test_a_price_that_kills_three_workers_is_given_up_and_counted_again_when_asked(
    client: Client,
    unpriced: CapacityRequest,
    acme_owner: BrandActor,
    globex_owner: BrandActor,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    last = die_often(actions.quote_request, unpriced, at, apart=2 * MINUTE)
    assert actions.quote_request(request_id=unpriced.pk, by=WORKER, at=last) is None
    assert requests_to_quote() == []
    page = page_of(client, unpriced, acme_owner)
    assert page.count("Count the price again") == page.count("btn-primary") == 1
    with pytest.raises(NotFound):
        actions.price_again(request_id=unpriced.pk, by=globex_owner, at=last)
    ours = {"slug": acme_owner.brand.slug, "request_id": unpriced.pk}
    told = client.get(reverse("api-shift-design-detail", kwargs=ours)).json()
    assert told["progress"] == {"given_up": GivenUp.CRASHED}
    there = reverse("scheduling:request-price", kwargs={"slug": acme_owner.brand.slug, "request_id": unpriced.pk})
    assert client.post(there).status_code == 302
    assert requests_to_quote() == [unpriced.pk]
    with pytest.raises(Stale):
        actions.price_again(request_id=unpriced.pk, by=acme_owner, at=last)
    assert client.post(reverse("api-shift-design-price", kwargs=ours)).json()["code"] == "stale"


def test_a_lapsed_rate_card_is_told_once_and_the_next_one_prices_by_itself(
    client: Client, unpriced: CapacityRequest, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    cards = RateCard.objects.across_brands().filter(program=chat)
    card = cards.get()
    cards.update(state=VersionState.SUPERSEDED, valid_until=at)
    for _minute in range(2):
        assert actions.quote_request(request_id=unpriced.pk, by=WORKER, at=at) is None
    assert requests_to_quote() == []
    assert "no rate card in force" in page_of(client, unpriced, acme_owner)
    cards.update(state=card.state, valid_until=None)
    fact = RateCardPublished(program_id=chat.pk, rate_card_id=card.pk)
    for _twice in range(2):
        handlers.reprice_shifts(fact, Delivered(uuid7(), at, chat.brand_id, None, at))
    assert requests_to_quote() == [unpriced.pk]


def test_a_week_without_shifts_has_one_primary_button(
    client: Client, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    request = plan.make_request(chat, at, state=RequestState.DRAFT)
    page = page_of(client, request, acme_owner)
    assert "No shifts yet" in page
    assert page.count("btn-primary") == 1
