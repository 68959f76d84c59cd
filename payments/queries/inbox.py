"""What came in from the other side and waits, and whom it is about."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from payments.models import Invoice, PayoutAccount, StripeEvent, TopUp
from payments.states import InboxState, RailCode


def due_events(at: datetime, limit: int = 500) -> list[str]:
    """This function will return the events whose next try is due, oldest first."""
    states = [InboxState.RECEIVED, InboxState.FAILED]
    rows = StripeEvent.objects.filter(state__in=states, next_try_at__lte=at)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit])


def parked_events() -> QuerySet[StripeEvent]:
    """This function will list the events that failed ten times and wait for a person."""
    return StripeEvent.objects.filter(state=InboxState.PARKED).order_by("received_at", "pk")


def events_to_look_at(at: datetime) -> tuple[int, datetime | None]:
    """This function will count parked events and tell since when the oldest waits."""
    rows = parked_events()
    return rows.count(), rows.values_list("received_at", flat=True).first()


def account_known_as(ref: str) -> PayoutAccount | None:
    """This function will return the payout account that Stripe calls so, or None."""
    rows = PayoutAccount.objects.across_brands().filter(rail=RailCode.STRIPE_CONNECT, remote_ref=ref)
    return rows.first() if ref else None


def top_up_known_as(*, top_up_id: str = "", checkout_ref: str = "", payment_ref: str = "") -> TopUp | None:
    """This function will return the top-up that an event is about: by our own mark on it, else by either reference."""
    rows = TopUp.objects.across_brands().filter(rail=RailCode.STRIPE_CONNECT)
    marked = rows.filter(pk=top_up_id).first() if _is_id(top_up_id) else None
    opened = rows.filter(checkout_ref=checkout_ref).first() if checkout_ref and not marked else None
    return marked or opened or (rows.filter(payment_ref=payment_ref).first() if payment_ref else None)


def invoice_known_as(*, invoice_id: str = "", remote_ref: str = "") -> Invoice | None:
    """This function will return our invoice that the other side has a copy of: by our own mark on it, else by its name."""
    rows = Invoice.objects.across_brands()
    marked = rows.filter(pk=invoice_id).first() if _is_id(invoice_id) else None
    return marked or (rows.filter(remote_ref=remote_ref).first() if remote_ref else None)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
