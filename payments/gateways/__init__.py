"""The rails money leaves on, behind one protocol. No call is made inside a database transaction."""

from payments.gateways.modes import mode_problems, require_sound_mode
from payments.gateways.protocol import PayoutRail, RailBalance, rail_of, rails

__all__ = ["PayoutRail", "RailBalance", "mode_problems", "rail_of", "rails", "require_sound_mode"]
