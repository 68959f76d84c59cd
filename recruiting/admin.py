"""Ops: programs to review, agents, engagements and the taxonomy."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from gigcx.audit.models import AuditEntry
from gigcx.kernel import clock
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from recruiting import actions
from recruiting.models import (
    Agent,
    AgentLanguage,
    AgentSkill,
    Engagement,
    Program,
    RateCard,
    ScreeningAnswer,
    ScreeningQuestion,
    Skill,
    TermsVersion,
)
from recruiting.queries import missing_of, program_history
from recruiting.states import OPEN_ENGAGEMENT_STATES, AgentState, EngagementState, ProgramState


class LookInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Rows that ops read and nobody edits here."""

    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """This function will read across brands: ops see all."""
        return self.model._default_manager.get_queryset().across_brands()  # type: ignore[no-any-return]  # ours

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will refuse: actions write these rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will refuse: actions write these rows."""
        return False


class RateCardInline(LookInline):
    """The program's prices, version by version."""

    model = RateCard
    fields = readonly_fields = ("version", "state", "pay_currency", "prices", "valid_from", "valid_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """This function will fetch the lines too."""
        return RateCard.objects.across_brands().with_lines().order_by("-version")

    @admin.display(description=_("agent earns / brand pays, minor units"))
    def prices(self, card: RateCard) -> str:
        """This function will write the lines in one cell."""
        return "; ".join(f"{line.get_kind_display()} {line.pay_minor} / {line.bill_minor}" for line in card.lines.all())


class TermsInline(LookInline):
    """The program's terms, version by version."""

    model = TermsVersion
    fields = readonly_fields = ("version", "state", "is_material", "body", "valid_from")


class QuestionInline(LookInline):
    """What applicants are asked."""

    model = ScreeningQuestion
    fields = readonly_fields = ("position", "prompt", "kind", "options", "is_knock_out", "accepted", "is_retired")


class SkillInline(LookInline):
    """What an agent can do."""

    model = AgentSkill
    fields = readonly_fields = ("skill", "level", "proved_by", "evidence_ref", "recorded_at")


class LanguageInline(LookInline):
    """What an agent speaks."""

    model = AgentLanguage
    fields = readonly_fields = ("tag", "reading", "listening", "writing", "speaking", "proved_by")


class EngagementInline(LookInline):
    """Where an agent is or was."""

    model = Engagement
    fields = readonly_fields = ("program", "state", "tier", "standing", "applied_at", "accepted_at", "certified_at")
    show_change_link = True


class AnswerInline(LookInline):
    """What an applicant answered."""

    model = ScreeningAnswer
    fields = readonly_fields = ("prompt", "answer", "has_passed", "answered_at")


def _approve(program: Program, *, reason: str, by: OpsActor, at: datetime) -> Program:
    return actions.approve_program(program_id=program.pk, by=by, at=at)


def _return(program: Program, *, reason: str, by: OpsActor, at: datetime) -> Program:
    return actions.return_program(program_id=program.pk, reason=reason, by=by, at=at)


def _end(engagement: Engagement, *, reason: str, by: OpsActor, at: datetime) -> Engagement:
    return actions.end_engagement(engagement_id=engagement.pk, reason=reason, by=by, at=at)


def _accept(engagement: Engagement, *, reason: str, by: OpsActor, at: datetime) -> Engagement:
    return actions.accept_engagement(engagement_id=engagement.pk, by=by, at=at)


def _pause(agent: Agent, *, reason: str, by: OpsActor, at: datetime) -> Agent:
    return actions.pause_agent(agent_id=agent.pk, until=None, by=by, at=at)


def _resume(agent: Agent, *, reason: str, by: OpsActor, at: datetime) -> Agent:
    return actions.resume_agent(agent_id=agent.pk, by=by, at=at)


def _is(*states: str) -> Callable[[Any], bool]:
    return lambda thing: thing.state in states


@admin.register(Program)
class ProgramAdmin(DecidingAdmin):
    """Programs: words, prices and terms to review, and their later life."""

    list_display = ("name", "brand", "state", "line_of_business", "submitted_at", "published_at")
    list_filter = ("state", "line_of_business", "engagement_mode")
    list_select_related = ("brand",)
    search_fields = ("name", "brand__name", "public_slug")
    inlines = (RateCardInline, TermsInline, QuestionInline)
    readonly_fields = ("missing",)
    decisions = (
        Decision(
            "approve",
            _("Approve"),
            _approve,
            _("The program is public and takes applications."),
            is_offered=_is(ProgramState.CONTENT_REVIEW),
            kind="primary",
            consequence=_("Everybody sees it at once, with its pay, and agents may apply."),
        ),
        Decision(
            "return",
            _("Send back"),
            _return,
            _("Sent back; the brand reads why."),
            is_offered=_is(ProgramState.CONTENT_REVIEW),
            needs_reason=True,
            reason_label=_("What has to change, as the brand reads it"),
        ),
    )

    def history(self, thing: Program) -> QuerySet[AuditEntry]:
        """This function will tell of prices and terms too."""
        return program_history(thing)

    @admin.display(description=_("still missing"))
    def missing(self, program: Program) -> str:
        """This function will list what keeps the program from being approved."""
        return " ".join(lack.sentence for lack in missing_of(program, clock.now())) or str(_("Nothing."))


@admin.register(Agent)
class AgentAdmin(DecidingAdmin):
    """Agents with everything known about them."""

    list_display = ("handle", "user", "country", "state", "weekly_hours_wanted", "created_at")
    list_filter = ("state", "country")
    list_select_related = ("user",)
    search_fields = ("handle", "user__full_name", "user__email")
    inlines = (EngagementInline, SkillInline, LanguageInline)
    decisions = (
        Decision(
            "pause", _("Put on a break"), _pause, _("The agent is on a break."), is_offered=_is(AgentState.ACTIVE)
        ),
        Decision("resume", _("End the break"), _resume, _("The agent is active."), is_offered=_is(AgentState.PAUSED)),
    )


@admin.register(Engagement)
class EngagementAdmin(DecidingAdmin):
    """Who is where, in which program."""

    list_display = ("agent", "program", "brand", "state", "fit_score", "tier", "standing", "applied_at")
    list_filter = ("state", "standing", "tier", "source")
    list_select_related = ("agent", "program", "brand")
    search_fields = ("agent__handle", "agent__user__full_name", "program__name", "brand__name")
    inlines = (AnswerInline,)
    decisions = (
        Decision(
            "accept",
            _("Accept"),
            _accept,
            _("Accepted."),
            is_offered=_is(EngagementState.APPLIED),
            consequence=_("In the brand's place: terms and certification open to the agent."),
        ),
        Decision(
            "end",
            _("End"),
            _end,
            _("Ended; both sides read why."),
            is_offered=_is(*OPEN_ENGAGEMENT_STATES),
            needs_reason=True,
            reason_label=_("Why, as agent and brand read it"),
            kind="danger",
        ),
    )


@admin.register(Skill)
class SkillAdmin(OpsModelAdmin):
    """The taxonomy. A key never changes once agents have it; a word that is no longer wanted is retired."""

    is_editable = True
    list_display = ("label", "key", "group", "is_retired")
    list_filter = ("group", "is_retired")
    search_fields = ("label", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """This function will keep the key of a word in use."""
        return ("key",) if obj else ()
