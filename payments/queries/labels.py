"""What an hour of a program really came to: the samples behind its label, the label in force, and what it supports."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gigcx.kernel.intervals import from_wall, week_start, zone_of
from gigcx.kernel.money import exponent_of
from payments.models import Earning, PayLabel
from payments.pricing import NetHour, Sample, figure_text, run_again, supports
from payments.states import Cause, EarningKind, EarningState
from recruiting.models import Program
from recruiting.states import ProgramState
from scheduling.models import WorkSession
from scheduling.states import ClaimState, SessionState
from training.models import TrainingTime

WEEKS: Final = 8
# Not pay for the hours of this program: somebody else's start, and fees that an agent chose.
_LEFT_OUT: Final = (EarningKind.REFERRAL, EarningKind.INSTANT_FEE)
_QUARTILES: Final = 3
_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_CURRENCY: Final = re.compile(r"\b[A-Z]{3}\b")
_MOST: Final = re.compile(r"\b(up to|as much as|max|maximum)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LabelPeriod:
    """Full weeks of a program, Monday to Monday in its own zone; `until` is exclusive."""

    since_on: date
    until_on: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LabelInputs:
    """What one program paid and took in one currency over a period."""

    currency: str
    samples: tuple[Sample, ...]
    weeks: int


def label_period(program: Program, *, at: datetime) -> LabelPeriod:
    """This function will return the last eight full weeks of a program's own calendar."""
    zone = zone_of(program.timezone)
    until_on = week_start(at.astimezone(zone).date())
    since_on = until_on - timedelta(weeks=WEEKS)
    starts_at, ends_at = (from_wall(day, time(0), zone) for day in (since_on, until_on))
    return LabelPeriod(since_on, until_on, starts_at, ends_at)


def label_inputs(program: Program, period: LabelPeriod) -> list[LabelInputs]:
    """This function will gather, per currency, each agent's net earnings and elapsed seconds in the period.

    Net is the ledger's: reversed lines are out, clawbacks count against it, referrals, chosen fees and one-off
    adjustments are left out. Elapsed is from check-in to check-out of verified shifts, waiting, pauses and wrap
    included, plus learning time, paid or not.
    """
    elapsed = _elapsed(program, period)
    net: dict[str, dict[UUID, int]] = defaultdict(dict)
    for currency, agent_id, total in (
        _earned(program, period).values_list("currency", "agent_id").annotate(total=Sum("amount_minor"))
    ):
        net[currency][agent_id] = int(total)
    _add_unpaid(net, elapsed)
    return [
        LabelInputs(currency, tuple(_samples(found, elapsed)), _weeks(program, period, currency))
        for currency, found in sorted(net.items())
    ]


def _add_unpaid(net: dict[str, dict[UUID, int]], elapsed: Mapping[UUID, int]) -> None:
    """Whoever only learnt without pay, or lost all they earned, got nothing an hour: left out, the label would be too good."""
    if not net:
        return
    most_paid = max(sorted(net), key=lambda currency: len(net[currency]))
    paid = {agent_id for found in net.values() for agent_id in found}
    net[most_paid] |= {agent_id: 0 for agent_id in elapsed if agent_id not in paid}


def _samples(net: Mapping[UUID, int], elapsed: Mapping[UUID, int]) -> Iterable[Sample]:
    for agent_id, minor in net.items():
        if elapsed.get(agent_id, 0) > 0:
            yield Sample(minor, elapsed[agent_id])


def _earned(program: Program, period: LabelPeriod) -> QuerySet[Earning]:
    rows = Earning.objects.across_brands().filter(
        program=program, worked_from__gte=period.starts_at, worked_from__lt=period.ends_at
    )
    by_hand = rows.filter(kind=EarningKind.ADJUSTMENT).exclude(cause=Cause.CORRECTION, source_kind="claim")
    kept = rows.exclude(state=EarningState.REVERSED).exclude(kind__in=_LEFT_OUT)
    return kept.exclude(pk__in=by_hand.values("pk")).order_by()


def _weeks(program: Program, period: LabelPeriod, currency: str) -> int:
    rows = _earned(program, period).filter(currency=currency)
    weeks = rows.annotate(week=TruncWeek("worked_from", tzinfo=zone_of(program.timezone)))
    return weeks.values("week").distinct().count()


def _elapsed(program: Program, period: LabelPeriod) -> dict[UUID, int]:
    length = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    stays = WorkSession.objects.across_brands().filter(
        claim__shift__program=program,
        claim__state=ClaimState.VERIFIED,
        state=SessionState.ENDED,
        started_at__gte=period.starts_at,
        started_at__lt=period.ends_at,
    )
    found: dict[UUID, int] = defaultdict(int)
    for agent_id, total in stays.order_by().values_list("agent_id").annotate(total=Sum(length)):
        found[agent_id] += int(total.total_seconds())
    learnt = TrainingTime.objects.across_brands().filter(
        enrolment__engagement__program=program, earned_at__gte=period.starts_at, earned_at__lt=period.ends_at
    )
    for agent_id, seconds in learnt.order_by().values_list("agent_id").annotate(total=Sum("counted_seconds")):
        found[agent_id] += int(seconds)
    return found


def programs_to_label(*, at: datetime) -> QuerySet[Program]:
    """This function will return live programs that paid anything in the last nine weeks."""
    recent = Earning.objects.across_brands().filter(worked_from__gte=at - timedelta(weeks=WEEKS + 1))
    rows = Program.objects.across_brands().filter(state=ProgramState.LIVE, pk__in=recent.values("program_id"))
    return rows.order_by("pk")


def current_labels(program_ids: Iterable[UUID]) -> dict[UUID, PayLabel]:
    """This function will return the newest label of each program that has one with figures: one query."""
    rows = PayLabel.objects.across_brands().filter(program_id__in=list(program_ids))
    newest: dict[UUID, PayLabel] = {}
    for row in rows.order_by("period_to", "published_at", "n_agents", "pk"):
        newest[row.program_id] = row
    return newest


def pay_label(program_id: UUID) -> PayLabel | None:
    """This function will return the label of a program in force, with or without figures, or None before the first."""
    return current_labels([program_id]).get(program_id)


def net_hour_of(label: PayLabel) -> NetHour:
    """This function will return a stored label's figures."""
    return NetHour(label.n_agents, label.n_weeks, label.q1_minor, label.median_minor, label.q3_minor)


def is_reproducible(label: PayLabel) -> bool:
    """This function will compute a label anew from the inputs kept with it and tell whether figures and hash agree."""
    again, found = run_again(label.inputs)
    return found == label.inputs_hash and again == net_hour_of(label)


def label_figures(label: PayLabel | None) -> dict[str, str] | None:
    """This function will return q1, median, q3 and currency as the reader writes them; None where there is too little."""
    if label is None or label.median_minor is None or label.q1_minor is None or label.q3_minor is None:
        return None
    kept = {"q1": label.q1_minor, "median": label.median_minor, "q3": label.q3_minor}
    language = get_language() or "en"
    figures = {name: figure_text(minor, label.currency, language) for name, minor in kept.items()}
    return figures | {"currency": label.currency}


def label_words(label: PayLabel) -> str:
    """This function will say a label in one line; empty where there is not enough data."""
    figures = label_figures(label)
    if figures is None:
        return ""
    return _("Typically %(median)s %(currency)s net an hour; half of the agents between %(q1)s and %(q3)s") % figures


class NetHourLabels:
    """Tells recruiting what an hour in a program really came to, from the labels that were published."""

    def pay_label(self, program_id: UUID) -> str | None:
        """This function will return the label in words, or None while there is too little paid work to say."""
        return self.pay_labels([program_id]).get(program_id)

    def pay_labels(self, program_ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """This function will return the labels of many programs with one query; who has none is missing."""
        said = {program_id: label_words(label) for program_id, label in current_labels(program_ids).items()}
        return {program_id: words for program_id, words in said.items() if words}

    def supports(self, label: str, stated: str) -> bool:
        """This function will tell whether the label covers a figure that an advert states.

        A figure said as "up to" may reach the third quartile, any other the median. Without a figure there is nothing to
        cover, and without a label nothing covers it.
        """
        currency = _CURRENCY.search(label)
        kept, said = _FIGURE.findall(label), _FIGURE.findall(stated)
        if currency is None or len(kept) < _QUARTILES or not said:
            return False
        places = exponent_of(currency[0])
        median, _q1, q3 = (_minor(figure, places) for figure in kept[:_QUARTILES])
        bound = q3 if _MOST.search(stated) else median
        return max(_minor(figure, places) for figure in said) <= bound


def _minor(figure: str, places: int) -> int:
    """Minor units of a figure with whatever separators; its decimals are the currency's own or none."""
    digits = re.sub(r"\D", "", figure)
    has_decimals = places and re.search(rf"[.,]\d{{{places}}}$", figure)
    return int(digits) if has_decimals else int(digits) * 10**places


def advert_is_supported(label: PayLabel | None, *, stated_minor: int, is_most: bool) -> bool:
    """This function will tell whether an advert of a program may state a figure in minor units an hour."""
    return label is not None and supports(net_hour_of(label), stated_minor, is_most=is_most)
