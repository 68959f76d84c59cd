"""allauth's hooks for the second factor."""

from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Refusals that say what to do next."""

    error_messages: ClassVar[dict[str, "str | Promise"]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This does not fit. Type the code that is shown now, or a recovery code not used before."),
    }
