"""The rails money leaves on, behind one protocol. No call is made inside a database transaction."""

from payments.gateways.modes import mode_problems, require_sound_mode
from payments.gateways.protocol import (
    InstantOffer,
    PayoutRail,
    RailBalance,
    main_rail,
    rail_for,
    rail_of,
    rails,
)

__all__ = [
    "InstantOffer",
    "PayoutRail",
    "RailBalance",
    "main_rail",
    "mode_problems",
    "rail_for",
    "rail_of",
    "rails",
    "require_sound_mode",
]
