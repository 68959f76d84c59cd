"""Who is told what about the day."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.audit.outbox import Delivered
from gigcx.kernel.intervals import zone_of
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import clock_text, period_text
from recruiting.models import Program
from scheduling.events import CoverageAtRisk, ExcuseRefused, RemedyActed
from scheduling.models import Claim, Remedy
from scheduling.states import ClaimKind, ClaimState, RemedyKind


def register() -> None:
    """This function will register the kinds of notices and who gets them."""
    kind(Kind("stay_longer", _("Asked to stay longer"), is_urgent=True))
    kind(Kind("coverage_at_risk", _("Gaps in the next hours"), reaches=Permission.PLAN_CAPACITY))
    tell(CoverageAtRisk, "coverage_at_risk", at_risk)
    kind(Kind("excuse_answered", _("Answers to your excuses")))
    tell(RemedyActed, "stay_longer", asked_to_stay)
    tell(ExcuseRefused, "excuse_answered", excuse_refused)


def at_risk(fact: CoverageAtRisk, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the brand's planners where people will be missing, with the way to the board."""
    program = Program.objects.across_brands().select_related("brand").filter(pk=fact.program_id).first()
    if program is None:
        return []
    words = {
        "program": program.name,
        "clock": clock_text(fact.starts_at, zone_of(program.brand.timezone)),
        "missing": fact.needed - fact.expected,
    }
    page = reverse("scheduling:wallboard", kwargs={"slug": program.brand.slug}) + f"?program={program.pk}"
    return [
        Message(
            member.pk,
            _("%(program)s will be short by %(missing)s from %(clock)s") % words,
            _("The board shows what closes the gap, and what each way costs."),
            page,
            _("Open the board"),
            brand_id=program.brand_id,
        )
        for member in members_with(program.brand_id, Permission.PLAN_CAPACITY)
    ]


def excuse_refused(fact: ExcuseRefused, delivered: Delivered) -> Iterable[Message]:
    """This function will tell an agent that the points stand, and why."""
    claim = Claim.objects.across_brands().select_related("agent__user").filter(pk=fact.claim_id).first()
    if claim is None:
        return []
    when = period_text(claim.starts_at, claim.ends_at, zone_of(claim.agent.user.timezone or "UTC"))
    page = reverse("scheduling:excuse", kwargs={"claim_id": claim.pk})
    title = _("Not excused, the points stand: %(when)s") % {"when": when}
    return [Message(claim.agent.user_id, title, fact.reason, page, _("Look at it"))]


def asked_to_stay(fact: RemedyActed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell those at their desks of the short shift that follows theirs; nothing for other remedies."""
    remedy = Remedy.objects.across_brands().filter(pk=fact.remedy_id, kind=RemedyKind.EXTEND).first()
    if remedy is None or remedy.shift_id is None:
        return []
    rows = Claim.objects.for_brand(remedy.brand_id).filter(
        shift_id=remedy.shift_id, kind=ClaimKind.SEAT, state=ClaimState.CHECKED_IN
    )
    begins, ends = (datetime.fromisoformat(remedy.details[key]) for key in ("from", "to"))
    return [
        Message(
            claim.agent.user_id,
            _("Can you stay longer? %(when)s")
            % {"when": period_text(begins, ends, zone_of(claim.agent.user.timezone or "UTC"))},
            _("More comes in than was planned. Claim the short shift that follows yours if you like."),
            reverse("scheduling:find"),
            _("Look at it"),
        )
        for claim in rows.select_related("agent__user").order_by("pk")
    ]
