"""Recruiting by itself: what later stages ask of a program is put aside here and tested with the stage that asks."""

import pytest

from recruiting import registries


@pytest.fixture(autouse=True)
def _no_later_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs need recruiting's own things alone, unless a test adds a need."""
    monkeypatch.setattr(registries, "_needs", {})
