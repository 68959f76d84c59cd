"""What forecasts, requirements and capacity after publication refuse."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class UploadInvalid(Invalid):
    """A file with rows that cannot be right. `problems` names row and column and says what to do; nothing was written."""

    code = "upload_invalid"


class ForecastPublishedAlready(DomainError):
    """Published forecasts never change."""

    code = "forecast_published"
    default_message = _("This forecast is published and stays as it is. Save the change as a new version.")


class NothingToCompute(DomainError):
    """A requirement needs a published forecast and a target."""

    code = "nothing_to_compute"
    default_message = _("Publish a forecast for this week first, and set what you promise your callers.")


class AboveLimit(DomainError):
    """The price is above what one person may accept alone."""

    code = "above_limit"
    default_message = _("This is above the limit that one person may accept alone. A second person has been asked.")


class OwnApproval(DomainError):
    """Whoever asked cannot be the second person."""

    code = "own_approval"
    default_message = _("Somebody else has to approve this: you accepted the price yourself.")


class SeatsTaken(DomainError):
    """Seats that somebody holds cannot be taken back."""

    code = "seats_taken"
    default_message = _("Some of these seats are taken. Take back fewer, or cancel them at the cost shown.")
