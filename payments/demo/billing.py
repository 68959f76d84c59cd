"""What brands were billed and how they paid: invoices of past weeks, one credit note, a top-up, this month's budgets."""

from datetime import datetime, timedelta
from typing import Final

from gigcx.kernel.intervals import week_start, zone_of
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand, Membership
from gigcx.web.demo import World
from payments import actions
from payments.actions import BillingDetails
from payments.demo.weeks import ops_people
from payments.errors import NothingToInvoice
from payments.gateways import collecting
from payments.gateways.sandbox_collection import SandboxCollection
from payments.models import Invoice
from payments.policies import minor_of
from payments.queries.billing_weeks import issues_at
from payments.queries.clock import database_now
from payments.states import OWING_INVOICES, RailCode
from recruiting.models import Program

BILLING: Final = SystemActor("billing")
_ADDRESSES: Final = {
    "US": "212 Harbor Street\nPortland, ME 04101",
    "GB": "14 Canal Wharf\nLeeds LS11 5PS",
}
_WALLET_MAJOR: Final = 2_500
_SOFT_MAJOR: Final = 120_000
_HARD_MAJOR: Final = 400_000


def tell_profiles(world: World) -> None:
    """This function will say whom invoices are made out to, as each brand's owner did in its first week."""
    for brand, owner in _owners():
        details = BillingDetails(
            legal_name=brand.legal_name,
            country=brand.country,
            address=_ADDRESSES.get(brand.country, "1 Main Square"),
            email=owner.user.email,
            purchase_order=f"PO-{brand.slug[:5].upper()}-26",
        )
        actions.save_billing_profile(brand_id=brand.pk, details=details, by=owner, at=world.at - timedelta(weeks=9))


def bill(tuesday: datetime) -> None:
    """This function will issue every brand's invoice of the week before a payday."""
    for brand in Brand.objects.filter(is_house=False).order_by("created_at", "pk"):
        monday = week_start(tuesday.astimezone(zone_of(brand.timezone)).date()) - timedelta(days=7)
        at = max(tuesday, issues_at(brand, monday))
        draft = actions.draft_invoice(
            brand_id=brand.pk, currency=brand.currency, period_from=monday, by=BILLING, at=tuesday
        )
        if draft is None:
            continue
        try:
            actions.issue_invoice(invoice_id=draft.pk, by=BILLING, at=at)
        except NothingToInvoice:
            actions.discard_invoice(invoice_id=draft.pk, reason="no line was ready", by=BILLING, at=at)


def tell_payments(world: World) -> None:
    """This function will let all but the last invoices be paid, one be credited in part, money arrive and budgets be set."""
    for brand, owner in _owners():
        rows = Invoice.objects.for_brand(brand.pk).filter(state__in=OWING_INVOICES)
        invoices = list(rows.order_by("issued_at", "pk"))
        for invoice in invoices[:-1]:
            _pay_by_bank(invoice, world.at)
        if invoices:
            _credit_some(invoices[0], world.at)
        _set_budgets(brand, owner, world.at, scale=world.scale)
    for brand, owner in _owners()[:1]:
        _top_up(brand, owner)


def _owners() -> list[tuple[Brand, BrandActor]]:
    rows = Membership.objects.filter(role="owner", brand__is_house=False).select_related("user", "brand")
    return [(one.brand, BrandActor(one.user, one.brand, one.role)) for one in rows.order_by("brand__created_at", "pk")]


def _pay_by_bank(invoice: Invoice, at: datetime) -> None:
    """One of ops types in what the bank shows, another looks."""
    people = ops_people()
    paid_at = min(at - timedelta(hours=2), (invoice.issued_at or at) + timedelta(days=5))
    proposal = actions.propose_receipt(
        invoice_id=invoice.pk,
        amount=invoice.gross,
        bank_reference=f"BANK {invoice.full_number}",
        received_at=paid_at,
        by=people[0],
        at=paid_at + timedelta(minutes=20),
    )
    actions.confirm_receipt(proposal_id=proposal.pk, by=people[1], at=paid_at + timedelta(minutes=50))


def _credit_some(invoice: Invoice, at: datetime) -> None:
    line = invoice.lines.order_by("-net_minor", "position").first()
    if line is None:
        return
    actions.issue_credit_note(
        invoice_id=invoice.pk,
        nets={line.pk: line.net_minor // 4},
        reason="The chat tool was down for a quarter of this shift; you pay only for the rest.",
        by=ops_people()[0],
        at=at - timedelta(days=1),
    )


def _set_budgets(brand: Brand, owner: BrandActor, at: datetime, *, scale: int) -> None:
    month = at.astimezone(zone_of(brand.timezone)).date().replace(day=1)
    programs = Program.objects.for_brand(brand.pk).order_by("created_at", "pk")
    for program_id, share in ((None, 1), (programs[0].pk if programs else None, 2)):
        actions.set_budget(
            brand_id=brand.pk,
            program_id=program_id,
            currency=brand.currency,
            month=month,
            soft_minor=minor_of(_SOFT_MAJOR // share, brand.currency) * scale,
            hard_minor=minor_of(_HARD_MAJOR // share, brand.currency) * scale,
            by=owner,
            at=at - timedelta(days=12),
        )


def _top_up(brand: Brand, owner: BrandActor) -> None:
    """Paid on the sandbox's pretended page, now."""
    amount = Money(minor_of(_WALLET_MAJOR, brand.currency), brand.currency)
    at = database_now()
    top_up = actions.start_top_up(brand_id=brand.pk, amount=amount, rail=RailCode.SANDBOX, by=owner, at=at)
    back = f"/b/{brand.slug}/billing/"
    collecting.open_page(top_up, return_url=back, cancel_url=back, saves_method=True, at=at)
    top_up.refresh_from_db(from_queryset=type(top_up).objects.across_brands())
    SandboxCollection().pay(ref=top_up.checkout_ref or "", way="card")
    collecting.look_up(top_up.pk)
