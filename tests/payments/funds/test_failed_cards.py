"""A brand's card fails after it published: what is claimed or near runs, later free seats wait until money comes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from gigcx.audit.models import AuditEntry
from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments import actions, handlers
from payments.events import TopUpFailed, TopUpSettled
from payments.gateways import collecting
from payments.models import BrandFunds, TopUp
from payments.queries.pauses import owners_of_failed_cards
from recruiting.models import Agent, Program
from scheduling.actions.claims import claim_shift
from scheduling.actions.seats import reserve_seat
from scheduling.errors import SeatsPaused
from scheduling.models import Claim, Shift
from scheduling.queries.open_shifts import open_shifts
from scheduling.states import ClaimState
from tests.factories import funds as money
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)
DELIVERED = Delivered(uuid4(), NOW, None, None, NOW)


@pytest.fixture
def chat(acme: Brand) -> Program:
    program = recruit.make_program(acme, timezone="UTC")
    recruit.make_rate_card(program)
    recruit.make_terms(program)
    vet.make_certification(program)
    return program


@pytest.fixture
def worker(chat: Program) -> Agent:
    agent = recruit.make_agent("Cleo Winter")
    vet.make_eligible(agent, chat, NOW)
    return agent


def failing(brand: Brand) -> BrandFunds:
    """A saved card that pays 100.00 whenever less than 50.00 is free, and is declined."""
    money.make_prepaid(brand)
    money.pay(money.begin(brand, 4_000), saves_method=True)
    BrandFunds.objects.for_brand(brand.pk).update(method_ref="sbx_pm_card_declined")
    return actions.set_auto_top_up(
        brand_id=brand.pk, currency="USD", below_minor=5_000, amount_minor=10_000, by=pay.SYSTEM, at=NOW
    )


def fail(brand: Brand) -> TopUp:
    """The automatic top-up is declined, and the fact is heard twice."""
    failing(brand)
    collecting.top_up_low_brands()
    found = TopUp.objects.for_brand(brand.pk).get(is_automatic=True)
    for _again in range(2):
        fact = TopUpFailed(top_up_id=found.pk, brand_id=brand.pk)
        handlers.pause_free_seats(fact, DELIVERED)
    return found


def take(shift: Shift, agent: Agent) -> Claim:
    return claim_shift(shift_id=shift.pk, agent=agent, by=recruit.agent_actor(agent), at=NOW)


def is_paused(shift: Shift) -> bool:
    shift.refresh_from_db()
    return shift.paused_at is not None


def test_when_the_card_fails_seats_within_a_day_are_given_out_and_later_ones_wait(
    acme: Brand, chat: Program, worker: Agent
) -> None:
    near, far = (plan.make_shift(chat, NOW + hours * HOUR) for hours in (20, 30))
    fail(acme)
    assert (is_paused(near), is_paused(far)) == (False, True)
    assert take(near, worker).state == ClaimState.CLAIMED
    with pytest.raises(SeatsPaused):
        take(far, worker)
    assert not reserve_seat(far.pk)
    assert {one.shift.pk: one.status for one in open_shifts(worker, NOW)}[far.pk] == "paused"
    assert AuditEntry.objects.filter(action="scheduling.pause_free_seats", subject_id=far.pk).count() == 1


def test_who_holds_a_seat_of_a_paused_shift_keeps_it(acme: Brand, chat: Program, worker: Agent) -> None:
    far = plan.make_shift(chat, NOW + 30 * HOUR)
    claim = take(far, worker)
    fail(acme)
    claim.refresh_from_db()
    assert (is_paused(far), claim.state, far.filled) == (True, ClaimState.CLAIMED, 1)


def test_money_that_arrives_gives_the_seats_out_again(acme: Brand, chat: Program, worker: Agent) -> None:
    far = plan.make_shift(chat, NOW + 30 * HOUR)
    fail(acme)
    paid = money.fill_wallet(acme, 2_000, at=NOW + 2 * HOUR)
    fact = TopUpSettled(top_up_id=paid.pk, brand_id=acme.pk, currency="USD")
    handlers.resume_free_seats(fact, DELIVERED)
    assert not is_paused(far)
    assert take(far, worker).state == ClaimState.CLAIMED
    assert owners_of_failed_cards() == set()


def test_the_sweep_pauses_and_resumes_what_the_facts_missed(acme: Brand, chat: Program) -> None:
    far = plan.make_shift(chat, NOW + 30 * HOUR)
    failing(acme)
    collecting.top_up_low_brands()
    assert actions.follow_cards(at=NOW) == 1
    assert is_paused(far)
    actions.stop_auto_top_up(brand_id=acme.pk, currency="USD", by=pay.SYSTEM, at=NOW)
    assert actions.follow_cards(at=NOW) == 1
    assert not is_paused(far)


def test_another_brand_and_what_is_published_afterwards_are_not_paused(
    acme: Brand, globex: Brand, chat: Program
) -> None:
    theirs = recruit.make_program(globex, name="Globex Care")
    recruit.make_rate_card(theirs)
    other = plan.make_shift(theirs, NOW + 30 * HOUR)
    fail(acme)
    request = plan.make_request(chat, NOW + 40 * HOUR, published_at=NOW + 2 * HOUR)
    later = plan.make_shift(chat, NOW + 40 * HOUR, request=request)
    assert actions.follow_cards(at=NOW + 3 * HOUR) == 0
    assert (is_paused(other), is_paused(later)) == (False, False)


def test_the_billing_page_says_what_waits_and_how_it_goes_on(
    acme: Brand, chat: Program, acme_owner: BrandActor
) -> None:
    plan.make_shift(chat, NOW + 30 * HOUR)
    fail(acme)
    client = Client()
    client.force_login(acme_owner.user)
    page = client.get(f"/b/{acme.slug}/billing/").content.decode()
    assert "Free seats of 1 shift wait." in page
    assert "the others open again when a top-up arrives" in page
