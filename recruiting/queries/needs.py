"""What a program lacks before it can be reviewed and published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from recruiting.models import Program
from recruiting.queries.rate_cards import active_rate_card
from recruiting.queries.terms import active_terms
from recruiting.registries import program_needs
from recruiting.states import EngagementMode, LineKind


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, said as what to do. `url` is where it is done, "" where there is no such page."""

    code: str
    sentence: str
    url: str


def missing_of(program: Program, at: datetime) -> list[Lack]:
    """This function will list what a program lacks before it is reviewed and published; empty means nothing."""
    return [*_own(program, at), *_of_later_stages(program, at)]


def _own(program: Program, at: datetime) -> list[Lack]:
    checks = (
        ("summary", bool(program.summary), _("Say in one sentence what the work is."), "program-edit"),
        ("languages", bool(program.languages), _("Name a language and its level."), "program-edit"),
        ("channels", bool(program.channels), _("Choose a channel."), "program-edit"),
        ("prices", _is_priced(program, at), _("Publish prices."), "program-pay"),
        ("terms", active_terms(program.pk, at) is not None, _("Publish terms."), "program-terms"),
    )
    return [Lack(code, words, _page(program, page)) for code, is_there, words, page in checks if not is_there]


def _of_later_stages(program: Program, at: datetime) -> Iterator[Lack]:
    for need in program_needs():
        if sentence := need.missing(program, at):
            yield Lack(need.name, str(sentence), need.page(program) if need.page else "")


def _is_priced(program: Program, at: datetime) -> bool:
    card = active_rate_card(program.pk, at)
    main = LineKind.RESOLUTION if program.engagement_mode == EngagementMode.CASE else LineKind.PRODUCTIVE_HOUR
    return card is not None and card.line(main) is not None


def _page(program: Program, name: str) -> str:
    return reverse(f"recruiting:{name}", args=[program.brand.slug, program.pk])
