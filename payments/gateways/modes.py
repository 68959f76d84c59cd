"""Which keys fit which mode. A product that could move the wrong money does not start."""

from typing import Any, Final

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

_TEST: Final = ("sk_test_", "rk_test_")
_LIVE: Final = ("sk_live_", "rk_live_")


def mode_problems(*, mode: str, key: str, base: str, is_debug: bool, is_demo: bool = False) -> list[str]:
    """This function will say what is wrong with mode, Stripe key, API base, DEBUG and DEMO together; nothing when all is well."""
    match mode:
        case "sandbox":
            return ["PAYMENTS_MODE is sandbox: unset STRIPE_API_KEY, or use the mode test."] if key else []
        case "test":
            return [] if key.startswith(_TEST) else ["PAYMENTS_MODE is test: STRIPE_API_KEY must be a test key."]
        case "live":
            return _live_problems(key, base, is_debug=is_debug, is_demo=is_demo)
    return [f"PAYMENTS_MODE is {mode!r}; use sandbox, test or live."]


def _live_problems(key: str, base: str, *, is_debug: bool, is_demo: bool) -> list[str]:
    problems = []
    if not key.startswith(_LIVE):
        problems.append("PAYMENTS_MODE is live: STRIPE_API_KEY must be a live key.")
    if base:
        problems.append("PAYMENTS_MODE is live: unset STRIPE_API_BASE.")
    if is_debug:
        problems.append("PAYMENTS_MODE is live: switch DEBUG off.")
    if is_demo:
        problems.append("PAYMENTS_MODE is live: set DEMO=no; pretended people are not paid real money.")
    return problems


def present_problems() -> list[str]:
    """This function will judge the present settings."""
    return mode_problems(
        mode=settings.PAYMENTS_MODE,
        key=settings.STRIPE_API_KEY,
        base=settings.STRIPE_API_BASE,
        is_debug=settings.DEBUG,
        is_demo=settings.DEMO_STAYS_ALIVE,
    )


def require_sound_mode() -> None:
    """This function will refuse to go on with settings that could move the wrong money.

    Raises:
        ImproperlyConfigured: mode and keys do not fit.
    """
    if problems := present_problems():
        raise ImproperlyConfigured(" ".join(problems))


def check_mode(app_configs: Any, **kwargs: Any) -> list[Error]:
    """This function will report the same as system check errors."""
    return [Error(problem, id="payments.E001") for problem in present_problems()]
