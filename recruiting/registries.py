"""What later stages plug in here: a program's honest net-hour label, what it needs, and how its work is given out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from recruiting.models import Program

# pay labels ---------------------------------------------------------------------------------------------------------


class PayLabelSource(Protocol):
    """Knows what an hour in a program really came to, after unpaid minutes, from paid work."""

    def pay_label(self, program_id: UUID) -> str | None:
        """The label, or None while there is too little paid work to say."""
        ...

    def pay_labels(self, program_ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """The labels of many programs at once, for lists; a program without one is missing."""
        ...

    def supports(self, label: str, stated: str) -> bool:
        """Whether a figure that a brand states is covered by the label."""
        ...


class NoPayLabels:
    """Nothing has been measured yet."""

    def pay_label(self, program_id: UUID) -> str | None:
        """This function will return None: there is no data."""
        return None

    def pay_labels(self, program_ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """This function will return nothing: there is no data."""
        return {}

    def supports(self, label: str, stated: str) -> bool:
        """This function will return False: nothing supports a stated figure."""
        return False


_source: PayLabelSource = NoPayLabels()


def set_pay_label_source(source: PayLabelSource) -> None:
    """This function will put the source in place; payments calls it when the app starts."""
    global _source
    _source = source


def pay_label_source() -> PayLabelSource:
    """This function will return the source in place."""
    return _source


# needs of a program -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProgramNeed:
    """Something a program must have before it is reviewed and published.

    `missing(program, at)` returns what to do, as one sentence ("Publish a certification."), or None where nothing is
    missing. `page(program)` is where it is done, "" where nobody can say.
    """

    name: str
    missing: Callable[["Program", datetime], str | None]
    page: Callable[["Program"], str] | None = None


_needs: dict[str, ProgramNeed] = {}


def add_program_need(
    name: str,
    missing: Callable[["Program", datetime], str | None],
    *,
    page: Callable[["Program"], str] | None = None,
) -> None:
    """This function will keep programs from review and from the public until `missing` finds nothing to say.

    A stage calls it when the app starts: `add_program_need("vetting.certification", missing_certification)`.
    """
    _needs[name] = ProgramNeed(name, missing, page)


def program_needs() -> Sequence[ProgramNeed]:
    """This function will return what later stages ask of a program, in the order they joined."""
    return tuple(_needs.values())


# ways of giving out work --------------------------------------------------------------------------------------------

_modes: list[str] = []


def give_out_work_by(mode: str) -> None:
    """This function will let programs give out their work in a way that the calling stage carries out.

    A stage calls it when the app starts: `give_out_work_by(EngagementMode.SHIFT)`.
    """
    if mode not in _modes:
        _modes.append(mode)


def ways_of_giving_out_work() -> Sequence[str]:
    """This function will return the ways on offer, in the order they joined."""
    return tuple(_modes)
