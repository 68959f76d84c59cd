"""Whatever happens to a payout in whatever order: at most one payment, of the right amount, and books that balance."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigcx.kernel.errors import DomainError
from payments import actions, ledger
from payments.actions.outcomes import Outcome
from payments.gateways import execution, rail_of
from payments.models import (
    Earning,
    Journal,
    PayoutAccount,
    PayoutAllocation,
    PayoutItem,
    PayoutRun,
    RailSwitch,
    SandboxPayment,
)
from payments.states import OutcomeKind, PayoutAccountState, RailState
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit

pytestmark = pytest.mark.django_db
PAID = ("transferred", "arrived", "returned")
STEPS = st.lists(
    st.sampled_from(
        [
            "claim",
            "land",
            "answer",
            "lose",
            "in_flight",
            "throttled",
            "expire",
            "resolve",
            "half a minute",
            "six minutes",
            "a day",
            "restrict",
            "mend",
            "cancel",
            "free",
            "stop",
            "resume",
            "plan",
        ]
    ),
    min_size=4,
    max_size=25,
)


class Story:
    """One agent, one hour's work, and a worker that may die or stall anywhere."""

    def __init__(self) -> None:
        self.at = MONDAY_NOON + timedelta(minutes=1)
        program = recruit.make_program(cast.make_brand("Acme"))
        recruit.make_rate_card(program)
        agent = recruit.make_agent("Ada Obi")
        self.earning = pay.make_payable(agent, program)
        self.account = pay.make_account(agent)
        pay.fund_sandbox()
        self.run = pay.make_running_run()
        self.claimed: actions.Claimed | None = None
        self.answer: Outcome | None = None
        self.runs = 1

    def tell(self, step: str) -> None:
        with suppress(DomainError):  # a refusal changes nothing; that is what the end looks at
            getattr(self, f"do_{step.replace(' ', '_')}")()

    def item(self) -> PayoutItem:
        return PayoutItem.objects.across_brands().filter(run=self.run).get()

    def do_claim(self) -> None:
        RailSwitch.objects.filter(state=RailState.PAUSED).update(state=RailState.OPEN, reason="")
        found = actions.claim_item(rail="sandbox", run_id=self.run.pk, at=self.at)
        if found is not None:
            self.claimed, self.answer = found, None

    def do_land(self) -> None:
        if self.claimed is not None and self.item().state == "sending":
            self.answer = rail_of("sandbox").send(self.claimed.order, key=self.claimed.key)

    def do_answer(self) -> None:
        if self.claimed is not None and self.answer is not None:
            actions.record_outcome(attempt_id=self.claimed.attempt_id, outcome=self.answer, at=self.at)

    def _said(self, kind: OutcomeKind) -> None:
        if self.claimed is not None:
            actions.record_outcome(attempt_id=self.claimed.attempt_id, outcome=Outcome(kind=kind), at=self.at)

    def do_lose(self) -> None:
        self._said(OutcomeKind.UNKNOWN)

    def do_in_flight(self) -> None:
        self._said(OutcomeKind.IN_FLIGHT)

    def do_throttled(self) -> None:
        self._said(OutcomeKind.THROTTLED)

    def do_expire(self) -> None:
        actions.expire_lease(item_id=self.item().pk, at=self.at)

    def do_resolve(self) -> None:
        if self.item().state == "unknown" and self.item().next_try_at <= self.at:
            execution.resolve_unknown(self.item().pk, clock=lambda: self.at)

    def do_half_a_minute(self) -> None:
        self.at += timedelta(seconds=31)

    def do_six_minutes(self) -> None:
        self.at += timedelta(minutes=6)

    def do_a_day(self) -> None:
        self.at += timedelta(hours=25)

    def do_restrict(self) -> None:
        actions.restrict_account(account_id=self.account.pk, reason="disabled", by=pay.SYSTEM, at=self.at)

    def do_mend(self) -> None:
        PayoutAccount.objects.across_brands().update(state=PayoutAccountState.ACTIVE)

    def do_cancel(self) -> None:
        actions.cancel_item(item_id=self.item().pk, reason="asked for", by=pay.SYSTEM, at=self.at)

    def do_free(self) -> None:
        actions.free_held_items(at=self.at)

    def do_stop(self) -> None:
        actions.stop_run(run_id=self.run.pk, reason="a wrong list", by=pay.SYSTEM, at=self.at)

    def do_resume(self) -> None:
        actions.start_run(run_id=self.run.pk, by=pay.SYSTEM, at=self.at)

    def do_plan(self) -> None:
        fresh = pay.make_run(key=f"run {self.runs}", at=self.at)
        self.runs += 1
        self.run = actions.start_run(run_id=fresh.pk, by=pay.SYSTEM, at=self.at)
        self.claimed = self.answer = None

    def settle(self) -> None:
        """Time passes, sweeps run; nobody does anything new."""
        for _sweep in range(4):
            self.at += timedelta(hours=26)
            for item in PayoutItem.objects.across_brands().filter(state="sending"):
                actions.expire_lease(item_id=item.pk, at=self.at)
            for item in PayoutItem.objects.across_brands().filter(state="unknown"):
                execution.resolve_unknown(item.pk, clock=lambda: self.at)

    def must_hold(self) -> None:
        theirs = list(SandboxPayment.objects.exclude(ref="").values_list("group", "amount_minor"))
        ours = list(PayoutItem.objects.across_brands().filter(state__in=PAID).values_list("pk", "amount_minor"))
        assert len(theirs) <= 1
        assert theirs == ours
        live = PayoutAllocation.objects.across_brands().filter(released_at__isnull=True)
        assert live.count() <= 1
        assert Journal.objects.filter(posting_key__startswith="paid:").count() == len(ours)
        assert ledger.trial_balance().is_zero
        assert ledger.verify_books() == []
        state = Earning.objects.across_brands().get(pk=self.earning.pk).state
        assert (state == "paid") == bool(ours)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_at_most_one_payment_leaves_whatever_the_order_of_things(steps: list[str], db: Any) -> None:
    with transaction.atomic():
        _as_in_a_test()
        story = Story()
        for step in steps:
            story.tell(step)
        story.settle()
        story.must_hold()
        assert PayoutRun.objects.count() == story.runs
        transaction.set_rollback(True)


def _as_in_a_test() -> None:
    """This block is the example's own, like the one that every test is wrapped in: a rail may be asked inside it."""
    from django.db import connection

    setattr(connection.atomic_blocks[-1], "_from_testcase", True)  # noqa: B010  Django's own mark, which its types do not know
