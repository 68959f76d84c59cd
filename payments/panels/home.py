"""Money at home and on Today, net pay on adverts, the sandbox's stripe."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import moment_text, money_text, reader_locale
from payments.documents import SANDBOX
from payments.queries import money_of_week, next_payout_at, spend_of_week, spendable
from payments.queries.labels import label_figures, pay_label

_BAR = 358


def banner_text() -> str:
    """This function will return the stripe of the sandbox, or nothing where money is real."""
    return _("Sandbox: no money moves") if settings.PAYMENTS_MODE == "sandbox" else ""


def opportunity_label(_request: HttpRequest, _actor: Actor, program: Any, _at: datetime) -> Mapping[str, Any]:
    """This function will bring what an hour of a program really paid, with the way to how that is known."""
    label = pay_label(program.pk)
    figures = label_figures(label)
    basis = _("%(agents)s agents, %(weeks)s weeks up to %(until)s") % {
        "agents": label.n_agents if label else 0,
        "weeks": label.n_weeks if label else 0,
        "until": format_date(label.period_to, locale=reader_locale()) if label else "",
    }
    url = reverse("payments:pay-label", kwargs={"public_slug": program.public_slug})
    return {"figures": figures, "basis": basis if figures else "", "url": url}


def mail_stamp() -> str:
    """This function will return what stands before the subject of e-mails about money where none moves."""
    return SANDBOX if settings.PAYMENTS_MODE != "live" else ""


def home_money(_request: HttpRequest, actor: Actor, _subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """This function will bring the week's money: ink for what is sure, pencil for what is in review."""
    if not isinstance(actor, AgentActor):
        return None
    week = money_of_week(actor.agent_id, at=at, zone=ZoneInfo(timezone.get_current_timezone_name()))
    base = {"url": reverse("payments:earnings")}
    if week is None or not week.total:
        return base
    ink = _BAR * week.ink.amount_minor // week.total.amount_minor
    return {
        **base,
        "total": money_text(week.total),
        "ink": money_text(week.ink),
        "pencil": money_text(week.pencil),
        "ink_width": str(ink),
        "pencil_x": str(ink + 2),
        "pencil_width": str(max(0, _BAR - ink - 2)),
        "words": _("%(ink)s ready or paid, %(pencil)s in review")
        % {"ink": money_text(week.ink), "pencil": money_text(week.pencil)},
        "next_payout": _("Next payout %(when)s") % {"when": moment_text(next_payout_at(at))},
    }


def today_spend(_request: HttpRequest, actor: Actor, _subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """This function will bring what the week has cost so far and what may still be spent."""
    if not isinstance(actor, BrandActor) or not actor.can(Permission.VIEW_BILLING):
        return None
    money = spendable(actor.brand_id, actor.brand.currency)
    spend = spend_of_week(actor.brand, at=at) or Money(0, actor.brand.currency)
    return {
        "url": reverse("payments:billing", kwargs={"slug": actor.brand.slug}),
        "spend": money_text(spend),
        "lines": [
            {"name": _("Held for published work"), "figure": money_text(money.held)},
            {"name": _("Worked, not invoiced"), "figure": money_text(money.unbilled)},
            {"name": _("Spendable"), "figure": money_text(money.free), "is_total": True},
        ],
    }
