"""Facts of work that should have a line and have none: what the sweep pays, and what the money board counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from gigcx.audit.models import AuditEntry
from payments.models import Earning, UnpricedWork
from payments.states import EarningKind, WorkFact
from recruiting.models import Engagement, RateCardLine
from recruiting.states import OPEN_ENGAGEMENT_STATES, LineKind, VersionState
from scheduling.models import Claim, Excusal
from scheduling.states import ClaimState, ExcusalState
from training.models import TrainingTime
from vetting.models import Certificate
from vetting.states import CertificateState

# How the trail says that a version of a claim's minutes was priced.
PRICED: Final = "payments.price_claim"
# A delivery is tried for longer than five minutes only when something is wrong; after two weeks people have looked at it.
LATE: Final = timedelta(minutes=5)
LOOK_BACK: Final = timedelta(days=14)
_LATE_NOTICE: Final = timedelta(hours=24)


def unpaid_training(*, at: datetime) -> QuerySet[TrainingTime]:
    """This function will find learning time that a card in force pays and no line does."""
    line = Earning.objects.across_brands().filter(source_kind="training_time", source_id=OuterRef("pk"))
    rows = TrainingTime.objects.across_brands().filter(
        Q(earned_at__gte=at - LOOK_BACK) | _noted(WorkFact.TRAINING),
        earned_at__lte=at - LATE,
        counted_seconds__gt=0,
        enrolment__engagement__state__in=OPEN_ENGAGEMENT_STATES,
        enrolment__engagement__program__in=_paying(LineKind.TRAINING),
    )
    return rows.filter(~Exists(line)).order_by("earned_at", "pk")


def unpaid_bounties(*, at: datetime) -> QuerySet[Certificate]:
    """This function will find certificates whose bounty a card in force pays and no line does."""
    line = Earning.objects.across_brands().filter(
        kind=EarningKind.CERTIFICATION_BOUNTY, source_id=OuterRef("version_id"), agent=OuterRef("agent")
    )
    engaged = Engagement.objects.across_brands().filter(
        agent=OuterRef("agent"), program=OuterRef("program"), state__in=OPEN_ENGAGEMENT_STATES
    )
    rows = Certificate.objects.across_brands().filter(
        Q(issued_at__gte=at - LOOK_BACK) | _noted(WorkFact.BOUNTY),
        issued_at__lte=at - LATE,
        program__in=_paying(LineKind.CERTIFICATION_BOUNTY),
    )
    given = rows.exclude(state=CertificateState.PENDING)
    return given.filter(~Exists(line), Exists(engaged)).order_by("issued_at", "pk")


def _paying(kind: str) -> QuerySet[Any]:
    rows = RateCardLine.objects.across_brands().filter(kind=kind, pay_minor__gt=0, card__state=VersionState.ACTIVE)
    return rows.values("card__program_id")


def unpaid_cancellations(*, at: datetime) -> QuerySet[Claim]:
    """This function will find seats that a brand called off within a day of their start and that no line pays.

    Each row carries `cancelled_at`.
    """
    line = Earning.objects.across_brands().filter(
        kind=EarningKind.CANCELLATION_FEE, source_kind="claim", source_id=OuterRef("pk")
    )
    said = AuditEntry.objects.filter(
        action="scheduling.cancel_claim", subject_type="scheduling.claim", subject_id=OuterRef("pk")
    )
    moment = Cast(Subquery(said.order_by("-at").values("at")[:1]), DateTimeField())
    rows = Claim.objects.across_brands().filter(state=ClaimState.BRAND_CANCELLED).annotate(cancelled_at=moment)
    late = rows.filter(
        Q(cancelled_at__gte=at - LOOK_BACK) | _noted(WorkFact.CANCELLATION),
        cancelled_at__lte=at - LATE,
        starts_at__lt=F("cancelled_at") + _LATE_NOTICE,
    )
    return late.filter(~Exists(line)).order_by("cancelled_at", "pk")


def unpaid_excused(*, at: datetime) -> QuerySet[Claim]:
    """This function will find seats that an incident excused, with a floor to pay, which nobody has priced since it settled."""
    marks = AuditEntry.objects.filter(action=PRICED, subject_type="scheduling.claim")
    floored = Excusal.objects.across_brands().filter(state=ExcusalState.GRANTED, floor_seconds__gt=0)
    floored = floored.filter(claim=OuterRef("pk"))
    since = marks.filter(subject_id=OuterRef("claim_id"), at__gte=OuterRef("incident__settled_at"))
    settled = floored.filter(incident__settled_at__lte=at - LATE).filter(~Exists(since))
    recent = Exists(settled.filter(incident__settled_at__gte=at - LOOK_BACK))
    is_over = Q(ends_at__gte=at - LOOK_BACK) | _noted(WorkFact.EXCUSED)
    is_unheard = ~Exists(marks.filter(subject_id=OuterRef("pk"))) & Exists(floored)
    rows = Claim.objects.across_brands().filter(state=ClaimState.EXCUSED)
    due = (Q(ends_at__lte=at - LATE) & is_over & is_unheard) | recent | (_noted(WorkFact.EXCUSED) & Exists(settled))
    return rows.filter(due).order_by("ends_at", "pk")


def _noted(fact: str) -> Q:
    """What failed once is looked at until it is paid, however long ago it was."""
    return Q(pk__in=UnpricedWork.objects.filter(fact=fact).values("subject_id"))


def floored_by(incident_id: UUID) -> list[UUID]:
    """This function will list the excused seats that an incident left a floor to pay for, by id."""
    rows = Excusal.objects.across_brands().filter(
        incident_id=incident_id, state=ExcusalState.GRANTED, floor_seconds__gt=0, claim__state=ClaimState.EXCUSED
    )
    return list(rows.order_by("claim_id").values_list("claim_id", flat=True))


_UNHEARD: Final[tuple[Callable[..., QuerySet[Any]], ...]] = (
    unpaid_training,
    unpaid_bounties,
    unpaid_cancellations,
    unpaid_excused,
)


def unheard_facts(*, at: datetime) -> int:
    """This function will count what these find together: zero when every fact was heard in time."""
    return sum(find(at=at).count() for find in _UNHEARD)


def unpriced_work(at: datetime) -> tuple[int, datetime | None]:
    """This function will count work that the sweeps could not price and tell since when the oldest of it waits."""
    rows = UnpricedWork.objects.filter(first_failed_at__lte=at)
    return rows.count(), rows.order_by("first_failed_at").values_list("first_failed_at", flat=True).first()
