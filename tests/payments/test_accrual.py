"""From verified work to earnings and charges, once."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gigcx.audit import dispatcher
from gigcx.audit.outbox import Delivered, publish
from gigcx.tenancy.actors import BrandActor
from payments import actions, handlers, ledger
from payments.actions import shifts
from payments.errors import FxRateMissing, NegativeMargin
from payments.models import Charge, Earning, Journal, UnpricedWork
from payments.pricing import recompute, sentence
from payments.queries import agent_balance
from payments.queries.books import claims_without_earning
from payments.queries.unheard import unpriced_work
from payments.states import ChargeState, EarningKind, EarningState
from payments.tasks import work
from recruiting.models import Agent, Program, RateCard
from scheduling.events import ShiftVerified
from scheduling.models import Claim, MinuteAdjustment
from scheduling.states import ClaimState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db
STARTS = MONDAY_NOON - timedelta(days=2)


def verified(agent: Agent, program: Program, *, minutes: int = 240, **fields: Any) -> Claim:
    shift = sched.make_shift(program, STARTS, hours=4)
    return sched.make_worked_claim(agent, shift, state=ClaimState.VERIFIED, minutes=minutes, **fields)


def hear(claim: Claim) -> None:
    event = ShiftVerified(claim_id=claim.pk, version=claim.version, agent_id=claim.agent_id, shift_id=claim.shift_id)
    publish(event, at=MONDAY_NOON, brand_id=claim.brand_id, agent_id=claim.agent_id)
    dispatcher.dispatch_due(at=MONDAY_NOON)


def earnings() -> list[Earning]:
    return list(Earning.objects.across_brands().order_by("pk"))


def test_a_verified_shift_becomes_an_earning_a_charge_and_a_journal(ada: Agent, program: Program) -> None:
    hear(verified(ada, program))
    earning = Earning.objects.across_brands().get()
    assert (earning.kind, earning.amount_minor, earning.state) == (EarningKind.TIME, 6400, EarningState.ACCRUED)
    assert earning.review_ends_at == max(MONDAY_NOON, STARTS + timedelta(hours=28))
    charge = Charge.objects.across_brands().get()
    assert (charge.net_minor, charge.state) == (8800, ChargeState.ACCRUED)
    assert charge.billing_week.isoformat() == "2026-11-09"
    assert Journal.objects.get().posting_key == f"earn:claim:{earning.source_id}:time.all:1"
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []


def test_a_shift_that_ends_as_monday_begins_in_the_brands_zone_is_billed_with_the_week_it_was_worked_in(
    ada: Agent, program: Program
) -> None:
    midnight = datetime.combine(date(2026, 11, 9), time(), tzinfo=ZoneInfo(program.brand.timezone))
    for starts_at in (midnight - timedelta(hours=4), midnight):
        shift = sched.make_shift(program, starts_at, hours=4)
        hear(sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=240))
    weeks = Charge.objects.across_brands().order_by("earning__worked_to").values_list("billing_week", flat=True)
    assert list(weeks) == [date(2026, 11, 2), date(2026, 11, 9)]


def test_shift_verified_heard_twice_accrues_once(ada: Agent, program: Program) -> None:
    claim = verified(ada, program)
    hear(claim)
    hear(claim)
    delivered = Delivered(uuid4(), MONDAY_NOON, claim.brand_id, claim.agent_id, MONDAY_NOON)
    handlers.accrue_shift(
        ShiftVerified(claim_id=claim.pk, version=1, agent_id=claim.agent_id, shift_id=claim.shift_id), delivered
    )
    assert len(earnings()) == 1
    assert Journal.objects.count() == 1


def test_the_explanation_recomputes_the_stored_amount_and_reads_as_a_sentence(ada: Agent, program: Program) -> None:
    recruit.make_rate_card(program, tier_multipliers={"new": 10_000, "trusted": 11_500})
    hear(verified(ada, program, minutes=184, tier="trusted"))
    earning, charge = Earning.objects.across_brands().get(), Charge.objects.across_brands().get()
    assert earning.amount_minor == 5643  # 184 min x 16.00 x 1.15 = 56.426...
    assert recompute(earning.explanation) == earning.amount_minor
    assert recompute(charge.explanation) == charge.net_minor
    assert sentence(earning.explanation) == "184 min × 16.00 an hour × 1.15 for Trusted = 56.43 USD"


def test_a_correction_before_payment_replaces_the_lines_with_the_next_version(ada: Agent, program: Program) -> None:
    claim = verified(ada, program, minutes=60)
    hear(claim)
    MinuteAdjustment.objects.create(
        brand_id=claim.brand_id, claim=claim, agent_id=ada.pk, seconds=600, reason="late beat", created_at=MONDAY_NOON
    )
    claim.version = 2
    claim.save(update_fields=["version"])
    hear(claim)
    old, new = earnings()
    assert (old.state, new.state) == (EarningState.REVERSED, EarningState.ACCRUED)
    assert (new.amount_minor, new.version, new.supersedes_id) == (1867, 2, old.pk)
    assert [charge.state for charge in Charge.objects.across_brands().order_by("pk")] == ["reversed", "accrued"]
    assert agent_balance(ada.pk, at=MONDAY_NOON)[0].in_review.amount_minor == 1867
    assert ledger.verify_books() == []


@pytest.mark.parametrize(("seconds", "expected"), [(600, [1600, 267]), (-600, [1600])])
def test_a_correction_after_payment_adds_what_was_missing_and_never_takes(
    ada: Agent, program: Program, seconds: int, expected: list[int]
) -> None:
    claim = verified(ada, program, minutes=60)
    hear(claim)
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    pay.make_account(ada)
    pay.make_run()
    MinuteAdjustment.objects.create(
        brand_id=claim.brand_id, claim=claim, agent_id=ada.pk, seconds=seconds, reason="seen", created_at=MONDAY_NOON
    )
    claim.version = 2
    claim.save(update_fields=["version"])
    hear(claim)
    assert [one.amount_minor for one in earnings()] == expected
    assert all(recompute(one.explanation) == one.amount_minor for one in earnings())
    assert ledger.verify_books() == []


def test_a_bill_below_the_pay_is_refused_and_nothing_is_written(ada: Agent, program: Program) -> None:
    pay.engaged(ada, program)
    with pytest.raises(NegativeMargin):
        pay.make_earning(ada, program, bill_minor=1500)
    assert earnings() == []
    assert Journal.objects.count() == 0


def test_pay_and_bill_in_two_currencies_are_refused_while_no_rate_is_kept(ada: Agent, program: Program) -> None:
    draft = recruit.make_rate_card(program, state="draft")
    RateCard.objects.across_brands().filter(program=program, state="active").update(
        state="superseded", valid_until=MONDAY_NOON
    )
    draft.bill_currency, draft.state, draft.valid_from = "EUR", "active", recruit.LONG_AGO
    draft.save()
    with pytest.raises(FxRateMissing):
        actions.accrue_claim(claim_id=verified(ada, program).pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)


def test_verified_work_that_nobody_heard_is_found_and_paid_by_the_sweep(ada: Agent, program: Program) -> None:
    claim = verified(ada, program)
    assert list(claims_without_earning(at=MONDAY_NOON)) == [claim]
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)
    assert list(claims_without_earning(at=MONDAY_NOON)) == []
    hear(claim)
    assert len(earnings()) == 1


def test_work_that_cannot_be_priced_keeps_no_other_missed_work_waiting(
    ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_AT_ONCE", 1)
    monkeypatch.setattr(work, "database_now", lambda: MONDAY_NOON)
    abroad = recruit.make_program(program.brand, name="Billed in another currency")
    card = recruit.make_rate_card(abroad, state="draft")
    card.bill_currency, card.state, card.valid_from = "EUR", "active", recruit.LONG_AGO
    card.save()
    first = sched.make_worked_claim(
        ada, sched.make_shift(abroad, STARTS - timedelta(days=1), hours=4), state=ClaimState.VERIFIED, minutes=240
    )
    second = verified(ada, program)
    work.accrue_missed_work()
    assert [one.source_id for one in earnings()] == [second.pk]
    assert list(claims_without_earning(at=MONDAY_NOON)) == [first]


def test_a_fault_in_one_claim_stops_no_other_and_ops_see_it_until_it_is_paid(
    ada: Agent, bo: Agent, program: Program, monkeypatch: pytest.MonkeyPatch, ops_desk: Client
) -> None:
    broken, whole = verified(ada, program), verified(bo, program)
    assert set(claims_without_earning(at=MONDAY_NOON)) == {broken, whole}
    locked = shifts._locked_claims
    monkeypatch.setattr(work, "database_now", lambda: MONDAY_NOON)
    with monkeypatch.context() as faulty:
        faulty.setattr(shifts, "_locked_claims", lambda ids: 1 / 0 if broken.pk in ids else locked(ids))
        for _again in range(2):
            work.accrue_missed_work()
    assert [one.source_id for one in earnings()] == [whole.pk]
    told = UnpricedWork.objects.get()
    assert (told.subject_id, told.tries, told.error) == (broken.pk, 2, "ZeroDivisionError: division by zero")
    assert unpriced_work(MONDAY_NOON) == (1, MONDAY_NOON)
    page = ops_desk.get(reverse("admin:payments_unpricedwork_changelist")).content.decode()
    assert "ZeroDivisionError" in page
    assert "verified minutes" in page
    monkeypatch.setattr(work, "database_now", lambda: MONDAY_NOON + timedelta(minutes=5))
    work.accrue_missed_work()
    assert {one.source_id for one in earnings()} == {whole.pk, broken.pk}
    assert unpriced_work(MONDAY_NOON) == (0, None)


def test_a_shift_nobody_worked_is_looked_at_once_and_pays_nothing(ada: Agent, program: Program) -> None:
    shift = sched.make_shift(program, STARTS)
    claim = sched.make_claim(ada, shift, state=ClaimState.VERIFIED)
    hear(claim)
    assert earnings() == []
    assert list(claims_without_earning(at=MONDAY_NOON)) == []


def test_a_quiet_shift_is_topped_up_to_the_floor_and_the_payer_follows_the_cause(ada: Agent, program: Program) -> None:
    recruit.make_rate_card(program, {"available_hour": (400, 600), "floor": (1000, 1400)})
    claim = verified(ada, program, minutes=60)
    hear(claim)
    time, floor = earnings()
    assert (time.amount_minor, floor.kind, floor.amount_minor) == (400, EarningKind.FLOOR, 600)
    assert floor.platform_share_minor == 0
    assert ledger.verify_books() == []


def test_only_state_and_stamps_of_an_earning_ever_change(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program)
    changes: list[dict[str, Any]] = [{"amount_minor": 1}, {"explanation": {}}, {"agent_id": uuid4()}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Earning.objects.across_brands().filter(pk=earning.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Earning.objects.across_brands().filter(pk=earning.pk)._raw_delete("default")
    assert pay.fresh(earning.pk).amount_minor == 1600


def test_no_debit_of_an_agent_but_clawback_and_fee_can_be_written(ada: Agent, program: Program) -> None:
    for amount in (0, -100):
        with pytest.raises(IntegrityError), transaction.atomic():
            pay.make_earning(ada, program, pay_minor=amount, bill_minor=0)


def test_a_failing_audit_write_leaves_no_trace_of_the_accrual(
    ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no audit")

    pay.engaged(ada, program)
    monkeypatch.setattr("gigcx.audit.trail.insert_columns", broken)
    with pytest.raises(RuntimeError):
        pay.make_earning(ada, program)
    assert earnings() == []
    assert Journal.objects.count() == 0


def test_a_line_cannot_accrue_with_shares_that_do_not_sum_to_it(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program)
    assert earning.amount_minor == earning.brand_share_minor + earning.platform_share_minor
    with pytest.raises(IntegrityError), transaction.atomic():
        Earning.objects.create(
            brand=program.brand,
            agent=ada,
            engagement=earning.engagement,
            program=program,
            kind="time",
            source_kind="claim",
            source_id=uuid4(),
            currency="USD",
            amount_minor=100,
            brand_share_minor=90,
            cause="work",
            worked_from=STARTS,
            worked_to=STARTS,
            rate_card=earning.rate_card,
            explanation={},
            review_ends_at=STARTS,
            accrued_at=STARTS,
        )


def test_a_brand_that_confirms_ends_the_review_of_its_own_lines_only(
    ada: Agent, program: Program, their_program: Program, acme_owner: BrandActor
) -> None:
    ours = pay.make_earning(ada, program, worked_to=MONDAY_NOON - timedelta(hours=2))
    theirs = pay.make_earning(ada, their_program, worked_to=MONDAY_NOON - timedelta(hours=2))
    ids = list(Charge.objects.across_brands().values_list("pk", flat=True))
    assert actions.confirm_lines(charge_ids=ids, by=acme_owner, at=MONDAY_NOON) == 1
    assert pay.fresh(ours.pk).state == EarningState.PAYABLE
    assert pay.fresh(theirs.pk).state == EarningState.ACCRUED
