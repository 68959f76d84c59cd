"""Ops work differences and parked webhooks from the admin."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from payments import actions
from payments.gateways.reconciling import reconcile_rail
from payments.models import Difference, Reconciliation, StripeEvent
from payments.states import DifferenceKind, DifferenceState, InboxState
from recruiting.models import Agent
from tests.fakes.stripe_server import FakeStripe
from tests.payments.conftest import Clock
from tests.payments.stripe.conftest import fund, stripe_account

pytestmark = pytest.mark.django_db


def press(client: Client, model: str, pk: object, name: str, **given: str) -> None:
    url = reverse(f"admin:payments_{model}_decide", args=[str(pk), name])
    assert client.post(url, given).status_code == 302


def test_a_difference_is_explained_then_accepted_and_the_comparison_shows_its_figures(
    ada: Agent, stripe_side: FakeStripe, clock: Clock, ops_desk: Client
) -> None:
    account = stripe_account(ada, stripe_side)
    fund(stripe_side, 10_000)
    stripe_side.by_hand(amount=700, destination=account.remote_ref)
    reconcile_rail("stripe_connect", clock=clock)
    found = Difference.objects.get(kind=DifferenceKind.MISSING_HERE)
    shown = ops_desk.get(reverse("admin:payments_difference_change", args=[found.pk]))
    assert shown.status_code == 200
    assert "7.00" in shown.content.decode()
    press(ops_desk, "difference", found.pk, "explain", reason="a goodwill payment")
    press(ops_desk, "difference", found.pk, "accept", reason="a goodwill payment")
    found.refresh_from_db()
    assert found.state == DifferenceState.ACCEPTED
    run = Reconciliation.objects.get()
    compared = (
        ops_desk.get(reverse("admin:payments_reconciliation_change", args=[run.pk]))
        .content.decode()
        .replace("\xa0", " ")
    )
    assert "available: 100.00 USD in our books, 93.00 USD there" in compared
    assert "2 differences to look at" in compared
    for model in ("difference", "reconciliation", "stripeevent"):
        assert ops_desk.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200


def test_a_parked_webhook_is_taken_up_again(
    stripe_side: FakeStripe,
    deliver: Callable[..., int],
    clock: Clock,
    ops_desk: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gigcx.kernel.clock.now", clock)
    deliver(stripe_side.tell("transfer.created", {"id": "tr_1", "object": "transfer"}))
    row = StripeEvent.objects.get()
    StripeEvent.objects.update(tries=10)
    assert actions.fail_event(event_id=row.pk, error="silent", at=clock()).state == InboxState.PARKED
    page = ops_desk.get(reverse("admin:payments_stripeevent_change", args=[row.pk])).content.decode()
    assert "Try again" in page
    assert "customer" not in page  # the body stays in the database
    press(ops_desk, "stripeevent", row.pk, "retry")
    row.refresh_from_db()
    assert (row.state, row.tries) == (InboxState.RECEIVED, 0)
