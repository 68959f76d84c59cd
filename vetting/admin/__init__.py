"""Where ops verify, rate and revoke. Everything is read-only; buttons call actions."""

from vetting.admin import certificates, grading, identity, reference

__all__ = ["certificates", "grading", "identity", "reference"]
