"""States of demand: forecasts, requirements, templates, uploads; the models and definitions they name."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class StaffingModel(TextChoices):
    """How the number of agents is found."""

    ERLANG_C = "erlang_c", _("Erlang C: callers wait for ever")
    ERLANG_A = "erlang_a", _("Erlang A: callers lose patience")
    DEFERRED = "deferred", _("Deferred work, due later")
    TYPED = "typed", _("Typed by a planner")


class ServiceDefinition(TextChoices):
    """What a service level counts. Stored and shown with every figure, because the same day gives different shares."""

    OF_OFFERED = "answered_in_t_of_offered", _("Answered in time, of all offered")
    OF_ANSWERED = "answered_in_t_of_answered", _("Answered in time, of those answered")
    OR_ABANDONED = "answered_or_abandoned_in_t_of_offered", _("Answered or gone in time, of all offered")
    SHORT_EXCLUDED = "excluding_short_abandons", _("Answered in time, of offered without short abandons")


class DemandSource(TextChoices):
    """Where a forecast comes from."""

    TYPED = "typed", _("Typed")
    CSV = "csv", _("CSV file")
    XLSX = "xlsx", _("Spreadsheet")
    API = "api", _("API")
    COPIED = "copied", _("Copied")
    BASELINE = "baseline", _("Baseline of past weeks")
    INTRADAY = "intraday", _("Re-forecast within the day")


class ForecastState(TextChoices):
    """Where a forecast stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


FORECAST_MOVES: Final = moves(
    {
        ForecastState.DRAFT: {ForecastState.PUBLISHED},
        ForecastState.PUBLISHED: {ForecastState.SUPERSEDED},
        ForecastState.SUPERSEDED: set(),
    }
)


class RequirementKind(TextChoices):
    """Whether a requirement was computed or typed."""

    COMPUTED = "computed", _("Computed")
    TYPED = "typed", _("Typed")


class TemplateState(TextChoices):
    """Whether recurring demand still recurs."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


TEMPLATE_MOVES: Final = moves(
    {
        TemplateState.ACTIVE: {TemplateState.PAUSED, TemplateState.ENDED},
        TemplateState.PAUSED: {TemplateState.ACTIVE, TemplateState.ENDED},
        TemplateState.ENDED: set(),
    }
)


class UploadKind(TextChoices):
    """What an uploaded file holds."""

    FORECAST = "forecast", _("Expected contacts")
    AGENTS = "agents", _("Agents needed")
    ACTUALS = "actuals", _("What really came")
    IN_HOUSE = "in_house", _("Own staff")


class UploadState(TextChoices):
    """Where an uploaded file stands."""

    RECEIVED = "received", _("Received")
    PREVIEWED = "previewed", _("Ready to apply")
    REJECTED = "rejected", _("Has faults")
    APPLIED = "applied", _("Applied")


class UploadWork(TextChoices):
    """What a worker does with a file too long to be read while a page waits."""

    READ = "read", _("Read")
    PREVIEW = "preview", _("Read again")
    APPLY = "apply", _("Apply")


class GivenUp(TextChoices):
    """Why no worker tries any more, in words for the page."""

    STOPPED = "stopped", _("It was stopped.")
    CRASHED = "crashed", _("It was begun three times and never came to an end.")
    NO_RATE_CARD = "no_rate_card", _("The program has no rate card in force. Publish one, then try again.")
    NO_SHIFTS = "no_shifts", _("No set of shifts covers any of this demand.")


UPLOAD_MOVES: Final = moves(
    {
        UploadState.RECEIVED: {UploadState.PREVIEWED, UploadState.REJECTED},
        UploadState.PREVIEWED: {UploadState.PREVIEWED, UploadState.REJECTED, UploadState.APPLIED},
        UploadState.REJECTED: {UploadState.PREVIEWED, UploadState.REJECTED},
        UploadState.APPLIED: set(),
    }
)
