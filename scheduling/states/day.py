"""States of the day: incidents, excusals, time off in a lull, remedies."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class CauseOwner(TextChoices):
    """Whose the cause of an incident is; it decides who pays the floor."""

    BRAND = "brand", _("The brand")
    PLATFORM = "platform", _("The platform")
    REGION = "region", _("A region: power, weather")
    PROVIDER = "provider", _("A network provider")


class IncidentState(TextChoices):
    """Where an incident stands."""

    SUSPECTED = "suspected", _("Suspected")
    DECLARED = "declared", _("Declared")
    DISMISSED = "dismissed", _("Dismissed")
    RESOLVED = "resolved", _("Over")
    SETTLED = "settled", _("Settled")


_I = IncidentState
INCIDENT_MOVES: Final = moves(
    {
        _I.SUSPECTED: {_I.DECLARED, _I.DISMISSED},
        _I.DECLARED: {_I.DECLARED, _I.RESOLVED},
        _I.DISMISSED: set(),
        _I.RESOLVED: {_I.SETTLED},
        _I.SETTLED: set(),
    }
)


class ExcuseReason(TextChoices):
    """What kept somebody from working."""

    INCIDENT = "incident", _("A declared incident")
    ILLNESS = "illness", _("Illness")
    FAMILY = "family", _("Family emergency")
    POWER = "power", _("Power or network")
    BRAND_TOOLS = "brand_tools", _("The brand's tools")
    FREE = "free", _("A free excuse")
    OTHER = "other", _("Something else")


class ExcusalState(TextChoices):
    """Where an excuse stands."""

    REQUESTED = "requested", _("Asked")
    GRANTED = "granted", _("Excused")
    REFUSED = "refused", _("Not excused")
    VOID = "void", _("Void")


_X = ExcusalState
EXCUSAL_MOVES: Final = moves(
    {
        _X.REQUESTED: {_X.GRANTED, _X.REFUSED},
        _X.GRANTED: {_X.VOID},
        _X.REFUSED: {_X.GRANTED},
        _X.VOID: {_X.GRANTED},
    }
)


class VtoState(TextChoices):
    """Whether a lull's offer still stands."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


VTO_MOVES: Final = moves({VtoState.OPEN: {VtoState.CLOSED}, VtoState.CLOSED: set()})


class SeatNow(TextChoices):
    """What is on one seat at this moment."""

    ON_CONTACT = "on_contact", _("On contact")
    READY = "ready", _("Ready")
    WRAP = "wrap", _("Wrapping up")
    AUX = "aux", _("Paused")
    CHALLENGE = "challenge", _("Presence check")
    LOST = "lost", _("Connection lost")
    AWAY = "away", _("Not at the desk")
    LATE = "late", _("Late")
    COMING = "coming", _("To come")
    OFFERED = "offered", _("Offered to the waitlist")
    FREE = "free", _("Free")


class RemedyKind(TextChoices):
    """What can be done about a gap or a lull."""

    STANDBY = "standby", _("Call standby")
    WAITLIST = "waitlist", _("Add seats for the waitlist")
    INCENTIVE = "incentive", _("Raise the pay")
    EXTEND = "extend", _("Ask people to stay longer")
    VTO = "vto", _("Offer time off")
    OWN_STAFF = "own_staff", _("Use your own staff")


class RemedyState(TextChoices):
    """Where a proposed remedy stands."""

    PROPOSED = "proposed", _("Proposed")
    ACTED = "acted", _("Done")
    DISMISSED = "dismissed", _("Dismissed")
    EXPIRED = "expired", _("Too late")


REMEDY_MOVES: Final = moves(
    {
        RemedyState.PROPOSED: {RemedyState.ACTED, RemedyState.DISMISSED, RemedyState.EXPIRED},
        RemedyState.ACTED: set(),
        RemedyState.DISMISSED: set(),
        RemedyState.EXPIRED: set(),
    }
)
