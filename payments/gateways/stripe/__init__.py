"""Stripe Connect: separate charges and transfers to recipient accounts. The only package that imports stripe."""

from payments.gateways.stripe.rail import StripeConnectRail

__all__ = ["StripeConnectRail"]
