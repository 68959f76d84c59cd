"""What a brand's state means for its work: past due it runs and cannot post, suspended it keeps the near seats."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.tenancy.actions import mark_past_due
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.errors import BrandNotActive
from gigcx.tenancy.models import Brand
from gigcx.tenancy.states import BrandState
from payments import actions, tasks
from payments.models import Earning, Invoice
from payments.queries.invoices import brands_suspended_for_debt
from recruiting.models import Agent, Program
from scheduling import actions as planning
from scheduling.states import ClaimState, ShiftState
from tests.cast import MONDAY_NOON
from tests.factories import invoices as bill
from tests.factories import payments as pay
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
LATE = bill.TUESDAY + timedelta(days=14 + 35)


def test_seats_over_72_hours_ahead_are_called_off_and_nearer_ones_run(
    ada: Agent, bo: Agent, acme: Brand, program: Program, their_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = bill.make_invoice(ada, program)
    assert invoice.due_on is not None
    for late in (0, 3, 7, 14):
        at = bill.TUESDAY + timedelta(days=14 + late)
        actions.take_dunning_step(invoice_id=invoice.pk, by=pay.SYSTEM, at=at)
    now = bill.TUESDAY + timedelta(days=14 + 21)
    near = plan.make_claim(ada, plan.make_shift(program, now + timedelta(hours=71)))
    far = plan.make_claim(bo, plan.make_shift(program, now + timedelta(hours=73)))
    theirs = plan.make_shift(their_program, now + timedelta(hours=90))
    monkeypatch.setattr("payments.tasks.invoices.database_now", lambda: now)
    for _again in range(2):
        tasks.remind_brands()
    for row in (near, far, theirs):
        row.refresh_from_db()
    assert Brand.objects.get(pk=acme.pk).state == BrandState.SUSPENDED
    assert (near.state, far.state) == (ClaimState.CLAIMED, ClaimState.BRAND_CANCELLED)
    assert theirs.state != ShiftState.CANCELLED
    assert OutboxEvent.objects.filter(type="scheduling.claim_cancelled_by_brand").count() == 1
    assert Earning.objects.across_brands().filter(agent=ada).count() == 1


def test_a_brand_past_due_adds_no_seats_and_keeps_those_it_has(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor
) -> None:
    shift = plan.make_shift(program, MONDAY_NOON + timedelta(days=2))
    claim = plan.make_claim(ada, shift)
    mark_past_due(brand_id=acme.pk, reason="Invoice INV-1 is not paid.", by=pay.SYSTEM, at=MONDAY_NOON)
    with pytest.raises(BrandNotActive):
        planning.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=acme_owner, at=MONDAY_NOON)
    claim.refresh_from_db()
    assert claim.state == ClaimState.CLAIMED


def given_up(agent: Agent, program: Program, olu: OpsActor) -> Invoice:
    """An invoice that suspended its brand and was written off, 35 days late."""
    invoice = bill.make_invoice(agent, program)
    for late in (0, 3, 7, 14, 21):
        actions.take_dunning_step(invoice_id=invoice.pk, by=pay.SYSTEM, at=bill.TUESDAY + timedelta(days=14 + late))
    actions.write_off(invoice_id=invoice.pk, reason="Insolvent.", by=olu, at=LATE)
    return invoice


def test_ops_let_a_brand_work_again_despite_a_debt_that_was_written_off(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor, ops_desk: Client
) -> None:
    invoice = given_up(ada, program, olu)
    page = reverse("admin:payments_invoice_change", args=[invoice.pk])
    assert "Let the brand work again" in ops_desk.get(page).content.decode()
    assert brands_suspended_for_debt() == [acme.pk]
    with pytest.raises(Invalid):
        actions.waive_debt(invoice_id=invoice.pk, reason=" ", by=olu, at=LATE)
    assert actions.waive_debt(invoice_id=invoice.pk, reason="Settled in court.", by=olu, at=LATE)
    assert Brand.objects.get(pk=acme.pk).state == BrandState.ACTIVE
    assert (bill.fresh(invoice).state, brands_suspended_for_debt()) == ("written_off", [])
    told = AuditEntry.objects.get(action="payments.waive_debt")
    assert (told.subject_id, told.reason) == (invoice.pk, "Settled in court.")
    with pytest.raises(MoveRefused):
        actions.waive_debt(invoice_id=invoice.pk, reason="Again.", by=olu, at=LATE)
    assert "let the brand work again despite it: Settled in court." in ops_desk.get(page).content.decode()


def test_a_debt_that_was_waived_stops_nothing_and_a_new_one_still_does(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor
) -> None:
    first = given_up(ada, program, olu)
    pay.make_payable(ada, program, worked_to=LATE - timedelta(days=8), at=LATE)
    draft = bill.make_draft(acme, week=LATE.date() - timedelta(days=LATE.weekday() + 7), at=LATE)
    second = actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=LATE)
    for late in (15, 22, 29):
        actions.take_dunning_step(invoice_id=second.pk, by=pay.SYSTEM, at=LATE + timedelta(days=late))
    assert not actions.waive_debt(invoice_id=first.pk, reason="Settled in court.", by=olu, at=LATE)
    assert Brand.objects.get(pk=acme.pk).state == BrandState.SUSPENDED


def test_only_ops_waive_a_debt_and_only_one_that_was_given_up(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor, acme_owner: BrandActor
) -> None:
    invoice = bill.make_invoice(ada, program)
    with pytest.raises(MoveRefused):
        actions.waive_debt(invoice_id=invoice.pk, reason="Why not.", by=olu, at=LATE)
    owner: Any = acme_owner  # typed as ops only: what the checker sees, a request does not
    with pytest.raises(NotFound):
        actions.waive_debt(invoice_id=invoice.pk, reason="Why not.", by=owner, at=LATE)
