"""What an agent is told after a draw: what they got, where they stood, and what decided it."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from scheduling.models import DrawEntry, Shift
from scheduling.states import DrawEntryState

_BANDS: Final = ((10, "tenth"), (25, "quarter"), (50, "half"))


@dataclass(frozen=True, slots=True)
class WishResult:
    """One wish and what became of it; `place` is the place in line, 0 where there is none."""

    shift: Shift | None
    is_won: bool
    place: int
    words: str


def rank_band(rank: int, entrants: int) -> str:
    """This function will say in which part of the first round's order an entry was drawn, never its exact place."""
    share = 100 * rank / max(1, entrants)
    band = next((name for most, name in _BANDS if share <= most), "rest")
    return {
        "tenth": _("You were drawn in the first tenth."),
        "quarter": _("You were drawn in the first quarter."),
        "half": _("You were drawn in the first half."),
        "rest": _("You were drawn in the second half."),
    }[band]


def wish_results(entry: DrawEntry) -> list[WishResult]:
    """This function will return the agent's wishes, best first, each with what decided it. One query."""
    shifts = {str(one.pk): one for one in Shift.objects.across_brands().filter(pk__in=entry.wishes)}
    return [_result(entry, wish, shifts.get(wish), shifts) for wish in entry.wishes]


def _result(entry: DrawEntry, wish: str, shift: Shift | None, shifts: dict[str, Shift]) -> WishResult:
    outcome = entry.outcome
    won = [shifts[one] for one in outcome.get("won", ()) if one in shifts]
    passed = {one["shift"]: one["reason"] for one in outcome.get("passed", ())}
    place = next((one["place"] for one in outcome.get("waits", ()) if one["shift"] == wish), 0)
    if wish in outcome.get("won", ()):
        return WishResult(shift, True, 0, _("Yours."))
    if wish in passed:
        return WishResult(shift, False, 0, _passed_words(passed[wish]))
    if wish in outcome.get("struck", ()):
        return WishResult(
            shift, False, 0, _("Left out at the close: you had other work then, or could not work it to its end.")
        )
    if shift is not None and any(one.starts_at < shift.ends_at and shift.starts_at < one.ends_at for one in won):
        return WishResult(shift, False, 0, _("It clashes with a shift you won."))
    if place:
        words = _("Every seat went to entries drawn before yours. You are number %(place)s in line.")
        return WishResult(shift, False, place, words % {"place": place})
    return WishResult(shift, False, 0, _lost_words(entry, shift, won))


def _lost_words(entry: DrawEntry, shift: Shift | None, won: list[Shift]) -> str:
    minutes = entry.outcome.get("minutes")
    used = sum(_minutes(one) for one in won)
    if shift is not None and minutes is not None and used + _minutes(shift) > minutes:
        return _("It would have been more than %(hours)s h, the most this draw could give you.") % {
            "hours": f"{minutes / 60:g}"
        }
    return _("Every seat went to entries drawn before yours.")


def _minutes(shift: Shift) -> int:
    return int((shift.ends_at - shift.starts_at).total_seconds() // 60)


def _passed_words(reason: str) -> str:
    return {
        "eligibility": _("You won it, but were no longer eligible when the seats were booked."),
        "time": _("You won it, but your time or hours were taken when the seats were booked."),
        "full": _("You won it, but the seat was taken before it could be booked."),
        "gone": _("You won it, but the shift was no longer on offer."),
    }.get(reason, _("You won it, but it could not be booked."))


def headline(entry: DrawEntry) -> str:
    """This function will say in one sentence how the draw went for the agent."""
    if entry.state == DrawEntryState.WON:
        return _("You won.")
    if entry.state == DrawEntryState.WAITLISTED:
        return _("No seat this time. You are in line.")
    if entry.state == DrawEntryState.REMOVED:
        return _("Your wishes did not take part.")
    return _("No seat this time.")
