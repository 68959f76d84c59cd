"""Refusing names that would be read as something else."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.names import is_readable_name

UNREADABLE = _("Leave out invisible signs and those that turn the direction of writing.")


def readable_name(text: str) -> None:
    """This function will refuse a name with control signs or with overrides of direction; forms call it."""
    if not is_readable_name(text):
        raise ValidationError(UNREADABLE, code="unreadable")
