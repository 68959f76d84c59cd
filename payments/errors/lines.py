"""What is refused about lines: disputing, taking back, correcting by hand."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class MoreThanLine(Invalid):
    """The part is nothing, or more than there is of the line."""

    code = "more_than_line"
    default_message = _("This is more than the line holds.")


class FaultNotShown(Invalid):
    """A clawback without the agent's fault stated: then what was overpaid is the platform's cost."""

    code = "fault_not_shown"
    default_message = _("Say what the agent did and where it is seen. Without that, the cost is ours.")


class NeedsSecondPerson(DomainError):
    """Who asked for a correction by hand, or is a party to the line, cannot decide on it."""

    code = "needs_second_person"
    default_message = _("Somebody else has to decide this.")


class NotDisputable(DomainError):
    """The line cannot be disputed now: its window is over, it was replaced, or it is disputed already."""

    code = "not_disputable"
    default_message = _("This line cannot be disputed any more.")
