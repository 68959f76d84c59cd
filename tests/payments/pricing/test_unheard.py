"""Facts whose delivery was lost are found by a sweep and paid once, as if they had been heard."""

from datetime import timedelta

import pytest

from gigcx.audit import trail
from payments import actions, ledger, tasks
from payments.models import Earning, UnpricedWork
from payments.queries.unheard import unheard_facts
from payments.states import EarningKind, WorkFact
from recruiting.models import Agent, Program
from recruiting.states import LineKind
from scheduling.models import Claim, Excusal, Incident
from scheduling.states import CauseOwner, ClaimState, ExcusalState, IncidentState, Payer
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.factories import vetting as vet

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SEEN_AT = MONDAY_NOON + 3 * HOUR


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.tasks.work.database_now", lambda: SEEN_AT)


def swept() -> list[tuple[str, int]]:
    assert unheard_facts(at=SEEN_AT) == 1
    for _again in range(2):
        tasks.accrue_missed_facts()
    assert unheard_facts(at=SEEN_AT) == 0
    assert ledger.verify_books() == []
    return [(one.kind, one.amount_minor) for one in Earning.objects.across_brands()]


def cancelled(agent: Agent, program: Program, *, hours_before: int) -> Claim:
    shift = sched.make_shift(program, MONDAY_NOON + hours_before * HOUR, hours=4)
    claim = sched.make_claim(agent, shift, state=ClaimState.BRAND_CANCELLED)
    trail.record("scheduling.cancel_claim", claim, by=pay.SYSTEM, at=MONDAY_NOON)
    return claim


def test_a_late_cancellation_nobody_heard_of_is_paid(ada: Agent, program: Program) -> None:
    cancelled(ada, program, hours_before=2)
    assert swept() == [(EarningKind.CANCELLATION_FEE, 3200)]


def test_a_cancellation_in_good_time_or_heard_of_is_left_alone(ada: Agent, bo: Agent, program: Program) -> None:
    cancelled(ada, program, hours_before=25)
    heard = cancelled(bo, program, hours_before=2)
    actions.accrue_cancellation(
        claim_id=heard.pk, notice_seconds=7200, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON
    )
    assert unheard_facts(at=SEEN_AT) == 0


def test_an_excused_seat_nobody_heard_of_gets_its_floor(ada: Agent, program: Program) -> None:
    recruit.make_rate_card(program, {LineKind.FLOOR: (800, 1100)})
    shift = sched.make_shift(program, MONDAY_NOON - 6 * HOUR, hours=4)
    claim = sched.make_claim(ada, shift, state=ClaimState.EXCUSED)
    incident = Incident.objects.create(
        brand_id=shift.brand_id,
        cause_owner=CauseOwner.PLATFORM,
        title="Sign-in is down",
        state=IncidentState.SETTLED,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        created_at=shift.starts_at,
    )
    Excusal.objects.create(
        brand_id=shift.brand_id,
        incident=incident,
        claim=claim,
        agent_id=ada.pk,
        state=ExcusalState.GRANTED,
        floor_seconds=4 * 3600,
        payer=Payer.PLATFORM,
        created_at=shift.ends_at,
    )
    assert swept() == [(EarningKind.FLOOR, 3200)]


def test_a_bounty_nobody_heard_of_is_paid(ada: Agent, program: Program) -> None:
    vet.make_eligible(ada, program, MONDAY_NOON)
    assert swept() == [(EarningKind.CERTIFICATION_BOUNTY, 2500)]


def test_what_could_not_be_paid_is_tried_and_told_however_long_it_takes(
    ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = cancelled(ada, program, hours_before=2)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "accrue_cancellation", lambda **given: 1 / 0)
        tasks.accrue_missed_facts()
        long_after = SEEN_AT + 30 * timedelta(days=1)
        broken.setattr("payments.tasks.work.database_now", lambda: long_after)
        tasks.accrue_missed_facts()
    told = UnpricedWork.objects.get()
    assert (told.fact, told.subject_id, told.tries) == (WorkFact.CANCELLATION, claim.pk, 2)
    monkeypatch.setattr("payments.tasks.work.database_now", lambda: long_after + HOUR)
    tasks.accrue_missed_facts()
    assert [one.kind for one in Earning.objects.across_brands()] == [EarningKind.CANCELLATION_FEE]
    assert not UnpricedWork.objects.exists()
