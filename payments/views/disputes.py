"""Something is wrong: an agent disputes a line, answers a brand's dispute, agrees, withdraws or appeals."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money, exponent_of
from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import moment_text, money_text, period_text
from payments import actions
from payments.forms import EarningDisputeForm, WordsForm
from payments.models import Earning, LineDispute
from payments.policies import agents_window_ends, answer_due_at, default_cap, is_in_agents_window
from payments.queries import earning_for
from payments.queries.disputes import dispute_for, is_disputed
from payments.states import DisputeDecision, EarningKind, LineDisputeState, PartyKind
from payments.views import words

S = LineDisputeState
DONE: Final = {
    "answer": lambda: _("Kept. The person who decides reads it."),
    "agree": lambda: _("Settled: both sides agree."),
    "withdraw": lambda: _("Withdrawn. The line goes on as it stood."),
    "appeal": lambda: _("Somebody else will look at it."),
}


@require_http_methods(["GET", "POST"])
@agent_page
def open_dispute(request: AgentRequest, earning_id: UUID) -> HttpResponse:
    """This function will let the agent say what a line should be, with the day and what silence does before the button."""
    at = clock.now()
    row = earning_for(request.actor, earning_id)
    if request.method == "GET" and (not is_in_agents_window(row, at=at) or is_disputed(row.pk)):
        messages.info(request, _("This line cannot be disputed any more."))
        return redirect("payments:earning", earning_id=row.pk)
    form, worth = _form(row, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            if form.claimed_minor is None:
                form, worth = _priced(row, form, request.POST)
            else:
                dispute = _open(row, form, by=request.actor, at=at)
                messages.success(request, _("Said. The other side and we have been told."))
                return redirect("payments:dispute", dispute_id=dispute.pk)
        except DomainError as refused:
            _tell(form, refused)
    context = _asked(row, form, at) | {"worth": worth}
    return render(request, "payments/earning_dispute.html", context, status=422 if form.errors else 200)


def _form(row: Earning, given: Any) -> EarningDisputeForm:
    is_time = row.kind == EarningKind.TIME
    zone = zone_of(timezone.get_current_timezone_name())
    return EarningDisputeForm(
        given, currency=row.currency, names_minutes=is_time, worked_from=row.worked_from, zone=zone
    )


def _priced(row: Earning, form: EarningDisputeForm, given: Any) -> tuple[EarningDisputeForm, str]:
    """The figure that the minutes come to, written into the form: the agent sees it before anything is said."""
    begins, ends = form.stretch
    whole = Money(actions.claimed_by_minutes(row, begins, ends), row.currency)
    filled = given.copy()
    filled["claimed"] = f"{Decimal(whole.amount_minor).scaleb(-exponent_of(row.currency)):f}"
    more = money_text(whole - row.money)
    return _form(row, filled), _("They are worth %(more)s: the line should be %(whole)s.") % {
        "more": more,
        "whole": money_text(whole),
    }


def _open(row: Earning, form: EarningDisputeForm, *, by: AgentActor, at: datetime) -> LineDispute:
    begins, ends = form.stretch
    return actions.dispute_earning(
        earning_id=row.pk,
        claimed_minor=form.claimed_minor,
        reason=form.cleaned_data["reason"],
        part_from=begins,
        part_to=ends,
        by=by,
        at=at,
    )


def _tell(form: Any, refused: DomainError) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _asked(row: Earning, form: EarningDisputeForm, at: datetime) -> dict[str, Any]:
    return {
        "page_title": _("Something is wrong with this line"),
        "form": form,
        "facts": [
            {"term": _("Line"), "text": words.what_was_done(row)},
            {"term": _("Worked"), "text": words.period_of(row)},
            {"term": _("It says"), "text": money_text(row.money)},
            {"term": _("You may say so until"), "text": moment_text(agents_window_ends(row))},
        ],
        "promise": _promise(row, at),
        "back_url": reverse("payments:earning", kwargs={"earning_id": row.pk}),
        "is_clawback": row.kind == EarningKind.CLAWBACK,
    }


def _promise(row: Earning, at: datetime) -> str:
    figures = {
        "when": moment_text(answer_due_at(at, row.brand.timezone)),
        "cap": money_text(Money(default_cap(row.currency), row.currency)),
    }
    return (
        _(
            "Nothing you earned is held for it. If nobody decides by %(when)s, your figure stands, as long as no more than "
            "%(cap)s is at stake; above that, our staff decide."
        )
        % figures
    )


@agent_page
def dispute(request: AgentRequest, dispute_id: UUID) -> HttpResponse:
    """This function will show where a dispute stands, what silence does, and what the agent may do now."""
    row = dispute_for(request.actor, dispute_id)
    return render(request, "payments/dispute_page.html", _page(row, request.actor, WordsForm()))


@require_POST
@agent_page
def act(request: AgentRequest, dispute_id: UUID, act: str) -> HttpResponse:
    """This function will answer, agree, withdraw or appeal."""
    row = dispute_for(request.actor, dispute_id)
    form = WordsForm(request.POST)
    if act in ("answer", "appeal") and not form.is_valid():
        return render(request, "payments/dispute_page.html", _page(row, request.actor, form), status=422)
    found = do(act, row, request.actor, form.cleaned_data.get("words", "") if form.is_valid() else "")
    messages.success(request, DONE[act]())
    return redirect("payments:dispute", dispute_id=found.pk)


def do(act: str, row: LineDispute, by: AgentActor | BrandActor, said: str) -> LineDispute:
    """This function will take the one action that a dispute's button stands for.

    Raises:
        NotFound: no such button.
    """
    at = clock.now()
    known: dict[str, Callable[[], LineDispute]] = {
        "answer": lambda: actions.answer_dispute(dispute_id=row.pk, text=said, by=by, at=at),
        "agree": lambda: actions.concede_dispute(dispute_id=row.pk, by=by, at=at),
        "withdraw": lambda: actions.withdraw_dispute(dispute_id=row.pk, by=by, at=at),
        "appeal": lambda: actions.appeal_dispute(dispute_id=row.pk, reason=said, by=by, at=at),
    }
    if act not in known:
        raise NotFound
    return known[act]()


def _page(row: LineDispute, actor: AgentActor, form: WordsForm) -> dict[str, Any]:
    line = row.held_earning or row.earning
    return {
        "page_title": headline(row),
        "row": row,
        "facts": [
            {"term": _("Line"), "text": f"{words.what_was_done(row.earning)}, {words.period_of(row.earning)}"},
            {"term": _("It said"), "text": money_text(row.earning.money)},
            {"term": _("In question"), "text": _stake(row)},
            *outcome_facts(row),
        ],
        "silence": silence(row),
        "form": form,
        "acts": acts(row, actor),
        "line_url": reverse("payments:earning", kwargs={"earning_id": line.pk}),
        **_urls(row),
    }


def _urls(row: LineDispute) -> dict[str, str]:
    return {
        f"{name}_url": reverse("payments:dispute-act", kwargs={"dispute_id": row.pk, "act": name})
        for name in ("answer", "agree", "withdraw", "appeal")
    }


def _stake(row: LineDispute) -> str:
    if row.opened_by_kind == PartyKind.BRAND:
        return _("%(amount)s of it, which waits") % {"amount": money_text(row.disputed)}
    return _("%(amount)s, as you say it should be") % {"amount": money_text(Money(row.claimed_minor, row.currency))}


def headline(row: LineDispute) -> str:
    """This function will say in a few words where a dispute stands."""
    match row.state:
        case S.OPEN:
            return _("In dispute")
        case S.WITHDRAWN:
            return _("The dispute was withdrawn")
        case S.APPEALED:
            return _("Another person looks at it")
    return _("Decided: %(what)s") % {"what": DisputeDecision(row.decision).label}


def outcome_facts(row: LineDispute, zone: ZoneInfo | None = None) -> list[dict[str, str]]:
    """This function will tell what was said and decided by now, in no figures; times in the reader's zone or `zone`."""
    facts = [{"term": _("Said"), "text": row.reason}]
    if row.part_from and row.part_to:
        facts.insert(0, {"term": _("Minutes"), "text": period_text(row.part_from, row.part_to, zone)})
    if row.answer:
        facts.append({"term": _("Answered"), "text": row.answer})
    if row.decided_at:
        who = _("nobody in time") if row.state == S.DEFAULTED else row.decided_by
        facts.append({"term": _("Decided by"), "text": f"{who}, {moment_text(row.decided_at, zone)}"})
    return facts


def silence(row: LineDispute, zone: ZoneInfo | None = None) -> str:
    """This function will say until when an answer is awaited and what happens without one; nothing once it is over."""
    if row.state != S.OPEN:
        return ""
    when = {"when": moment_text(row.due_at, zone)}
    if row.needs_ops:
        return _("More is at stake than silence may decide: our staff decide, if they can by %(when)s.") % when
    return _("If nobody decides by %(when)s, the agent's figure stands.") % when


def acts(row: LineDispute, actor: AgentActor | BrandActor) -> dict[str, bool]:
    """This function will tell which buttons a party may press now."""
    is_own = row.opened_by_kind == actor.kind
    is_open, is_over = row.state == S.OPEN, row.state in (S.DECIDED, S.DEFAULTED)
    return {
        "answer": is_open and not is_own,
        "agree": is_open and not is_own,
        "withdraw": is_open and is_own,
        "appeal": is_over and row.appeal_of_id is None,
    }
