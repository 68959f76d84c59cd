"""What payments brings to shared pages: menus, money at home and on Today, queues of ops, the sandbox stripe."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.accounts.models import User
from gigcx.audit.outbox import Delivered
from gigcx.kernel.money import Money
from gigcx.notify.registries import Kind, Message, Reach, kind, stamp, tell
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import moment_text, money_text, reader_locale
from gigcx.web.registries import Banner, Entry, Panel, Queue, add
from gigcx.web.timeline import phrase
from payments.actions.rails import THROTTLED
from payments.documents import SANDBOX
from payments.events import (
    EarningHeld,
    InstantPayoutFailed,
    PayoutAccountChanged,
    PayoutHeld,
    PayoutReturned,
    PayoutTransferred,
    RailStopped,
)
from payments.policies import DISPUTE_HOLD
from payments.queries import money_of_week, next_payout_at, spend_of_week, spendable
from payments.queries.books import held_earnings, oldest, troubles
from payments.queries.disputes import asked_adjustments, open_disputes
from payments.queries.inbox import events_to_look_at
from payments.queries.invoices import open_proposals, overdue_invoices
from payments.queries.labels import label_figures, pay_label
from payments.queries.payouts import oldest_planned_run, waiting_bank_lines
from payments.queries.reconciliation import unmatched
from payments.queries.taxes import missing_tax_data
from payments.states import ItemState, RailCode
from recruiting.models import Agent

_BAR = 358
# How each recorded action reads in a history.
SENTENCES: Final = {
    "payments.price_claim": gettext_lazy("Priced: version {version} of the minutes, lines: {lines}"),
    "payments.accrue_earning": gettext_lazy("Earned; the review began"),
    "payments.release_earnings": gettext_lazy("The review ended: ready to pay"),
    "payments.hold_earning": gettext_lazy("{who} held the line: {reason}"),
    "payments.lift_hold": gettext_lazy("The hold ended"),
    "payments.reverse_earnings": gettext_lazy("Replaced by a corrected line"),
    "payments.split_line": gettext_lazy("Split in two lines that sum to it: {reason}"),
    "payments.record_clawback": gettext_lazy("{who} announced that part of a paid line is taken back: {reason}"),
    "payments.open_dispute": gettext_lazy("{who} called the line wrong: {reason}"),
    "payments.answer_dispute": gettext_lazy("{who} answered: {reason}"),
    "payments.concede_dispute": gettext_lazy("{who} agreed with the other side"),
    "payments.withdraw_dispute": gettext_lazy("{who} withdrew the dispute"),
    "payments.decide_dispute": gettext_lazy("{who} decided: {reason}"),
    "payments.default_dispute": gettext_lazy("Nobody decided in time: the agent's figure stands"),
    "payments.hand_over_dispute": gettext_lazy("Silence could not decide it; ops must act: {reason}"),
    "payments.appeal_dispute": gettext_lazy("{who} asked for another look: {reason}"),
    "payments.close_dispute": gettext_lazy("The dispute is closed"),
    "payments.ask_adjustment": gettext_lazy("{who} asked for a correction by hand: {reason}"),
    "payments.approve_adjustment": gettext_lazy("{who} approved it: {reason}"),
    "payments.refuse_adjustment": gettext_lazy("{who} refused it: {reason}"),
    "payments.keep_overpaid": gettext_lazy("Corrected downwards after payment: the agent keeps what was paid"),
    "payments.publish_pay_label": gettext_lazy("Net pay an hour published, over {agents} agents"),
    "payments.credit_charge": gettext_lazy("Corrected for the brand after payment, at the platform's cost"),
    "payments.set_terms": gettext_lazy("{who} set the credit limit"),
    "payments.set_funds_mode": gettext_lazy("{who} changed how the brand pays"),
    "payments.release_hold": gettext_lazy("{who} let the hold go: {reason}"),
    "payments.set_budget": gettext_lazy("{who} set the budget from {month} on"),
    "payments.lift_budget": gettext_lazy("{who} lifted the budget from {month} on"),
    "payments.start_top_up": gettext_lazy("{who} began a top-up"),
    "payments.move_top_up": gettext_lazy("The top-up went on"),
    "payments.confirm_refund": gettext_lazy("The provider sent the money back"),
    "payments.set_auto_top_up": gettext_lazy("{who} set the automatic top-up"),
    "payments.lose_card_dispute": gettext_lazy("The card's bank kept the money: {reason}"),
    "payments.open_payout_account": gettext_lazy("{who} opened a payout account"),
    "payments.move_payout_account": gettext_lazy("The payout account went on"),
    "payments.change_bank_details": gettext_lazy("The bank details changed; the account rests before it is used"),
    "payments.plan_run": gettext_lazy("{who} planned the run: {items} payouts"),
    "payments.approve_run": gettext_lazy("{who} approved the run"),
    "payments.move_run": gettext_lazy("{who} moved the run on"),
    "payments.settle_item": gettext_lazy("Transferred: the money left us"),
    "payments.move_item": gettext_lazy("The bank reported on the payout"),
    "payments.hold_item": gettext_lazy("Held: {reason}"),
    "payments.cancel_item": gettext_lazy("{who} called the payout off: {reason}"),
    "payments.save_tax_profile": gettext_lazy("{who} told tax data, valid from {valid_from}"),
    "payments.move_tax_form": gettext_lazy("{who} put the income on another report"),
    "payments.export_tax": gettext_lazy("{who} made a file of tax data: {rows} lines"),
    "payments.open_tax_export": gettext_lazy("{who} took the file with full tax numbers"),
    "payments.retry_event": gettext_lazy("{who} took a parked webhook up again: {reason}"),
    "payments.find_difference": gettext_lazy("A reconciliation found it"),
    "payments.resolve_difference": gettext_lazy("{who} dealt with the difference: {reason}"),
    "payments.adopt_payment": gettext_lazy("Found on the other side as {reason} and written again"),
    "payments.switch_rail": gettext_lazy("{who} switched the rail"),
    "payments.ask_thaw": gettext_lazy("{who} asked to open the frozen rail; a second person has to ask too"),
    "payments.free_item": gettext_lazy("Nothing keeps it any more"),
    "payments.doubt_item": gettext_lazy("Nobody knows yet whether it left: {reason}"),
    "payments.move_instant": gettext_lazy("The instant payout went on: {reason}"),
    "payments.give_bank_details": gettext_lazy("{who} gave bank details; they are kept encrypted"),
    "payments.make_bank_file": gettext_lazy("{who} made the file: {lines} payments"),
    "payments.take_bank_file": gettext_lazy("{who} took the file"),
    "payments.move_bank_file": gettext_lazy("The file went on"),
    "payments.answer_bank_line": gettext_lazy("{who} wrote what the bank did: {reason}"),
    "payments.draft_invoice": gettext_lazy("Drafted"),
    "payments.discard_invoice": gettext_lazy("The draft was dropped: {reason}"),
    "payments.issue_invoice": gettext_lazy("Issued as {number}, lines: {lines}"),
    "payments.pay_invoice": gettext_lazy("Money was counted on it"),
    "payments.mark_overdue": gettext_lazy("It is overdue"),
    "payments.take_dunning_step": gettext_lazy("A reminder went out: {step}"),
    "payments.write_off": gettext_lazy("{who} gave it up: {reason}"),
    "payments.note_remote_invoice": gettext_lazy("It is collected by the payment provider too"),
    "payments.issue_credit_note": gettext_lazy("{who} credited {number}: {reason}"),
    "payments.record_receipt": gettext_lazy("Money reached us: {reference}"),
    "payments.propose_receipt": gettext_lazy("{who} typed a bank transfer in"),
    "payments.confirm_receipt": gettext_lazy("{who} looked too: it counts"),
    "payments.decline_receipt": gettext_lazy("{who} declined it: {reason}"),
    "payments.save_billing_profile": gettext_lazy("{who} changed whom invoices are made out to"),
    "payments.confirm_vat_number": gettext_lazy("{who} found the VAT number in the register: {reason}"),
    "payments.refuse_vat_number": gettext_lazy("{who} did not find the VAT number in the register: {reason}"),
}


def register() -> None:
    """This function will put everything on the shelves of `gigcx.web` and `gigcx.notify`."""
    add(Entry("brand", 80, gettext_lazy("Billing"), "payments:billing", "wallet", Permission.VIEW_BILLING))
    add(Entry("agent", 50, gettext_lazy("Earnings"), "payments:earnings", "wallet"))
    add(Panel("agent.home", 20, "payments/_home_money.html", home_money))
    add(Panel("public.opportunity", 35, "payments/_opportunity_label.html", opportunity_label))
    add(Panel("brand.today", 40, "payments/_today_spend.html", today_spend))
    add(Banner(("/earnings", "/billing", "/admin/payments"), banner_text))
    stamp(("/earnings", "/billing", "/admin/payments"), mail_stamp)
    for action, sentence in SENTENCES.items():
        phrase(action, sentence)
    _add_queues()
    _add_line_queues()
    _add_bank_lines()
    _add_other_side()
    _add_invoices()
    _tell_people()


def _add_queues() -> None:
    items = "admin:payments_payoutitem_changelist"
    add(
        Queue(
            4,
            gettext_lazy("Money board: broken rules, late sweeps"),
            lambda: reverse("admin:payments_board"),
            troubles,
            timedelta(minutes=10),
        )
    )
    add(
        Queue(
            5,
            gettext_lazy("Payout exceptions"),
            lambda: reverse(items) + "?state__exact=unknown",
            lambda at: oldest(ItemState.UNKNOWN),
            timedelta(hours=2),
        )
    )
    add(
        Queue(
            6,
            gettext_lazy("Payouts held"),
            lambda: reverse(items) + "?state__exact=held",
            lambda at: oldest(ItemState.HELD),
            timedelta(days=3),
        )
    )
    add(
        Queue(
            7,
            gettext_lazy("Payout runs to approve"),
            lambda: reverse("admin:payments_payoutrun_changelist") + "?state__exact=planned",
            lambda at: oldest_planned_run(),
            timedelta(hours=4),
        )
    )
    add(
        Queue(
            8,
            gettext_lazy("Lines held"),
            lambda: reverse("admin:payments_earning_changelist") + "?state__exact=held",
            lambda at: held_earnings(),
            timedelta(days=3),
        )
    )


def _add_other_side() -> None:
    add(
        Queue(
            4,
            gettext_lazy("Differences with the payment provider"),
            lambda: reverse("admin:payments_difference_changelist") + "?state__exact=open",
            unmatched,
            timedelta(hours=24),
        )
    )
    add(
        Queue(
            9,
            gettext_lazy("Webhooks that failed"),
            lambda: reverse("admin:payments_stripeevent_changelist") + "?state__exact=parked",
            events_to_look_at,
            timedelta(hours=4),
        )
    )


def _add_invoices() -> None:
    add(
        Queue(
            10,
            gettext_lazy("Bank transfers to look at"),
            lambda: reverse("admin:payments_receiptproposal_changelist") + "?state__exact=proposed",
            lambda at: open_proposals(),
            timedelta(days=1),
        )
    )
    add(
        Queue(
            10,
            gettext_lazy("Invoices overdue"),
            lambda: reverse("admin:payments_invoice_changelist") + "?state__exact=overdue",
            lambda at: overdue_invoices(),
            timedelta(days=35),
        )
    )


def _add_bank_lines() -> None:
    add(
        Queue(
            7,
            gettext_lazy("Bank file lines to answer"),
            lambda: reverse("admin:payments_bankfileline_changelist") + "?state__exact=waiting",
            lambda at: waiting_bank_lines(),
            timedelta(days=2),
        )
    )
    add(
        Queue(
            9,
            gettext_lazy("Agents who are owed money and gave no tax data"),
            lambda: reverse("admin:payments_tax"),
            missing_tax_data,
            timedelta(days=14),
        )
    )


def _add_line_queues() -> None:
    add(
        Queue(
            9,
            gettext_lazy("Disputed lines"),
            lambda: reverse("admin:payments_linedispute_changelist") + "?state__exact=open",
            lambda at: open_disputes(),
            timedelta(days=1),
        )
    )
    add(
        Queue(
            10,
            gettext_lazy("Corrections by hand to approve"),
            lambda: reverse("admin:payments_adjustmentrequest_changelist") + "?state__exact=asked",
            lambda at: asked_adjustments(),
            timedelta(days=1),
        )
    )


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


def _tell_people() -> None:
    kind(Kind("payout", gettext_lazy("Payouts")))
    kind(Kind("payout_trouble", gettext_lazy("A payout needs you"), is_mandatory=True))
    kind(Kind("payout_account", gettext_lazy("Your payout account changed"), is_urgent=True, is_mandatory=True))
    kind(Kind("earning_held", gettext_lazy("A line is held")))
    tell(PayoutTransferred, "payout", payout_left)
    tell(PayoutHeld, "payout_trouble", payout_waits)
    tell(PayoutReturned, "payout_trouble", payout_returned)
    tell(InstantPayoutFailed, "payout_trouble", instant_failed)
    kind(Kind("rail_stopped", gettext_lazy("A payout rail stopped"), is_urgent=True, reaches=Reach.OPS))
    tell(RailStopped, "rail_stopped", rail_stopped)
    tell(PayoutAccountChanged, "payout_account", account_changed)
    tell(EarningHeld, "earning_held", line_held)


def payout_left(fact: PayoutTransferred, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that money is on its way to the bank."""
    return _to_agent(fact.agent_id, _("Your payout was transferred"), "payments:payouts")


def payout_waits(fact: PayoutHeld, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent what keeps a payout, and lead to where it is solved."""
    title = _("Your payout is waiting for you")
    if fact.reason == "missing_tax":
        text = _(
            "A tax form is missing. Give it, and the payout leaves; otherwise your money stays ready for a later one."
        )
        return _to_agent(fact.agent_id, title, "payments:payouts", text)
    return _to_agent(fact.agent_id, title, "payments:payout-account")


def instant_failed(fact: InstantPayoutFailed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that a payout goes the ordinary way and that the fee is theirs again."""
    text = _("Your bank did not take it at once. The money goes the ordinary way, and the fee is yours again.")
    return _to_agent(fact.agent_id, _("Your payout takes a little longer"), "payments:payouts", text)


def rail_stopped(fact: RailStopped, delivered: Delivered) -> Iterable[Message]:
    """This function will tell ops that nothing leaves on a rail, and why. A rail that only asks for patience is no news."""
    if fact.reason == THROTTLED:
        return []
    title = _("%(rail)s stopped: nothing leaves on it") % {"rail": RailCode(fact.rail).label}
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk").values_list("pk", flat=True)
    return [
        Message(one, title, fact.reason, reverse("admin:payments_board"), _("Open the money board")) for one in staff
    ]


def payout_returned(fact: PayoutReturned, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that the bank sent a payout back."""
    return _to_agent(fact.agent_id, _("Your bank sent a payout back"), "payments:payouts")


def account_changed(fact: PayoutAccountChanged, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the person at their known address that their money shall go elsewhere."""
    return _to_agent(
        fact.agent_id,
        _("Your payout account was changed"),
        "payments:payout-account",
        _("It rests for 48 hours before it is used. If this was not you, change your password and tell us now."),
    )


def line_held(fact: EarningHeld, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that a line waits, and where to read why; a dispute is told in its own words."""
    if fact.reason == DISPUTE_HOLD:
        return []
    return _to_agent(fact.agent_id, _("A line of your earnings is held"), "payments:earnings")


def _to_agent(agent_id: Any, title: str, url_name: str, text: str = "") -> list[Message]:
    user_id = Agent.objects.across_brands().values_list("user_id", flat=True).get(pk=agent_id)
    return [Message(user_id, title, text, reverse(url_name), _("Have a look"))]
