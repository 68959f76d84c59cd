"""The manual rail: hashed files, a second person, nothing exported twice."""

import csv
import hashlib
from io import StringIO

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed
from gigcx.tenancy.actors import OpsActor
from payments import actions, ledger
from payments.actions import BankDetails
from payments.actions.accounts import bank_details_of
from payments.errors import NothingToExport, RailFrozen, SamePerson
from payments.gateways import execution, rail_for, rail_of
from payments.ledger import balance_of, platform_account
from payments.models import (
    BankFile,
    BankFileLine,
    Earning,
    PayoutAccount,
    PayoutAttempt,
    PayoutItem,
    PayoutRun,
    Statement,
)
from payments.queries.payouts import due_unknown_items, expired_leases, running_runs
from payments.states import BankFileState, BankLineState, EarningState, ItemState, PayoutAccountState, RunState
from recruiting.models import Agent, Program
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.payments.conftest import Clock

pytestmark = pytest.mark.django_db
RAIL = "manual_bank_file"
DETAILS = BankDetails(holder="=Ada Obi", number="12345678", bank_code="ABNGNGLA")


@pytest.fixture(autouse=True)
def _books_balance_after_everything() -> object:
    yield
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []


@pytest.fixture
def second(db: None) -> OpsActor:
    return cast.ops("Noor Haddad")


def bank_account(agent: Agent, *, details: BankDetails = DETAILS, country: str = "NG") -> PayoutAccount:
    at = MONDAY_NOON
    account = actions.open_payout_account(agent_id=agent.pk, rail=RAIL, country=country, by=pay.SYSTEM, at=at)
    ref = rail_of(RAIL).open_account(account_id=account.pk, country=country, email="", key="k")
    actions.record_account_opened(account_id=account.pk, remote_ref=ref, by=pay.SYSTEM, at=at)
    actions.record_bank_details(account_id=account.pk, details=details, by=pay.SYSTEM, at=at)
    return execution.refresh_account(PayoutAccount.objects.across_brands().get(pk=account.pk), by=pay.SYSTEM, at=at)


def run_of(agent: Agent, program: Program, **fields: object) -> PayoutRun:
    pay.make_payable(agent, program)
    bank_account(agent)
    return pay.make_running_run(rail=RAIL, **fields)


def made(run: PayoutRun, by: OpsActor, clock: Clock) -> BankFileLine:
    return actions.make_bank_file(run_id=run.pk, by=by, at=clock()).lines.get()


def test_the_country_decides_the_rail() -> None:
    assert [rail_for(country) for country in ("US", "DE", "NG", "PH")] == ["sandbox", "sandbox", RAIL, RAIL]


def test_bank_details_are_kept_encrypted_and_shown_by_their_last_four(ada: Agent) -> None:
    account = bank_account(ada)
    assert (account.state, account.last4) == (PayoutAccountState.ACTIVE, "5678")
    kept = bytes(account.details_ciphertext or b"")
    assert b"12345678" not in kept
    assert b"Ada" not in kept
    assert bank_details_of(account) == DETAILS


def test_details_of_a_complete_account_change_by_replacement_only(ada: Agent) -> None:
    account = bank_account(ada)
    with pytest.raises(MoveRefused):
        actions.record_bank_details(account_id=account.pk, details=DETAILS, by=pay.SYSTEM, at=MONDAY_NOON)


def test_a_file_is_hashed_and_says_what_the_bank_needs(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor
) -> None:
    line = made(run_of(ada, program), olu, clock)
    number, content = actions.open_bank_file(file_id=line.file_id, by=olu, at=clock())
    bank_file = BankFile.objects.get()
    assert bank_file.sha256 == hashlib.sha256(content).hexdigest()
    assert b"12345678" not in bytes(bank_file.content)
    assert (number, bank_file.state) == (bank_file.number, BankFileState.SENT)
    stamp, _headings, row = csv.reader(StringIO(content.decode()))
    assert stamp == ["SANDBOX, no money moves"]
    assert row == [line.reference, "'=Ada Obi", "12345678", "ABNGNGLA", "NG", "16.00", "USD"]


def test_a_file_whose_bytes_changed_is_not_handed_out(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor, second: OpsActor
) -> None:
    line = made(run_of(ada, program), olu, clock)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankFile.objects.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankFile.objects.update(content=b"other")
    assert actions.open_bank_file(file_id=line.file_id, by=second, at=clock())[1]


def test_nothing_unconfirmed_is_exported_twice(ada: Agent, program: Program, clock: Clock, olu: OpsActor) -> None:
    run = run_of(ada, program)
    line = made(run, olu, clock)
    with pytest.raises(NothingToExport):
        actions.make_bank_file(run_id=run.pk, by=olu, at=clock())
    with pytest.raises(IntegrityError), transaction.atomic():
        BankFileLine.objects.create(file=line.file, item=line.item, amount_minor=1600, reference="again")
    clock.wait(days=40)  # no lease, look-up or sweep ever takes it up again
    assert expired_leases(clock()) == due_unknown_items(clock()) == running_runs() == []
    assert pay.item_of(run).state == ItemState.SENDING


def test_workers_send_nothing_on_this_rail(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    assert execution.execute_run(run.pk, clock=clock) == 0
    assert not PayoutAttempt.objects.across_brands().exists()


def test_who_made_a_file_does_not_say_what_the_bank_did(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor
) -> None:
    line = made(run_of(ada, program), olu, clock)
    with pytest.raises(SamePerson):
        actions.confirm_bank_line(line_id=line.pk, bank_reference="B1", by=olu, at=clock())
    with pytest.raises(SamePerson):
        actions.return_bank_line(line_id=line.pk, reason="closed", by=olu, at=clock())
    with pytest.raises(DatabaseError), transaction.atomic():
        BankFileLine.objects.update(state="confirmed", bank_reference="x", answered_by=olu.user, answered_at=clock())


def test_a_confirmed_line_settles_the_payout_once_and_closes_the_file(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor, second: OpsActor
) -> None:
    run = run_of(ada, program)
    line = made(run, olu, clock)
    with pytest.raises(Invalid):
        actions.confirm_bank_line(line_id=line.pk, bank_reference=" ", by=second, at=clock())
    actions.confirm_bank_line(line_id=line.pk, bank_reference="FT-991", by=second, at=clock())
    item = pay.item_of(run)
    assert (item.state, item.transfer_ref) == (ItemState.TRANSFERRED, f"{line.reference}/FT-991")
    assert Earning.objects.across_brands().get().state == EarningState.PAID
    assert Statement.objects.across_brands().get().item_id == item.pk
    assert balance_of(platform_account("bank", "USD")) == -1600
    assert BankFile.objects.get().state == BankFileState.CLOSED
    with pytest.raises(MoveRefused):
        actions.confirm_bank_line(line_id=line.pk, bank_reference="FT-992", by=second, at=clock())
    actions.close_finished_runs(by=pay.SYSTEM, at=clock())
    run.refresh_from_db()
    assert run.state == RunState.CLOSED
    assert rail_of(RAIL).find(item.pk)[0].amount_minor == 1600


def test_a_returned_line_holds_the_payout_until_the_details_are_mended(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor, second: OpsActor
) -> None:
    run = run_of(ada, program)
    line = made(run, olu, clock)
    actions.return_bank_line(line_id=line.pk, reason="no such account", by=second, at=clock())
    assert (pay.item_of(run).state, pay.item_of(run).hold_reason) == (ItemState.HELD, "account_refused")
    account = PayoutAccount.objects.across_brands().get()
    assert account.state == PayoutAccountState.RESTRICTED
    mended = BankDetails(holder="Ada Obi", number="87654321", bank_code="ABNGNGLA")
    actions.record_bank_details(account_id=account.pk, details=mended, by=pay.SYSTEM, at=clock())
    execution.refresh_account(account, by=pay.SYSTEM, at=clock())
    actions.free_held_items(at=clock())
    assert pay.item_of(run).state == ItemState.HELD  # new details rest for two days
    clock.wait(hours=49)
    actions.free_held_items(at=clock())
    again = made_again(run, olu, clock)
    assert again.reference.endswith("-2")
    actions.confirm_bank_line(line_id=again.pk, bank_reference="FT-1", by=second, at=clock())
    assert pay.item_of(run).state == ItemState.TRANSFERRED


def made_again(run: PayoutRun, by: OpsActor, clock: Clock) -> BankFileLine:
    return actions.make_bank_file(run_id=run.pk, by=by, at=clock()).lines.get()


def test_a_confirmed_line_that_the_bank_sends_back_is_payable_again(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor, second: OpsActor
) -> None:
    run = run_of(ada, program)
    line = made(run, olu, clock)
    actions.confirm_bank_line(line_id=line.pk, bank_reference="FT-1", by=second, at=clock())
    actions.return_bank_line(line_id=line.pk, reason="account closed", by=second, at=clock())
    assert BankFileLine.objects.get().state == BankLineState.RETURNED
    assert pay.item_of(run).state == ItemState.CAME_BACK
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    assert balance_of(platform_account("bank", "USD")) == 0


def test_a_stopped_rail_makes_no_file_and_only_ops_do(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor
) -> None:
    run = run_of(ada, program)
    with pytest.raises(NotAllowed):
        actions.make_bank_file(run_id=run.pk, by=pay.SYSTEM, at=clock())  # type: ignore[arg-type]  # that is the point
    actions.switch_rail(rail=RAIL, target="paused", reason="a look", by=olu, at=clock())
    with pytest.raises(RailFrozen):
        actions.make_bank_file(run_id=run.pk, by=olu, at=clock())


def test_a_stopped_run_leaves_what_is_with_the_bank_to_the_bank(
    ada: Agent, bo: Agent, program: Program, clock: Clock, olu: OpsActor, second: OpsActor
) -> None:
    run = run_of(ada, program)
    line = made(run, olu, clock)
    actions.stop_run(run_id=run.pk, reason="a wrong list", by=olu, at=clock())
    assert pay.item_of(run).state == ItemState.SENDING
    actions.confirm_bank_line(line_id=line.pk, bank_reference="FT-1", by=second, at=clock())
    actions.close_finished_runs(by=pay.SYSTEM, at=clock())
    run.refresh_from_db()
    assert (run.state, PayoutItem.objects.across_brands().get().state) == (RunState.CLOSED, ItemState.TRANSFERRED)
