"""The Stripe client, built from settings after mode and key were judged."""

from typing import Final, Self

import stripe
from django.conf import settings

from payments.gateways.modes import require_sound_mode

_TIMEOUT_SECONDS: Final = 10


class StripeParty:
    """Somebody who asks Stripe and orders from it."""

    def __init__(self, *, reads: stripe.StripeClient, writes: stripe.StripeClient) -> None:
        self._reads = reads
        self._writes = writes

    @classmethod
    def from_settings(cls) -> Self:
        """This function will build it; wrong mode or key raises ImproperlyConfigured."""
        return cls(reads=client_for_reads(), writes=client_for_writes())


def client_for_reads() -> stripe.StripeClient:
    """This function will return a client that asks again twice by itself: reading changes nothing."""
    return _client(retries=2)


def client_for_writes() -> stripe.StripeClient:
    """This function will return a client that never asks again by itself: one row of ours is one request."""
    return _client(retries=0)


def _client(*, retries: int) -> stripe.StripeClient:
    require_sound_mode()
    http = stripe.RequestsClient(timeout=_TIMEOUT_SECONDS)
    base = settings.STRIPE_API_BASE.rstrip("/")
    if not base:
        return stripe.StripeClient(settings.STRIPE_API_KEY, max_network_retries=retries, http_client=http)
    return stripe.StripeClient(
        settings.STRIPE_API_KEY,
        base_addresses={"api": base, "connect": base, "files": base, "meter_events": base},
        max_network_retries=retries,
        http_client=http,
    )
