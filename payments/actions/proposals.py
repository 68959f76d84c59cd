"""Bank transfers typed in by one person of ops and looked at by another before they count."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import OpsActor
from payments.actions.collecting import record_receipt
from payments.errors import SamePerson
from payments.errors.invoices import ReceiptKnown
from payments.models import Invoice, ReceiptProposal
from payments.states import PROPOSAL_MOVES, ProposalState, ReceiptMethod


@transaction.atomic
def propose_receipt(
    *, invoice_id: UUID, amount: Money, bank_reference: str, received_at: datetime, by: OpsActor, at: datetime
) -> ReceiptProposal:
    """This function will note a bank transfer for an invoice; it counts when a second person confirms it.

    Raises:
        NotFound: no such invoice, or not ops. Invalid: another currency, nothing, or a day to come.
        ReceiptKnown: the reference is taken.
    """
    invoice = Invoice.objects.across_brands().filter(pk=invoice_id).first()
    if invoice is None or not isinstance(by, OpsActor):
        raise NotFound
    _refuse_senseless(invoice, amount, bank_reference, received_at, at)
    proposal = ReceiptProposal(
        id=uuid7(),
        brand_id=invoice.brand_id,
        invoice=invoice,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        bank_reference=bank_reference.strip(),
        received_at=received_at,
        proposed_by=by.user,
        proposed_at=at,
    )
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as twice:
        raise ReceiptKnown from twice
    trail.record("payments.propose_receipt", proposal, by=by, at=at, to_state=proposal.state)
    return proposal


def _refuse_senseless(invoice: Invoice, amount: Money, reference: str, received_at: datetime, at: datetime) -> None:
    if amount.currency != invoice.currency:
        raise Invalid(_("The invoice is in %(currency)s.") % {"currency": invoice.currency}, field="amount")
    if amount.amount_minor <= 0:
        raise Invalid(_("Type what the bank shows, above zero."), field="amount")
    if not reference.strip():
        raise Invalid(_("Type the bank's reference: it tells two transfers apart."), field="bank_reference")
    if received_at > at:
        raise Invalid(_("This day is still to come."), field="received_on")


@transaction.atomic
def confirm_receipt(*, proposal_id: UUID, by: OpsActor, at: datetime) -> ReceiptProposal:
    """This function will let a bank transfer count: it pays its invoice, then others, and the rest is the brand's wallet's.

    Raises:
        NotFound: no such proposal, or not ops. SamePerson: who typed it in. MoveRefused: it was decided already.
    """
    proposal = _decided(proposal_id, ProposalState.CONFIRMED, by=by, at=at)
    proposal.receipt = record_receipt(
        brand_id=proposal.brand_id,
        amount=proposal.money,
        method=ReceiptMethod.BANK_TRANSFER,
        remote_ref=f"bank:{proposal.bank_reference}",
        invoice_id=proposal.invoice_id,
        received_at=proposal.received_at,
        by=by,
        at=at,
    )
    proposal.save(update_fields=["state", "decided_by", "decided_at", "receipt"])
    trail.record("payments.confirm_receipt", proposal, by=by, at=at, to_state=proposal.state)
    return proposal


@transaction.atomic
def decline_receipt(*, proposal_id: UUID, reason: str, by: OpsActor, at: datetime) -> ReceiptProposal:
    """This function will drop a bank transfer that is not what it was typed in as.

    Raises:
        NotFound: no such proposal, or not ops. SamePerson: who typed it in. MoveRefused: it was decided already.
    """
    proposal = _decided(proposal_id, ProposalState.DECLINED, by=by, at=at)
    proposal.decision_reason = reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    trail.record("payments.decline_receipt", proposal, by=by, at=at, to_state=proposal.state, reason=reason)
    return proposal


def _decided(proposal_id: UUID, target: ProposalState, *, by: OpsActor, at: datetime) -> ReceiptProposal:
    rows = ReceiptProposal.objects.across_brands().select_for_update(of=("self",))
    proposal: ReceiptProposal | None = rows.filter(pk=proposal_id).first()
    if proposal is None or not isinstance(by, OpsActor):
        raise NotFound
    if proposal.proposed_by_id == by.user.pk:
        raise SamePerson(_("Somebody other than who typed it in has to look."))
    require_move(PROPOSAL_MOVES, proposal.state, target)
    proposal.state, proposal.decided_by, proposal.decided_at = target, by.user, at
    return proposal
