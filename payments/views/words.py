"""How a line is spoken of: states, steps and the way to the bank, in the reader's language."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from gigcx.web.formats import amount_text, clock_text, day_text, duration_text, moment_text, money_text, period_text
from payments.models import Charge, Earning, PayoutItem
from payments.pricing import SpokenStep, sentence, spoken_steps
from payments.queries.payouts import next_payout_at
from payments.queries.weeks import TIMED
from payments.states import EarningKind, EarningState, ItemState

S = EarningState
BADGES: Final = {
    S.ACCRUED: ("line", "clock"),
    S.HELD: ("short", "pause"),
    S.PAYABLE: ("accent", "check"),
    S.IN_PAYOUT: ("accent", "arrow-right"),
    S.PAID: ("cover", "check"),
    S.REVERSED: ("line", "undo"),
}


def badge_of(state: str) -> dict[str, str]:
    """This function will return the badge of an earning's state."""
    kind, icon = BADGES[EarningState(state)]
    return {"kind": kind, "icon": icon, "text": str(EarningState(state).label)}


def hold_reason(code: str) -> str:
    """This function will say why something is held."""
    known = {
        "identity": _("we are checking your identity"),
        "review": _("somebody is checking the minutes"),
        "dispute": _("it is in dispute"),
        "account_closed": _("your bank says that the account is closed"),
        "account_refused": _("your bank refused it"),
        "account_restricted": _("your payout account needs attention"),
        "account_resting": _("your new bank details rest for 48 hours"),
        "account_replaced": _("you changed your payout account"),
        "missing_tax": _("a tax form is missing"),
    }
    return known.get(code, code.replace("_", " "))


def state_words(row: Earning, at: datetime) -> str:
    """This function will say where a line stands and what happens next."""
    if row.kind == EarningKind.CLAWBACK and row.state in (S.ACCRUED, S.PAYABLE):
        return _clawback_words(row)
    match row.state:
        case S.ACCRUED:
            return _("In review until %(when)s") % {"when": moment_text(row.review_ends_at)}
        case S.HELD:
            return _held_words(row)
        case S.PAYABLE:
            return _("Ready, goes out %(when)s") % {"when": day_text(next_payout_at(at))}
        case S.PAID if row.paid_at:
            return _("Paid %(when)s") % {"when": day_text(row.paid_at)}
    return _("On its way") if row.state == S.IN_PAYOUT else _("Replaced by a corrected line")


def _clawback_words(row: Earning) -> str:
    if row.state == S.ACCRUED:
        return _("Nothing happens before %(when)s") % {"when": moment_text(row.review_ends_at)}
    return _("Comes off the next payouts, at most a fifth of each")


def _held_words(row: Earning) -> str:
    holds = getattr(row, "open_holds", None)
    if holds is None:
        holds = [hold for hold in row.holds.all() if hold.lifted_at is None]
    if not holds:
        return _("Held")
    last = max(holds, key=lambda hold: hold.until)
    return _("Held until %(when)s: %(why)s") % {"when": moment_text(last.until), "why": hold_reason(last.reason)}


def what_was_done(row: Earning) -> str:
    """This function will name the work: its kind, and how long."""
    label = str(EarningKind(row.kind).label)
    if row.kind in TIMED and row.worked_seconds:
        return f"{label}, {duration_text(row.worked_seconds // 60)}"
    if row.kind == EarningKind.FLOOR:
        return f"{label}, {row.get_cause_display()}"
    return label


def period_of(row: Earning) -> str:
    """This function will say when the work was done."""
    if row.worked_from == row.worked_to:
        return moment_text(row.worked_to)
    return period_text(row.worked_from, row.worked_to)


def sum_lines(row: Earning) -> list[dict[str, Any]]:
    """This function will return the steps of the sum and its total."""
    return [
        *_steps(row.explanation, zone=None),
        {"name": _("Total"), "figure": money_text(row.money), "is_total": True},
    ]


def _steps(explanation: dict[str, Any], *, zone: ZoneInfo | None) -> list[dict[str, Any]]:
    currency = explanation["currency"]
    return [
        {"name": _named(step, zone), "figure": amount_text(Money(step.added_minor, currency))}
        for step in spoken_steps(explanation, get_language() or "en", say=_said)
        if step.added_minor or step.rule != "margin"
    ]


def _named(step: SpokenStep, zone: ZoneInfo | None) -> str:
    labels = {"productive_hour": _("Serving"), "available_hour": _("Ready, waiting"), "training": _("Learning")}
    labels["cancellation"] = _("Hours cancelled late")
    labels |= {"standby": _("Standing by"), "vto": _("Time off by choice"), "sent_home": _("Sent home early")}
    labels |= {"incentive": _("On top of each hour"), "guarantee": _("Hours promised and not offered")}
    labels |= {"correction": _("Minutes corrected after payment")}
    alone = {
        "part_of_line": _("Without the part that is a line of its own"),
        "clawback": _("Taken back"),
        "dispute": _("As the dispute was decided"),
        "adjustment": _("Corrected by hand"),
    }
    if step.rule in alone:
        return alone[step.rule]
    label = clock_text(datetime.fromisoformat(step.at), zone) if step.at else labels.get(step.rule, "")
    return f"{label}: {step.words}" if label else step.words


def whole_sum(explanation: dict[str, Any]) -> str:
    """This function will say a whole sum in one line."""
    return sentence(explanation, get_language() or "en", say=_said)


def _said(text: str) -> str:
    known = {
        "{time} × {rate} an hour": _("{time} × {rate} an hour"),
        "{quantity} × {amount}": _("{quantity} × {amount}"),
        "× {factor} for {name}": _("× {factor} for {name}"),
        "floor of {rate} an hour for {time}, of which {earned} was earned": _(
            "floor of {rate} an hour for {time}, of which {earned} was earned"
        ),
        "at least what the agent gets": _("at least what the agent gets"),
        "less than 24 hours' notice": _("less than 24 hours' notice"),
        "less than 4 hours' notice": _("less than 4 hours' notice"),
        "{minutes} min {seconds} s": _("{minutes} min {seconds} s"),
        "{minutes} min": _("{minutes} min"),
        "New": pgettext("tier", "New"),
        "Proven": pgettext("tier", "Proven"),
        "Trusted": pgettext("tier", "Trusted"),
        "Lead": pgettext("tier", "Lead"),
        "tier": pgettext("tier", "tier"),
        "standby": _("standby"),
        "reliability": _("reliability"),
        "incentive": _("incentive"),
        "complexity": _("complexity"),
        "× {part} of {whole} for the part done": _("× {part} of {whole} for the part done"),
        ", at most {most}": _(", at most {most}"),
        ", margin × {factor} for {name}": _(", margin × {factor} for {name}"),
    }
    return known.get(text, text)


def rule_of(row: Earning) -> str:
    """This function will say by which agreed rule a line was priced."""
    return _("%(sum)s, by rate card %(version)s of %(program)s as it was when you took the work.") % {
        "sum": whole_sum(row.explanation),
        "version": row.explanation.get("card_version", row.rate_card.version),
        "program": row.program.name,
    }


def way_to_the_bank(row: Earning, at: datetime) -> list[dict[str, Any]]:
    """This function will return the steps from the minute to the bank, with what is past, now and to come."""
    item = _item_of(row)
    reached = _reached(row, item)
    payout = next_payout_at(at)
    steps = [
        (_("Cancelled") if row.kind == EarningKind.CANCELLATION_FEE else _("Worked"), period_of(row)),
        (_("In review"), _review_words(row)),
        (_("Ready to pay"), _ready_words(row)),
        (_("Transferred"), _transfer_words(row, item, payout)),
        (_("Arrived at your bank"), moment_text(item.arrived_at) if item and item.arrived_at else ""),
    ]
    return [
        {"title": title, "text": text, "state": "past" if n < reached else "now" if n == reached else "next"}
        for n, (title, text) in enumerate(steps)
    ]


def _reached(row: Earning, item: PayoutItem | None) -> int:
    if row.state in (S.ACCRUED, S.HELD):
        return 1
    if row.state == S.PAYABLE:
        return 2
    if row.state == S.PAID and item is not None and item.state == ItemState.ARRIVED:
        return 5
    return 4 if row.state == S.PAID else 3


def _ready_words(row: Earning) -> str:
    if row.state == S.HELD and not row.payable_at:
        return _("once the hold is over")
    return moment_text(row.payable_at or row.review_ends_at)


def _review_words(row: Earning) -> str:
    if row.state == S.HELD:
        return _held_words(row)
    return _("%(brand)s may object until %(when)s") % {
        "brand": row.brand.name,
        "when": moment_text(row.review_ends_at),
    }


def _transfer_words(row: Earning, item: PayoutItem | None, payout: datetime) -> str:
    if item is None:
        return moment_text(payout) if row.state == S.PAYABLE else ""
    if item.transferred_at:
        return moment_text(item.transferred_at)
    if item.state == ItemState.HELD:
        return _("Held: %(why)s") % {"why": hold_reason(item.hold_reason)}
    return _("On its way")


def _item_of(row: Earning) -> PayoutItem | None:
    live = getattr(row, "live_allocations", [])
    return live[0].item if live else None


def charge_sums(row: Charge, *, zone: ZoneInfo) -> list[dict[str, Any]]:
    """This function will return the steps of a charge and its total."""
    total = {"name": _("Total, before tax"), "figure": money_text(row.owed), "is_total": True}
    if not row.credited_minor:
        return [*_steps(row.explanation, zone=zone), total]
    credit = {
        "name": _("Minutes corrected after payment"),
        "figure": amount_text(Money(-row.credited_minor, row.currency)),
    }
    return [*_steps(row.explanation, zone=zone), credit, total]
