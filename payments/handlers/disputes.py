"""Who hears that a line is called wrong, how it ended, and what is taken back."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.audit.outbox import Delivered
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import moment_text, money_text
from payments.events import ClawbackRecorded, LineDisputeDecided, LineDisputeOpened
from payments.models import Earning, LineDispute
from payments.states import EarningKind, LineDisputeState, PartyKind


def register() -> None:
    """This function will register the kinds of notification and who is told of which fact."""
    kind(Kind("line_disputed", gettext_lazy("A line of your earnings is disputed"), is_mandatory=True))
    kind(Kind("clawback", gettext_lazy("Something is taken back"), is_mandatory=True))
    kind(Kind("charge_disputed", gettext_lazy("Disputed lines"), reaches=Permission.DISPUTE_CHARGES))
    tell(ClawbackRecorded, "clawback", taken_back)
    tell(LineDisputeOpened, "line_disputed", agent_hears_opened)
    tell(LineDisputeDecided, "line_disputed", agent_hears_decided)
    tell(LineDisputeOpened, "charge_disputed", brand_hears_opened)
    tell(LineDisputeDecided, "charge_disputed", brand_hears_decided)


def taken_back(fact: ClawbackRecorded, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent what is taken back, why, from when, and that it may be disputed."""
    row = Earning.objects.across_brands().select_related("agent__user").get(pk=fact.earning_id)
    words = {
        "amount": money_text(Money(-row.amount_minor, row.currency)),
        "why": row.explanation.get("fault", ""),
        "when": moment_text(row.review_ends_at, zone_of(row.agent.user.timezone or "UTC")),
    }
    return [
        Message(
            row.agent.user_id,
            _("%(amount)s of a paid line will be taken back") % words,
            _("%(why)s Nothing happens before %(when)s, and no payout loses more than a fifth. Say so if it is wrong.")
            % words,
            reverse("payments:earning", kwargs={"earning_id": row.pk}),
            _("Have a look"),
        )
    ]


def agent_hears_opened(fact: LineDisputeOpened, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that the brand disputes minutes, how much waits and until when."""
    row = _dispute(fact.dispute_id)
    if row.opened_by_kind != PartyKind.BRAND:
        return []
    words = _words(row, row.agent.user.timezone or "UTC")
    return [
        Message(
            row.agent.user_id,
            _("%(brand)s disputes %(amount)s of a line") % words,
            _("Only that part waits, until %(when)s. If nobody decides by then, it is paid.") % words
            if not row.needs_ops
            else _("Only that part waits. We decide; say what you know."),
            _agents_page(row),
            _("Answer"),
        )
    ]


def agent_hears_decided(fact: LineDisputeDecided, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent how a dispute of a line ended."""
    row = _dispute(fact.dispute_id)
    return [
        Message(
            row.agent.user_id,
            _outcome(row),
            _("See what it means for your money."),
            _agents_page(row),
            _("Have a look"),
        )
    ]


def brand_hears_opened(fact: LineDisputeOpened, delivered: Delivered) -> Iterable[Message]:
    """This function will tell finance people and planners what an agent says is missing, and what silence does."""
    row = _dispute(fact.dispute_id)
    if row.opened_by_kind != PartyKind.AGENT or not _is_the_brands(row):
        return []
    words = _words(row, row.brand.timezone)
    text = _("Answer by %(when)s. If nobody decides by then, it is billed as %(agent)s says.") % words
    return _to_brand(row, _("%(agent)s says a line is wrong") % words, text)


def brand_hears_decided(fact: LineDisputeDecided, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the brand how a dispute of a line ended."""
    row = _dispute(fact.dispute_id)
    return _to_brand(row, _outcome(row), _("The line shows what follows.")) if _is_the_brands(row) else []


def _dispute(dispute_id: Any) -> LineDispute:
    rows = LineDispute.objects.across_brands().select_related(
        "agent__user", "brand", "held_earning", "earning__charge", "appeal_of__held_earning"
    )
    return rows.get(pk=dispute_id)


def _is_the_brands(row: LineDispute) -> bool:
    return row.earning.kind != EarningKind.CLAWBACK and hasattr(row.earning, "charge")


def _words(row: LineDispute, timezone: str) -> dict[str, str]:
    return {
        "brand": row.brand.name,
        "agent": row.agent.user.full_name,
        "amount": money_text(row.disputed),
        "when": moment_text(row.due_at, zone_of(timezone)),
    }


def _outcome(row: LineDispute) -> str:
    if row.state == LineDisputeState.DEFAULTED:
        return _("Nobody decided in time: the agent's figure stands")
    return _("A disputed line was decided: %(what)s") % {"what": row.get_decision_display()}


def _agents_page(row: LineDispute) -> str:
    return reverse("payments:dispute", kwargs={"dispute_id": row.pk})


def _to_brand(row: LineDispute, title: str, text: str) -> list[Message]:
    page = reverse("payments:billing-dispute", kwargs={"slug": row.brand.slug, "dispute_id": row.pk})
    people = members_with(row.brand_id, Permission.DISPUTE_CHARGES)
    return [Message(one.pk, title, text, page, _("Have a look"), brand_id=row.brand_id) for one in people]
