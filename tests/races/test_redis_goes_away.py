"""The broker is gone: brands post and agents claim all the same, at once; what follows from it follows when it is back."""

import time
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from gigcx.audit.models import Delivery, OutboxEvent, PeriodicRun
from gigcx.kernel import clock
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import week_start
from gigcx.tenancy.actors import BrandActor, SystemActor
from scheduling import actions
from scheduling.actions.intervals import TypedInterval
from scheduling.models import CapacityRequest, Claim, Shift
from scheduling.states import DesignState, RequestState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from tests.product import Product
from tests.races.processes import Broker, Browser, browser_of, wait_for
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 10.0  # waiting for a dead broker would last far longer; a loaded machine answers within this


def quickly(browser: Browser, path: str, **fields: object) -> int:
    """Send a form; its answer may not wait for the broker."""
    began = time.monotonic()
    status, _text = browser.post(path, **fields)
    assert time.monotonic() - began < PATIENCE_SECONDS
    return status


def next_week(now: datetime) -> date:
    return week_start((now + timedelta(days=7)).date())


def pencilled(program_id: object, channel: str, by: BrandActor, now: datetime) -> CapacityRequest:
    """A week with four hours of demand typed into it."""
    monday = next_week(now)
    draft = actions.draft_request(program_id=program_id, channel=channel, week_starts_on=monday, by=by, at=now)  # type: ignore[arg-type]
    nine = datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC)
    typed = [TypedInterval(nine, nine + timedelta(hours=4), 5)]
    return actions.set_intervals(request_id=draft.pk, intervals=typed, by=by, at=now)


def test_posting_and_claiming_go_on_and_effects_follow(product: Product, broker: Broker) -> None:
    now = clock.now()
    brand = cast.make_brand("Acme")
    owner = cast.make_member(brand, "April Acme")
    chat, voice = made_program(brand, "Holiday Chat"), made_program(brand, "Billing Voice", channels=["voice"])
    agent = recruit.make_agent("Ada Obi")
    vet.make_eligible(agent, chat, now - timedelta(days=1))
    start = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    shift = plan.make_shift(chat, start)
    priced = pencilled(chat.pk, "chat", owner, now)
    actions.design_request_shifts(request_id=priced.pk, by=owner, at=now)
    actions.make_designed_shifts(request_id=priced.pk, by=SystemActor("designer"), at=now, iterations=2)
    waiting = pencilled(voice.pk, "voice", owner, now)

    product.start()
    april, ada = (browser_of(user, urlsplit(product.url).netloc) for user in (owner.user, agent.user))
    broker.kill()
    there = {"slug": brand.slug, "request_id": priced.pk}
    quote = priced.quotes.get()
    assert quickly(april, reverse("scheduling:request-publish", kwargs=there), quote=quote.pk) == 302
    design = reverse("scheduling:request-design", kwargs={**there, "request_id": waiting.pk})
    assert quickly(april, design) == 302
    claim = reverse("scheduling:shift-claim", kwargs={"shift_id": shift.pk})
    assert quickly(ada, claim, key=uuid7().hex, version=1, pay_minor=1600) == 302
    assert Claim.objects.across_brands().get().agent_id == agent.pk
    assert state_of(priced) == (RequestState.PUBLISHED, DesignState.DONE)
    assert state_of(waiting) == (RequestState.DRAFT, DesignState.QUEUED)
    assert Shift.objects.across_brands().filter(request=priced, state=ShiftState.OPEN).exists()
    assert OutboxEvent.objects.filter(fanned_out_at__isnull=True).exists()

    # The sweep leaves half a minute to the hint that was lost.
    CapacityRequest.objects.across_brands().filter(pk=waiting.pk).update(design_requested_at=now - timedelta(minutes=1))
    broker.start()
    PeriodicRun.objects.all().delete()  # the ticker takes the present minute for a new one
    wait_for(lambda: state_of(waiting) == (RequestState.QUOTED, DesignState.DONE))
    wait_for(everything_heard)
    assert Shift.objects.across_brands().filter(request=waiting).exists()


def state_of(request: CapacityRequest) -> tuple[str, str]:
    request.refresh_from_db()
    return request.state, request.design_state


def everything_heard() -> bool:
    """Was every fact handed to every listener?"""
    is_fanned_out = not OutboxEvent.objects.filter(fanned_out_at__isnull=True).exists()
    return is_fanned_out and not Delivery.objects.exclude(state=Delivery.State.DONE).exists()
