"""The product in one story: Acme asks for people on Friday evening, Ada works, Ada is paid.

Follow the calls: scheduling's request and quote, vetting's eligibility, scheduling's claim and desk, the outbox, payments'
accrual, run and ledger. Time is a parameter everywhere, so a week passes in a second.
"""

from datetime import UTC, datetime, timedelta

import pytest

from gigcx.audit.dispatcher import dispatch_due
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from payments import ledger
from payments import queries as money
from payments.actions import approve_run, plan_run, release_earnings, start_run
from payments.gateways import execution
from payments.models import Charge, Earning, Statement
from payments.states import EarningState, RunKind
from recruiting.models import Agent, Program
from scheduling.actions.acceptances import accept_quote
from scheduling.actions.claims import claim_shift
from scheduling.actions.designs import design_request_shifts, make_designed_shifts
from scheduling.actions.intervals import TypedInterval, set_intervals
from scheduling.actions.requests import draft_request
from scheduling.actions.sessions import beat, check_in, check_out, record_state
from scheduling.actions.verification import verify_claim
from scheduling.models import Shift
from scheduling.queries import open_shifts
from scheduling.states import ClaimState, RequestState
from tests import cast
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import vetting as vet

pytestmark = pytest.mark.django_db(transaction=True)

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
FRIDAY_FIVE = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)  # 17:00 in New York
SWEEP = SystemActor("story")


@pytest.fixture
def program(acme: object) -> Program:
    found = recruit.make_program(acme, name="Holiday Chat")  # type: ignore[arg-type]  # the Acme of the cast
    recruit.make_rate_card(found)
    return found


@pytest.fixture
def ada(program: Program) -> Agent:
    agent = recruit.make_agent("Ada Obi")
    vet.make_eligible(agent, program, cast.MONDAY_NOON)
    pay.make_account(agent)
    return agent


def test_a_shift_goes_from_request_to_payout(
    program: Program, ada: Agent, acme_owner: BrandActor, olu: OpsActor
) -> None:
    # On Tuesday, Acme asks for two people on Friday from five to nine.
    request = draft_request(
        program_id=program.pk,
        channel=program.channels[0],
        week_starts_on=datetime(2026, 11, 23).date(),  # noqa: DTZ001  a date
        by=acme_owner,
        at=TUESDAY,
    )
    evening = [
        TypedInterval(FRIDAY_FIVE + step * timedelta(minutes=30), FRIDAY_FIVE + (step + 1) * timedelta(minutes=30), 2)
        for step in range(8)
    ]
    set_intervals(request_id=request.pk, intervals=evening, by=acme_owner, at=TUESDAY)

    # A worker draws shifts and prices them; Acme sees the price and accepts it. The money is held.
    design_request_shifts(request_id=request.pk, by=acme_owner, at=TUESDAY)
    make_designed_shifts(request_id=request.pk, by=SWEEP, at=TUESDAY)
    quote = request.quotes.get()
    published = accept_quote(quote_id=quote.pk, by=acme_owner, at=TUESDAY, is_draw_first=False)
    assert published.state == RequestState.PUBLISHED
    assert money.spendable(program.brand_id, "USD").held.amount_minor == quote.bill_minor
    shift = Shift.objects.for_actor(acme_owner).get()
    assert (shift.starts_at, shift.ends_at, shift.seats) == (FRIDAY_FIVE, FRIDAY_FIVE + timedelta(hours=4), 2)

    # Ada finds it, sees what it pays, and claims a seat. The seat is counted once.
    as_ada = AgentActor(ada.user, ada.pk)
    (found,) = open_shifts(ada, TUESDAY)
    hour = shift.rate_card.line("productive_hour")
    assert hour is not None
    assert found.pay_total.amount_minor == 4 * hour.pay_minor
    claim = claim_shift(shift_id=found.shift.pk, agent=ada, by=as_ada, at=TUESDAY)
    shift.refresh_from_db()
    assert (claim.state, shift.filled) == (ClaimState.CLAIMED, 1)

    # On Friday she checks in, works, and checks out.
    session = check_in(claim_id=claim.pk, device="phone", by=as_ada, at=FRIDAY_FIVE)
    record_state(
        session_id=session.pk, device="phone", state="on_contact", by=as_ada, at=FRIDAY_FIVE + timedelta(seconds=30)
    )
    at = FRIDAY_FIVE + timedelta(seconds=30)
    while at < shift.ends_at:
        at += timedelta(seconds=60)
        beat(session_id=session.pk, device="phone", by=as_ada, at=min(at, shift.ends_at))
    check_out(session_id=session.pk, device="phone", by=as_ada, at=shift.ends_at)

    # Acme confirms the minutes on Saturday. The fact travels by the outbox; payments prices what was worked.
    saturday = FRIDAY_FIVE + timedelta(hours=18)
    verify_claim(claim_id=claim.pk, by=acme_owner, at=saturday)
    dispatch_due(at=saturday)
    dispatch_due(at=saturday)
    earning = Earning.objects.for_actor(as_ada).get()
    charge = Charge.objects.for_actor(acme_owner).get()
    assert earning.amount_minor == hour.pay_minor * 4
    assert charge.net_minor == hour.bill_minor * 4

    # The review is over, ops plan a run, another person approves it, a worker pays it: once, however often it is told to.
    release_earnings(by=SWEEP, at=saturday + timedelta(days=3))
    pay.fund_sandbox(1_000_000)
    payday = saturday + timedelta(days=3, hours=1)
    run = plan_run(rail="sandbox", currency="USD", kind=RunKind.WEEKLY, period_key="2026-W49", by=olu, at=payday)
    if run.state == "planned":
        approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=cast.ops("Ines Ops"), at=payday)
    start_run(run_id=run.pk, by=olu, at=payday)
    execution.execute_run(run.pk, clock=lambda: payday)
    execution.execute_run(run.pk, clock=lambda: payday)
    earning.refresh_from_db()
    assert earning.state == EarningState.PAID
    statement = Statement.objects.for_actor(as_ada).get()
    assert statement.item.amount_minor == earning.amount_minor

    # And the books are zero.
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []
