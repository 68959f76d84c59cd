"""Kill switches, restored databases, and what an account's rail says of it."""

from datetime import timedelta

import pytest
from django.db import connection

from gigcx.audit.models import AuditEntry
from gigcx.kernel.states import may_move
from gigcx.tenancy.actors import OpsActor
from payments import actions, tasks
from payments.actions import AccountFacts
from payments.errors import DifferencesOpen, RailUnavailable
from payments.gateways import execution
from payments.models import Difference, PayoutAccount, PayoutItem, RailSwitch, Reconciliation
from payments.states import (
    ACCOUNT_MOVES,
    DifferenceKind,
    ItemState,
    PayoutAccountState,
    RailState,
    ReconciliationScope,
)
from recruiting.models import Agent, Program
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.payments.conftest import Clock

pytestmark = pytest.mark.django_db
S = PayoutAccountState
STRIPE = "stripe_connect"


def reconciled(clock: Clock, *, differences: int = 0) -> Reconciliation:
    """A full comparison that came to its end."""
    return Reconciliation.objects.create(
        rail=STRIPE,
        scope=ReconciliationScope.FULL,
        started_at=clock(),
        finished_at=clock(),
        difference_count=differences,
    )


def restored() -> None:
    """As if this were a copy: the switch remembers another database."""
    RailSwitch.objects.filter(rail__in=[STRIPE, "manual_bank_file"]).update(system_identifier=1)


def test_a_restored_database_starts_frozen_before_anything_is_sent(clock: Clock) -> None:
    assert actions.check_database_identity(at=clock()) == []
    assert actions.check_database_identity(at=clock()) == []
    restored()
    execution.guard_identity(STRIPE, at=clock())
    frozen = RailSwitch.objects.filter(state=RailState.FROZEN).values_list("rail", flat=True)
    assert set(frozen) == {STRIPE, "manual_bank_file"}
    assert actions.claim_item(rail=STRIPE, at=clock()) is None


def test_the_sweep_sees_a_restore_too(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.check_database_identity(at=clock())
    restored()
    tasks.sweep_payouts()
    assert RailSwitch.objects.get(rail=STRIPE).state == RailState.FROZEN


def test_a_frozen_rail_opens_for_two_people_after_a_clean_comparison_only(clock: Clock, olu: OpsActor) -> None:
    second = cast.ops("Noor Haddad")
    actions.switch_rail(rail=STRIPE, target="frozen", reason="a restore was seen", by=olu, at=clock())
    clock.wait(minutes=1)
    assert actions.switch_rail(rail=STRIPE, target="open", reason="", by=olu, at=clock()).state == RailState.FROZEN
    with pytest.raises(DifferencesOpen):
        actions.switch_rail(rail=STRIPE, target="open", reason="", by=second, at=clock())
    run = reconciled(clock, differences=1)
    difference = Difference.objects.create(
        rail=STRIPE,
        kind=DifferenceKind.MISSING_HERE,
        fingerprint="f",
        currency="USD",
        theirs_minor=1600,
        first_seen=run,
        last_seen=run,
        found_at=clock(),
    )
    with pytest.raises(DifferencesOpen):
        actions.switch_rail(rail=STRIPE, target="open", reason="", by=second, at=clock())
    Difference.objects.filter(pk=difference.pk).update(state="accepted", resolution="paid by hand")
    clock.wait(minutes=1)
    reconciled(clock)
    assert actions.switch_rail(rail=STRIPE, target="open", reason="", by=second, at=clock()).state == RailState.OPEN
    assert AuditEntry.objects.filter(action="payments.ask_thaw").count() == 1


def test_a_comparison_from_before_the_freeze_does_not_count(clock: Clock, olu: OpsActor) -> None:
    reconciled(clock)
    clock.wait(minutes=1)
    actions.switch_rail(rail=STRIPE, target="frozen", reason="key misuse", by=olu, at=clock())
    actions.switch_rail(rail=STRIPE, target="open", reason="", by=olu, at=clock())
    with pytest.raises(DifferencesOpen):
        actions.switch_rail(rail=STRIPE, target="open", reason="", by=cast.ops("Noor Haddad"), at=clock())


def test_a_rail_that_does_not_answer_leaves_everything_as_it_is(
    ada: Agent, program: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = pay.run_of(ada, program)

    def silent(*_args: object) -> None:
        raise RailUnavailable

    monkeypatch.setattr("payments.gateways.sandbox.SandboxRail.balance", silent)
    tasks.execute_run(run_id=str(run.pk))
    assert pay.item_of(run).state == ItemState.PLANNED


@pytest.mark.parametrize("source", S.values)
def test_an_accounts_table(source: str) -> None:
    goes_on = {S.STARTED: {S.ONBOARDING}, S.ONBOARDING: {S.ACTIVE}, S.ACTIVE: {S.RESTRICTED}, S.RESTRICTED: {S.ACTIVE}}
    ends = set() if source in (S.REJECTED, S.REPLACED) else {S.REJECTED, S.REPLACED}
    allowed = {target for target in S.values if target != source and may_move(ACCOUNT_MOVES, source, target)}
    assert allowed == goes_on.get(S(source), set()) | ends


def opened(agent: Agent, clock: Clock) -> PayoutAccount:
    account = actions.open_payout_account(agent_id=agent.pk, rail="sandbox", country="US", by=pay.SYSTEM, at=clock())
    actions.record_account_opened(account_id=account.pk, remote_ref=f"acct_{agent.pk.hex}", by=pay.SYSTEM, at=clock())
    return account


def told(account: PayoutAccount, clock: Clock, state: str, **facts: object) -> PayoutAccount:
    said = AccountFacts(remote_ref="acct", state=state, **facts)  # type: ignore[arg-type]  # the fields of the facts
    return actions.record_account_facts(account_id=account.pk, facts=said, by=pay.SYSTEM, at=clock())


def test_a_rail_that_calls_a_new_account_restricted_means_that_details_are_missing(ada: Agent, clock: Clock) -> None:
    account = told(opened(ada, clock), clock, S.RESTRICTED, requirement_codes=("external_account",))
    assert (account.state, account.requirement_codes) == (S.ONBOARDING, ["external_account"])


def test_an_account_asked_for_more_is_restricted_and_active_again_when_it_was_given(ada: Agent, clock: Clock) -> None:
    account = opened(ada, clock)
    assert told(account, clock, S.ACTIVE).usable_from == clock()
    assert told(account, clock, S.ONBOARDING, requirement_codes=("individual.id",)).state == S.RESTRICTED
    again = told(account, clock, S.ACTIVE)
    assert (again.state, again.usable_from) == (S.ACTIVE, clock())


def test_a_border_rests_a_day_and_a_replacement_two(ada: Agent, bo: Agent, clock: Clock) -> None:
    across = told(opened(ada, clock), clock, S.ACTIVE, agreement="recipient")
    assert across.usable_from == clock() + timedelta(hours=24)
    told(opened(bo, clock), clock, S.ACTIVE)
    fresh = actions.replace_payout_account(
        agent_id=bo.pk, rail="sandbox", country="DE", has_stepped_up=True, by=pay.SYSTEM, at=clock()
    )
    actions.record_account_opened(account_id=fresh.pk, remote_ref="acct_new", by=pay.SYSTEM, at=clock())
    assert told(fresh, clock, S.ACTIVE, agreement="recipient").usable_from == clock() + timedelta(hours=48)


def test_a_replacement_on_another_rail_replaces_the_old_one_too(ada: Agent, clock: Clock) -> None:
    old = told(opened(ada, clock), clock, S.ACTIVE)
    actions.replace_payout_account(
        agent_id=ada.pk, rail="manual_bank_file", country="NG", has_stepped_up=True, by=pay.SYSTEM, at=clock()
    )
    states = PayoutAccount.objects.across_brands().order_by("created_at", "pk").values_list("rail", "state")
    assert list(states) == [("sandbox", "replaced"), ("manual_bank_file", "started")]
    assert told(old, clock, S.ACTIVE).state == S.REPLACED  # a late word about it changes nothing


def test_what_a_rail_says_of_instant_payouts_is_kept(ada: Agent, clock: Clock) -> None:
    account = told(opened(ada, clock), clock, S.ACTIVE, can_receive_instantly=True)
    assert account.can_receive_instantly
    assert not told(account, clock, S.ACTIVE).can_receive_instantly


def test_a_disabled_account_holds_its_item_alone_and_money_is_payable_after_the_end(
    ada: Agent, bo: Agent, program: Program, clock: Clock
) -> None:
    pay.make_payable(bo, program)
    pay.make_account(bo)
    run = pay.run_of(ada, program)
    account = PayoutAccount.objects.across_brands().get(agent=ada)
    actions.restrict_account(account_id=account.pk, reason="disabled", by=pay.SYSTEM, at=clock())
    execution.execute_run(run.pk, clock=clock)
    states = PayoutItem.objects.across_brands().order_by("state").values_list("agent_id", "state")
    assert list(states) == [(ada.pk, "held"), (bo.pk, "transferred")]
    assert actions.free_held_items(at=clock() + timedelta(days=29)) == 0
    assert actions.free_held_items(at=MONDAY_NOON + timedelta(days=31)) == 1


def test_many_payouts_that_still_wait_keep_no_other_waiting(
    ada: Agent, bo: Agent, program: Program, clock: Clock
) -> None:
    for agent in (ada, bo):
        pay.make_payable(agent, program)
        pay.make_account(agent)
    pay.make_running_run()
    for account in PayoutAccount.objects.across_brands():
        actions.restrict_account(account_id=account.pk, reason="disabled", by=pay.SYSTEM, at=clock())
    assert actions.claim_item(rail="sandbox", at=clock()) is None
    first, second = PayoutItem.objects.across_brands().filter(state="held").order_by("pk")
    PayoutAccount.objects.across_brands().filter(pk=second.account_id).update(state="active")
    assert actions.free_held_items(at=clock(), batch=1) == 1
    states = PayoutItem.objects.across_brands().order_by("pk").values_list("pk", "state")
    assert list(states) == [(first.pk, "held"), (second.pk, "planned")]


def test_this_database_has_an_identity_that_an_ordinary_role_may_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        assert cursor.fetchone()[0] > 0
