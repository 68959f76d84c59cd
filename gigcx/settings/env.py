"""Typed reading of environment variables; a wrong value names the variable."""

import os

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """This function will return the variable, or the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def required(name: str) -> str:
    """This function will return the variable or refuse to start without it."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """This function will read yes/no, true/false, on/off or 1/0."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; use yes or no.")


def number(name: str, default: int) -> int:
    """This function will read a whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number.") from wrong


def words(name: str, default: str = "") -> list[str]:
    """This function will read a comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
