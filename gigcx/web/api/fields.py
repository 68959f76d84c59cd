"""Fields that answer wrong input in words where the framework would fall over."""

from datetime import datetime

from rest_framework import serializers


class MomentField(serializers.DateTimeField):
    """A moment with its offset; one that no calendar in UTC knows is refused like any other that cannot be read."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """This function will return the moment in the product's zone or refuse it."""
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("invalid", format="2026-11-27T17:00:00Z")
