"""What an opportunity offers: true pay from the rate card, what it asks, and how it fits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.kernel.money import Money
from recruiting.models import Agent, Engagement, Program, RateCard, RateCardLine, ScreeningQuestion
from recruiting.models.programs import ProgramQuerySet
from recruiting.queries.fits import (
    FitLine,
    best_tier_of,
    channel_words,
    fits_of_programs,
    language_name,
    lines_with,
    skill_labels,
    stored,
)
from recruiting.queries.programs import public_programs
from recruiting.queries.rate_cards import active_rate_card
from recruiting.registries import pay_label_source
from recruiting.states import EngagementMode, EngagementState, LineKind, LineUnit, Tier

_WEEKDAYS: Final = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)
_PAY_ORDER: Final = (
    LineKind.PRODUCTIVE_HOUR,
    LineKind.AVAILABLE_HOUR,
    LineKind.RESOLUTION,
    LineKind.INTERACTION,
    LineKind.FLOOR,
    LineKind.TRAINING,
    LineKind.CERTIFICATION_BOUNTY,
    LineKind.STANDBY,
    LineKind.CANCELLATION,
    LineKind.SENT_HOME,
    LineKind.REFERRAL,
)


@dataclass(frozen=True, slots=True)
class PayLine:
    """One price an agent earns."""

    label: str
    pay: Money
    unit: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An opportunity as a list shows it. `pay` is the main line, `net_label` what an hour really came to, where known."""

    program: Program
    pay: PayLine | None
    net_label: str
    requirements: tuple[str, ...]
    hours: str
    score: int | None = None
    lines: tuple[FitLine, ...] = ()
    engagement: Engagement | None = None

    @property
    def missing(self) -> list[FitLine]:
        """What keeps the fit below full."""
        return [line for line in self.lines if not line.is_met]

    @property
    def met(self) -> list[FitLine]:
        """What fits."""
        return [line for line in self.lines if line.is_met]


@dataclass(frozen=True, slots=True)
class OfferDetail:
    """An opportunity as its own page shows it."""

    offer: Offer
    pay_lines: tuple[PayLine, ...]
    tiers: tuple[tuple[str, str], ...]
    valid_from: datetime | None
    questions: tuple[ScreeningQuestion, ...]


def offers(at: datetime) -> list[Offer]:
    """This function will return what anybody may apply to, newest first."""
    programs = list(_priced(public_programs(), at))
    labels, nets = skill_labels(), _net_labels(programs)
    return [_offer(program, _main_price(program), labels, net=nets.get(program.pk, "")) for program in programs]


def opportunities_for(agent: Agent, at: datetime) -> list[Offer]:
    """This function will return what an agent may apply to, the best fit first, each with its reasons."""
    programs = list(_priced(public_programs(), at))
    labels, nets = skill_labels(), _net_labels(programs)
    mine = _engagements(agent.pk)
    fits = fits_of_programs(agent, programs, at, best_tier_of(mine.values()))
    found = [
        _offer(
            program,
            _main_price(program),
            labels,
            net=nets.get(program.pk, ""),
            score=fits[program.pk].score,
            lines=tuple(lines_with(stored(fits[program.pk]), labels)),
            engagement=mine.get(program.pk),
        )
        for program in programs
    ]
    return sorted(found, key=lambda one: (one.engagement is not None, -(one.score or 0), one.program.name))


def offer_of(program: Program, at: datetime) -> OfferDetail:
    """This function will return everything an opportunity page states."""
    card = active_rate_card(program.pk, at)
    questions = program.questions.filter(is_retired=False).order_by("position", "pk")
    return OfferDetail(
        offer=_offer(program, _main_of(program, pay_lines(card)), skill_labels(), net=_net_label(program)),
        pay_lines=pay_lines(card),
        tiers=_tiers(card),
        valid_from=card.valid_from if card else None,
        questions=tuple(questions),
    )


def offer_for(agent: Agent, program: Program, at: datetime) -> Offer:
    """This function will return one opportunity with the agent's fit and engagement."""
    labels = skill_labels()
    priced = _priced(Program.objects.across_brands().filter(pk=program.pk), at).get()
    fit = fits_of_programs(agent, [program], at)[program.pk]
    return _offer(
        program,
        _main_price(priced),
        labels,
        net=_net_label(program),
        score=fit.score,
        lines=tuple(lines_with(stored(fit), labels)),
        engagement=_engagements(agent.pk).get(program.pk),
    )


def pay_lines(card: RateCard | None) -> tuple[PayLine, ...]:
    """This function will return what a card pays an agent, in the order people ask for it."""
    if card is None:
        return ()
    priced = {line.kind: line for line in card.lines.all()}
    known = [priced[kind] for kind in _PAY_ORDER if kind in priced]
    return tuple(_pay_line(line, card) for line in known)


def requirement_words(program: Program, labels: Mapping[str, str]) -> tuple[str, ...]:
    """This function will say what a program asks for, one short phrase each."""
    languages = [
        _("%(language)s at %(level)s") % {"language": language_name(one["tag"]), "level": one["level"]}
        for one in program.languages
    ]
    skills = [
        _("%(skill)s, level %(level)s of 5") % {"skill": labels.get(one["key"], one["key"]), "level": one["level"]}
        for one in program.required_skills
    ]
    return (*languages, *skills, *program.equipment)


def service_words(program: Program) -> str:
    """This function will say when a program is served, days with equal hours together; empty when it does not say."""
    if not program.service_hours:
        return _("Round the clock")
    days: dict[tuple[str, str], list[int]] = {}
    for one in program.service_hours:
        days.setdefault((one["from"], one["to"]), []).append(one["weekday"])
    return "; ".join(_stretch(weekdays, *clock) for clock, weekdays in days.items())


def _stretch(weekdays: Iterable[int], starts: str, ends: str) -> str:
    own = sorted(set(weekdays))
    is_row = len(own) > 2 and own == list(range(own[0], own[-1] + 1))
    named = f"{_WEEKDAYS[own[0]]} – {_WEEKDAYS[own[-1]]}" if is_row else ", ".join(str(_WEEKDAYS[day]) for day in own)
    return f"{named} {starts} – {'24:00' if ends == '00:00' else ends}"


def _offer(
    program: Program,
    pay: PayLine | None,
    labels: Mapping[str, str],
    *,
    net: str,
    score: int | None = None,
    lines: tuple[FitLine, ...] = (),
    engagement: Engagement | None = None,
) -> Offer:
    words = requirement_words(program, labels)
    return Offer(program, pay, net, words, service_words(program), score, lines, engagement)


def _net_label(program: Program) -> str:
    return pay_label_source().pay_label(program.pk) or ""


def _net_labels(programs: Iterable[Program]) -> Mapping[UUID, str]:
    return pay_label_source().pay_labels([program.pk for program in programs])


def _main_kind(program: Program) -> LineKind:
    return LineKind.RESOLUTION if program.engagement_mode == EngagementMode.CASE else LineKind.PRODUCTIVE_HOUR


def _main_of(program: Program, lines: tuple[PayLine, ...]) -> PayLine | None:
    label = str(_main_kind(program).label)
    return next((line for line in lines if line.label == label), None)


def _priced(programs: ProgramQuerySet, at: datetime) -> ProgramQuerySet:
    """With the main line of the card in force, in the same query: what a list shows needs no other."""
    by_case = Q(card__program__engagement_mode=EngagementMode.CASE)
    lines = RateCardLine.objects.across_brands().filter(
        Q(by_case, kind=LineKind.RESOLUTION) | Q(~by_case, kind=LineKind.PRODUCTIVE_HOUR),
        card__program=OuterRef("pk"),
        card__in=RateCard.objects.across_brands().in_force(at),
    )
    shown = JSONObject(kind="kind", unit="unit", pay_minor="pay_minor", currency="card__pay_currency")
    return programs.annotate(main_line=Subquery(lines.order_by("-card__version").values(shown=shown)[:1]))


def _main_price(program: Program) -> PayLine | None:
    line: dict[str, Any] | None = program.main_line  # type: ignore[attr-defined]  # annotated by _priced
    if line is None:
        return None
    pay = Money(line["pay_minor"], line["currency"])
    return PayLine(str(LineKind(line["kind"]).label), pay, str(LineUnit(line["unit"]).label))


def _pay_line(line: RateCardLine, card: RateCard) -> PayLine:
    return PayLine(line.get_kind_display(), Money(line.pay_minor, card.pay_currency), line.get_unit_display())


def _engagements(agent_id: UUID) -> dict[UUID, Engagement]:
    rows = Engagement.objects.across_brands().filter(Q(agent_id=agent_id) & ~Q(state=EngagementState.ENDED))
    return {row.program_id: row for row in rows.order_by("applied_at")}


def _tiers(card: RateCard | None) -> tuple[tuple[str, str], ...]:
    given = card.tier_multipliers if card else {}
    if len(set(given.values())) < 2:
        return ()
    return tuple((str(tier.label), f"× {given[tier] / 10_000:.2f}") for tier in Tier if tier in given)


def channels_of(program: Program) -> str:
    """This function will name a program's channels."""
    return channel_words(program.channels)
