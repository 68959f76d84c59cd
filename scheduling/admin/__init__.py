"""The stage in the admin, by noun: registration happens on import."""

from scheduling.admin import core, release

__all__ = ["core", "release"]
