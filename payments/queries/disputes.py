"""Disputes of lines: doors, lists, what a stretch of minutes is worth, and what a line comes to by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db.models import Q, QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money, round_minor
from gigcx.tenancy.actors import Actor
from payments.models import AdjustmentRequest, Charge, Earning, LineDispute
from payments.policies import answer_due_at, default_cap
from payments.pricing import Span, price_time
from payments.queries.cards import card_by_id
from payments.states import AdjustmentState, EarningKind, EarningState, LineDisputeState
from scheduling.queries.work import ADJUSTED, EXCUSED, PayableSpan, payable_minutes


@dataclass(frozen=True, slots=True)
class DisputePreview:
    """What disputing a stretch would do, before it is done. `minor` is the agent's pay, `bill` the brand's figure."""

    minor: int
    bill: Money
    seconds: int
    due_at: datetime
    needs_ops: bool


def disputes_for(actor: Actor) -> QuerySet[LineDispute]:
    """This function will list disputes the actor may see, newest first."""
    rows = LineDispute.objects.for_actor(actor).select_related(
        "earning__program", "earning__charge", "held_earning", "agent__user", "brand", "appeal_of"
    )
    return rows.order_by("-opened_at", "-pk")


def dispute_for(actor: Actor, dispute_id: UUID) -> LineDispute:
    """This function will return one dispute.

    Raises:
        NotFound: no such dispute, or somebody else's.
    """
    found = disputes_for(actor).filter(pk=dispute_id).first()
    if found is None:
        raise NotFound
    return found


def disputes_of_line(earning: Earning) -> list[LineDispute]:
    """This function will return the disputes that a line is part of, the latest first."""
    lineage = [one.pk for one in ancestors_of(earning)]
    about = Q(earning__in=lineage) | Q(held_earning__in=lineage)
    rows = LineDispute.objects.across_brands().filter(about).select_related("appeal_of", "brand", "earning__charge")
    return list(rows.order_by("-opened_at", "-pk"))


def ancestors_of(earning: Earning) -> list[Earning]:
    """This function will return a line and those it was split from, the line itself first."""
    found = [earning]
    while found[-1].supersedes_id is not None:
        found.append(Earning.objects.across_brands().get(pk=found[-1].supersedes_id))
    return found


def is_disputed(earning_id: UUID) -> bool:
    """This function will tell whether somebody disputes this line, or the part it is, right now."""
    about = Q(earning=earning_id) | Q(held_earning=earning_id)
    return LineDispute.objects.across_brands().filter(about, state=LineDisputeState.OPEN).exists()


def preview_of(charge: Charge, *, part_from: datetime | None, part_to: datetime | None, at: datetime) -> DisputePreview:
    """This function will say what disputing a stretch of a charge's minutes, or all of it, would hold and until when."""
    earning = charge.earning
    minor = part_minor(earning, part_from, part_to)
    bill = round_minor(Fraction(charge.net_minor * minor, earning.amount_minor))
    return DisputePreview(
        minor=minor,
        bill=Money(bill, charge.currency),
        seconds=part_seconds(earning, part_from, part_to),
        due_at=answer_due_at(at, earning.brand.timezone),
        needs_ops=minor > default_cap(earning.currency),
    )


def part_minor(earning: Earning, part_from: datetime | None, part_to: datetime | None) -> int:
    """This function will return what the minutes in `[part_from, part_to)` are worth in a line; all of it without ends.

    Time is priced without them by the same card and steps: what is missing then is what they are worth. Lines that are
    no time on a shift are cut by the share of their period.
    """
    if part_from is None or part_to is None:
        return earning.amount_minor
    if earning.kind == EarningKind.TIME and earning.source_kind == "claim":
        return min(earning.amount_minor, _priced_part(earning, part_from, part_to))
    period = (earning.worked_to - earning.worked_from).total_seconds()
    share = Fraction(part_seconds(earning, part_from, part_to), int(period)) if period else Fraction(0)
    return round_minor(earning.amount_minor * min(share, Fraction(1)))


def missing_minor(earning: Earning, part_from: datetime, part_to: datetime) -> int:
    """This function will return what the unpaid minutes in `[part_from, part_to)` would add to a line of time on a shift.

    Nothing for other lines, and where every minute of the stretch is paid already.
    """
    if earning.kind != EarningKind.TIME or earning.source_kind != "claim":
        return 0
    paid = part_seconds(earning, part_from, part_to)
    missing = max(0, int((part_to - part_from).total_seconds()) - paid)
    now = [_span(one, one.seconds) for one in _counted(earning)]
    more = [*now, Span(part_from, part_to, missing, ADJUSTED)]
    return _pay_of(earning, more) - _pay_of(earning, now)


def part_seconds(earning: Earning, part_from: datetime | None, part_to: datetime | None) -> int:
    """This function will return how many paid seconds of a line lie in a stretch; all of them without ends."""
    if part_from is None or part_to is None:
        return earning.worked_seconds
    if earning.source_kind == "claim":
        return sum(_within(span, part_from, part_to) for span in _timed(earning.source_id))
    start, end = max(part_from, earning.worked_from), min(part_to, earning.worked_to)
    return max(0, int((end - start).total_seconds()))


def _priced_part(earning: Earning, part_from: datetime, part_to: datetime) -> int:
    spans = _counted(earning)
    left = [_span(one, one.seconds - _within(one, part_from, part_to)) for one in spans]
    return _pay_of(earning, [_span(one, one.seconds) for one in spans]) - _pay_of(earning, left)


def _counted(earning: Earning) -> list[PayableSpan]:
    return [one for one in payable_minutes(earning.source_id).spans if one.state != EXCUSED]


def _pay_of(earning: Earning, spans: Sequence[Span]) -> int:
    price = price_time(card_by_id(earning.rate_card_id), spans, tier_bp=earning.tier_bp)
    return price.pay_minor if price else 0


def _span(one: PayableSpan, seconds: int) -> Span:
    return Span(one.starts_at, one.ends_at, seconds, one.state, one.cause, one.payer)


def _timed(claim_id: UUID) -> Sequence[PayableSpan]:
    return [one for one in payable_minutes(claim_id).spans if one.state not in (EXCUSED, ADJUSTED)]


def _within(span: PayableSpan, part_from: datetime, part_to: datetime) -> int:
    start, end = max(span.starts_at, part_from), min(span.ends_at, part_to)
    return min(span.seconds, max(0, int((end - start).total_seconds()))) if span.state != ADJUSTED else 0


def bill_at_stake(dispute: LineDispute) -> Money:
    """This function will return what is in question in the brand's own figures: its charge, never the agent's pay."""
    charge, pay = dispute.earning.charge, dispute.earning.amount_minor
    stake = dispute.disputed_minor or dispute.claimed_minor - pay
    return Money(round_minor(Fraction(charge.net_minor * stake, pay)), charge.currency)


def live_lines(dispute: LineDispute) -> list[Earning]:
    """This function will return what a disputed line has become: its parts and what disputes added, replaced ones left out.

    Clawbacks of those lines are among them, negative. Oldest first.
    """
    root = dispute.appeal_of or dispute
    chain = LineDispute.objects.across_brands().filter(Q(pk=root.pk) | Q(appeal_of=root)).values("pk")
    own = Q(pk=root.earning_id) | Q(source_kind="line_dispute", source_id__in=chain)
    family = _family(list(Earning.objects.across_brands().filter(own)))
    taken = Earning.objects.across_brands().filter(
        kind=EarningKind.CLAWBACK, source_kind="earning", source_id__in=[one.pk for one in family]
    )
    found = {one.pk: one for one in [*family, *taken]}
    return sorted((one for one in found.values() if one.state != EarningState.REVERSED), key=lambda one: one.pk)


def _family(lines: list[Earning]) -> list[Earning]:
    found, newest = list(lines), list(lines)
    while newest:
        newest = list(Earning.objects.across_brands().filter(supersedes__in=newest).order_by("pk"))
        newest = [one for one in newest if one.pk not in {row.pk for row in found}]
        found += newest
    return found


def open_disputes() -> tuple[int, datetime | None]:
    """This function will count open disputes and tell since when the oldest waits."""
    rows = LineDispute.objects.across_brands().filter(state=LineDisputeState.OPEN)
    return rows.count(), rows.order_by("opened_at").values_list("opened_at", flat=True).first()


def asked_adjustments() -> tuple[int, datetime | None]:
    """This function will count corrections by hand that wait for a second person and tell since when the first does."""
    rows = AdjustmentRequest.objects.across_brands().filter(state=AdjustmentState.ASKED)
    return rows.count(), rows.order_by("asked_at").values_list("asked_at", flat=True).first()
