"""The stage in the admin, by noun: registration happens on import."""

from scheduling.admin import autofill, core, day, exchange, release

__all__ = ["autofill", "core", "day", "exchange", "release"]
