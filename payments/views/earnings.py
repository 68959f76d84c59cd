"""An agent's earnings: what is there, what is coming, and every line down to its minutes."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.intervals import week_start
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import amount_text, day_text, duration_text, moment_text, money_text
from payments.models import Earning, LineDispute
from payments.policies import agents_window_ends, is_in_agents_window
from payments.queries import (
    AgentBalance,
    agent_balance,
    earning_for,
    earnings_for,
    next_payout_at,
    review_ends_next,
)
from payments.queries.disputes import disputes_of_line
from payments.queries.live import LiveWork, live_work
from payments.queries.pages import page_of
from payments.queries.payouts import accounts_of
from payments.queries.weeks import weeks_earned
from payments.states import EarningState, LineDisputeState, PartyKind
from payments.views import words
from payments.views.pictures import picture_of
from payments.views.weeks import week_label, week_picture

PAGE = 40
S = LineDisputeState


def tabs(current: str) -> list[dict[str, Any]]:
    """This function will return the tabs of the earnings pages."""
    pages = (
        ("earnings", _("Earnings")),
        ("payouts", _("Payouts")),
        ("payout-account", _("Payout account")),
        ("taxes", _("Tax")),
    )
    return [
        {"label": label, "url": reverse(f"payments:{name}"), "is_current": name == current} for name, label in pages
    ]


@agent_page
def earnings(request: AgentRequest) -> HttpResponse:
    """This function will show balances and the lines by week."""
    at, agent_id = clock.now(), request.actor.agent_id
    rows = earnings_for(request.actor).annotate(has_account=Exists(accounts_of(agent_id)))
    page = page_of(rows, by="worked_to", after=request.GET.get("after", ""), size=PAGE)
    context = {
        "page_title": _("Earnings"),
        "tabs": tabs("earnings"),
        **_now(agent_id, at),
        "weeks": _weeks(agent_id, page.rows, at),
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
        "needs_account": bool(page.rows) and not getattr(page.rows[0], "has_account", True),
    }
    return render(request, "payments/earning_list.html", context)


@agent_page
def now(request: AgentRequest) -> HttpResponse:
    """This function will return the balances and the running session anew; the page asks every 15 seconds while working."""
    return render(request, "payments/_earning_now.html", _now(request.actor.agent_id, clock.now()))


def _now(agent_id: UUID, at: datetime) -> dict[str, Any]:
    live = live_work(agent_id, at=at)
    release = review_ends_next(agent_id)
    return {
        "balances": [_balance(one, release, at) for one in agent_balance(agent_id, at=at)],
        "live": _live(live) if live else None,
    }


def _live(live: LiveWork) -> dict[str, Any]:
    return {
        "program": live.program,
        "brand": live.brand,
        "time": duration_text(live.seconds // 60),
        "total": amount_text(live.total),
        "currency": live.total.currency,
        "is_silent": live.is_silent,
        "lines": [
            {"name": name, "figure": amount_text(money)}
            for name, money in (
                (_("Serving and waiting"), live.worked),
                (_("The floor adds"), live.floor),
                (_("Incentive"), live.incentive),
            )
            if money or money is live.worked
        ],
    }


def _balance(one: AgentBalance, release: datetime | None, at: datetime) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "available": amount_text(one.available),
        "in_review": amount_text(one.in_review),
        "on_its_way": amount_text(one.on_its_way),
        "paid": amount_text(one.paid_this_year),
        "release": _("next release %(when)s") % {"when": moment_text(release)} if release else "",
        "owed": _("%(amount)s will be taken back, at most a fifth of each payout") % {"amount": money_text(one.owed)}
        if one.owed
        else "",
        "next_payout": _("next payout %(when)s") % {"when": moment_text(next_payout_at(at))},
    }


def _weeks(agent_id: UUID, rows: Sequence[Earning], at: datetime) -> list[dict[str, Any]]:
    """The lines by week, each under the picture of the whole week, whatever the page shows of it."""
    zone = _zone()
    found = groupby(rows, key=lambda row: week_start(row.worked_to.astimezone(zone).date()))
    weeks = [(monday, list(lines)) for monday, lines in found]
    sums = weeks_earned(agent_id, mondays=[monday for monday, _lines in weeks], zone=zone)
    today = at.astimezone(zone).date()
    return [
        {
            "label": week_label(monday, zone),
            "is_present": monday == week_start(today),
            "pictures": [week_picture(week, today=today) for week in sums.get(monday, [])],
            "lines": [_row(row, at) for row in lines],
        }
        for monday, lines in weeks
    ]


def _row(row: Earning, at: Any) -> dict[str, Any]:
    badge, state = words.badge_of(row.state), words.state_words(row, at)
    return {
        "url": reverse("payments:earning", kwargs={"earning_id": row.pk}),
        "what": row.program.name,
        "day": day_text(row.worked_to),
        "how": words.what_was_done(row),
        "amount": money_text(row.money),
        "state": "" if state == badge["text"] else state,
        "badge": badge,
    }


@agent_page
def earning(request: AgentRequest, earning_id: UUID) -> HttpResponse:
    """This function will explain one line: its steps, its minutes, its rule and its way to the bank."""
    at = clock.now()
    row = earning_for(request.actor, earning_id)
    disputes = disputes_of_line(row)
    context = {
        "page_title": _("%(amount)s, explained") % {"amount": money_text(row.money)},
        "row": row,
        "what": words.what_was_done(row),
        "when": words.period_of(row),
        "state": words.state_words(row, at),
        "badge": words.badge_of(row.state),
        "sums": words.sum_lines(row),
        "rule": words.rule_of(row),
        "hours": picture_of(row, zone=_zone()),
        "steps": words.way_to_the_bank(row, at),
        "is_replaced": row.state == EarningState.REVERSED,
        "disputes": [_dispute(one) for one in disputes],
        "may_dispute": is_in_agents_window(row, at=at) and not any(one.state == S.OPEN for one in disputes),
        "may_until": moment_text(agents_window_ends(row)),
        "fault": row.explanation.get("fault", ""),
    }
    return render(request, "payments/earning_page.html", context)


def _dispute(one: LineDispute) -> dict[str, str]:
    due = moment_text(one.due_at)
    words_of = {S.OPEN: _("open until %(when)s") % {"when": due}}
    return {
        "url": reverse("payments:dispute", kwargs={"dispute_id": one.pk}),
        "who": _("You said")
        if one.opened_by_kind == PartyKind.AGENT
        else _("%(brand)s said") % {"brand": one.brand.name},
        "reason": one.reason,
        "state": words_of.get(S(one.state), str(S(one.state).label)),
    }


def _zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_current_timezone_name())
