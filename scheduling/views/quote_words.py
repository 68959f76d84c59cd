"""A quote in words and figures for its page: price lines, odds, ways to staff, what it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gigcx.kernel.intervals import day_of, zone_of
from gigcx.kernel.money import Money
from gigcx.web.formats import amount_text, duration_text, money_text, number_text, percent_text
from recruiting.states import LineKind
from scheduling.models import CapacityRequest, Quote, Shift
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.quoting.learning import BLOCKS_A_DAY
from scheduling.views.curves import Mark, by_hour, core_problem

_KIND_NAMES: Final = {
    "peak": gettext_lazy("Fixed team at the peak"),
    "average": gettext_lazy("Fixed team at the average"),
    "rota": gettext_lazy("Cheapest fixed rota, 8-hour shifts"),
    "on_demand": gettext_lazy("On demand, this quote"),
}


def price_words(quote: Quote | None, request: CapacityRequest) -> dict[str, Any] | None:
    """This function will return the price, its lines by kind, and what is owed if nothing comes in."""
    if quote is None:
        return None
    bill, pay = Money(quote.bill_minor, quote.currency), Money(quote.pay_minor, quote.pay_currency)
    seconds = sum(line["seconds"] * line["seats"] for line in quote.lines)
    least = Money(quote.assumptions.get("least_bill_minor", quote.bill_minor), quote.currency)
    budgets = request.incentive_budget_minor + request.remedy_budget_minor
    floor = Money(quote.floor_exposure_minor, quote.currency)
    given = quote.assumptions.get("given_minutes", 0)
    return {
        "least_text": money_text(least) if least != bill else "",
        "bill": amount_text(bill),
        "currency": bill.currency,
        "bill_text": money_text(bill),
        "pay_text": money_text(pay),
        "hours": f"{seconds / 3600:,.1f}".removesuffix(".0"),
        "until": quote.expires_at,
        "lines": _lines_by_kind(quote),
        "held_text": money_text(Money(quote.bill_minor + budgets, quote.currency)),
        "budgets_text": money_text(Money(budgets, quote.currency)) if budgets else "",
        "floor_text": money_text(floor) if quote.floor_exposure_minor else "",
        "is_floor_full": floor == bill,
        "given_text": duration_text(given) if given else "",
    }


def _lines_by_kind(quote: Quote) -> list[dict[str, str]]:
    sums: dict[str, list[int]] = {}
    for line in quote.lines:
        found = sums.setdefault(line.get("kind", LineKind.PRODUCTIVE_HOUR), [0, 0])
        found[0] += line["seconds"] * line["seats"]
        found[1] += line["bill_minor"]
    return [
        {
            "name": f"{LineKind(kind).label}, {number_text(seconds / 3600, 1 if seconds % 3600 else 0)}",
            "figure": money_text(Money(minor, quote.currency)),
        }
        for kind, (seconds, minor) in sums.items()
    ]


def odds_words(quote: Quote | None) -> dict[str, Any] | None:
    """This function will return the chance of filling, the price of five points more, and when the pool is big enough."""
    if quote is None or "share" not in quote.fill:
        return None
    fill, rests = quote.fill, quote.assumptions
    return {
        "share": percent_text(fill["share"]),
        "low": percent_text(fill["low_share"]),
        "present": percent_text(fill["present_share"]),
        "covered": percent_text(fill["covered"]),
        "is_good": fill["share"] >= 0.95,
        "certainty": _certainty(fill["certainty"]),
        "ramp": _ramp(fill["ramp"]),
        "draws": number_text(rests["draws"]),
        "bench": number_text(rests["bench"]),
        "past": number_text(rests["past_shifts"]),
        "show": percent_text(rests["show_rate"]),
        "kept": percent_text(rests["brand_kept"]),
        "habits": _habits(rests.get("habits")),
        "seed": quote.seed,
        "has_priors": any(line["odds"]["is_prior"] for line in quote.lines if "odds" in line),
        "clock_changes": [_clock_change(one) for one in rests.get("clock_changes", [])],
    }


def _habits(found: Mapping[str, Any] | None) -> str:
    """What is told of lead time and pay: learned, or assumed. Prices counted before this was kept say nothing."""
    if found is None:
        return ""
    hours, power = number_text(found["lead_scale_hours"], 0), number_text(found["pay_elasticity"], 1)
    given = {"seats": number_text(found["seats"]), "hours": hours, "power": power}
    if found["is_pay_learned"]:
        return (
            _(
                "When people come, and what pay does, is learned from %(seats)s seats that you released: two of three in "
                "the last %(hours)s hours, and 1 %% more pay brings %(power)s %% more."
            )
            % given
        )
    if found["is_lead_learned"]:
        return (
            _(
                "When people come is learned from %(seats)s seats that you released: two of three in the last %(hours)s hours. "
                "Pay hardly differed, so what it does is assumed: 1 %% more brings %(power)s %% more."
            )
            % given
        )
    return (
        _(
            "When people come, and what pay does, is assumed until you have released more seats: two of three in the last "
            "%(hours)s hours, and 1 %% more pay brings %(power)s %% more."
        )
        % given
    )


def _certainty(found: Mapping[str, Any]) -> dict[str, Any]:
    cost = Money(found["cost_minor"], found["currency"])
    return {
        "is_needed": found["raise"] > 0,
        "is_enough": found["is_enough"],
        "raise": percent_text(found["raise"]),
        "per_hour": money_text(Money(found["per_hour_minor"], found["currency"])),
        "cost": money_text(cost),
        "before": percent_text(found["before"]),
        "after": percent_text(found["after"]),
    }


def _ramp(found: Mapping[str, Any]) -> dict[str, Any] | None:
    if not found["is_small"]:
        return None
    on = found["ready_on"]
    return {
        "bench": number_text(found["bench"]),
        "needed": number_text(found["needed"]),
        "in_training": number_text(found["in_training"]),
        "ready": f"{date.fromisoformat(on):%-d %B %Y}" if on else "",
    }


def _clock_change(found: Mapping[str, Any]) -> str:
    words = {"day": f"{date.fromisoformat(found['on']):%A %-d %B}", "hours": number_text(found["hours"])}
    return _("%(day)s has %(hours)s hours.") % words + " " + _bent_shifts(found["shifts"])


def _bent_shifts(count: int) -> str:
    if not count:
        return _("No shift lies across the change.")
    return ngettext(
        "%(n)s shift lies across the change and is paid for the hours that really pass.",
        "%(n)s shifts lie across the change and are paid for the hours that really pass.",
        count,
    ) % {"n": count}


def ways_words(quote: Quote | None, request: CapacityRequest) -> dict[str, Any] | None:
    """This function will return the comparison with fixed staff as table and picture, and which way is cheapest."""
    if quote is None or not quote.strategies.get("strategies"):
        return None
    found = quote.strategies
    return {
        "heads": way_heads(),
        "rows": [way_row(one, quote.currency, is_best=one["kind"] == found["best"]) for one in found["strategies"]],
        "verdict": verdict(found, quote.currency),
        "is_fixed_cheaper": found["best"] != "on_demand",
        "own_hour": money_text(Money(quote.assumptions["own_hour_minor"], quote.currency)),
        "absence": percent_text(quote.assumptions["absence_bp"] / 10_000),
        "contacts": number_text(quote.assumptions["contacts_per_hour"], 1),
        "curve": _week_curve(found, request),
    }


def way_heads() -> list[dict[str, Any]]:
    """This function will return the head of the comparison table."""
    return [
        {"label": _("Way")},
        {"label": _("Cost"), "num": True},
        {"label": _("People"), "num": True, "css": "hide-s"},
        {"label": _("Paid hours"), "num": True, "css": "hide-s"},
        {"label": _("Idle hours"), "num": True},
        {"label": _("Uncovered"), "num": True},
        {"label": _("Contacts lost"), "num": True, "css": "hide-s"},
    ]


def way_row(one: Mapping[str, Any], currency: str, *, is_best: bool, name: str = "") -> dict[str, Any]:
    """This function will return one way as a row of the table."""
    words = name or str(_KIND_NAMES[one["kind"]])
    return {
        "is_on": is_best,
        "cells": [
            {"text": f"{words} · {_('cheapest')}" if is_best else words, "css": "strong" if is_best else ""},
            {"text": money_text(Money(one["cost_minor"], currency)), "num": True, "css": "nowrap"},
            {"text": number_text(one["heads"]) if one["heads"] else "–", "num": True, "css": "hide-s"},
            {"text": number_text(round(one["paid_hours"])), "num": True, "css": "hide-s"},
            {"text": number_text(round(one["idle_hours"])), "num": True},
            {
                "text": number_text(round(one["uncovered_hours"])),
                "num": True,
                "css": "c-short" if one["uncovered_hours"] >= 1 else "",
            },
            {"text": number_text(one["abandoned"]), "num": True, "css": "hide-s"},
        ],
    }


def verdict(found: Mapping[str, Any], currency: str) -> str:
    """This function will say in one sentence which way is cheapest, on demand or not, and by how much."""
    ways = {one["kind"]: one for one in found["strategies"]}
    mine, best = ways["on_demand"], ways[found["best"]]
    if best is mine:
        saved = Money(ways["rota"]["cost_minor"] - mine["cost_minor"], currency)
        if saved.amount_minor < 0:
            return _("On demand is cheapest once lost contacts are counted.")
        words = {"by": money_text(saved)}
        return _("On demand is cheapest here: it saves %(by)s a week against the best fixed rota.") % words
    extra = Money(mine["cost_minor"] - best["cost_minor"], currency)
    words = {"by": money_text(extra), "way": str(_KIND_NAMES[best["kind"]])}
    if extra.amount_minor >= 0:
        return _("Fixed staff are cheaper here: %(way)s saves %(by)s a week against on demand.") % words
    hours = number_text(round(mine["uncovered_hours"]))
    return _(
        "On demand would leave %(hours)s hours uncovered, so it does not count as the cheapest way; %(way)s covers them all."
    ) % {**words, "hours": hours}


def _week_curve(found: Mapping[str, Any], request: CapacityRequest) -> dict[str, Any] | None:
    zone = zone_of(request.timezone)
    first = week_period(request.week_starts_on, zone).starts_at
    marks = [
        Mark(int((day_of(on, zone).starts_at - first).total_seconds() // 3600), f"{on:%a %-d}")
        for on in days_of_week(request.week_starts_on)
    ]
    minutes = found["slot_minutes"]
    return core_problem(
        by_hour(found["required"], slot_minutes=minutes),
        by_hour(found["seats"], slot_minutes=minutes),
        average=found["average"],
        marks=marks,
    )


def fill_heat(quote: Quote | None, shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """This function will return expected fill by day and four-hour block, one cell where a shift starts."""
    if quote is None:
        return []
    odds = {line["shift_id"]: line["odds"] for line in quote.lines if "odds" in line}
    cells: dict[date, dict[int, list[float]]] = {}
    for shift in shifts:
        found = odds.get(str(shift.pk))
        if found is None:
            continue
        hour = shift.starts_at.astimezone(zone_of(shift.timezone)).hour
        block = cells.setdefault(shift.local_on, {}).setdefault(hour * BLOCKS_A_DAY // 24, [0.0, 0.0])
        block[0] += found["expected"]
        block[1] += shift.seats
    return [
        {"day": f"{on:%a %-d}", "cells": [_heat_cell(blocks.get(block)) for block in range(BLOCKS_A_DAY)]}
        for on, blocks in sorted(cells.items())
    ]


def _heat_cell(pair: Sequence[float] | None) -> dict[str, str]:
    if not pair or not pair[1]:
        return {"css": "hc no", "figure": "", "words": _("no shift starts")}
    share = pair[0] / pair[1]
    step = max(0, min(100, int(share * 20) * 5))
    level = "ok" if share >= 0.95 else "s1" if share >= 0.85 else "s2" if share >= 0.6 else "s3"
    return {"css": f"hc {level} f-{step}", "figure": f"{round(share * 100)}", "words": ""}


def block_labels() -> list[str]:
    """This function will return the heads of the heat table: when its blocks begin."""
    return [f"{block * 24 // BLOCKS_A_DAY:02d}" for block in range(BLOCKS_A_DAY)]


def odds_by_shift(quote: Quote | None) -> dict[str, dict[str, Any]]:
    """This function will return the odds of each shift by its id."""
    if quote is None:
        return {}
    return {
        line["shift_id"]: {
            "share": round(100 * line["odds"]["expected"] / line["seats"]),
            "full": percent_text(line["odds"]["full"]),
            "low": line["odds"]["low"],
            "is_prior": line["odds"]["is_prior"],
        }
        for line in quote.lines
        if "odds" in line
    }
