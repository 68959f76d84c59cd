"""The words of this stage and which state may follow which."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class AgentState(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    PROFILE_COMPLETE = "profile_complete", _("Profile complete")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")


AGENT_MOVES = moves(
    {
        AgentState.REGISTERED: [AgentState.PROFILE_COMPLETE, AgentState.CLOSING],
        AgentState.PROFILE_COMPLETE: [AgentState.ACTIVE, AgentState.CLOSING],
        AgentState.ACTIVE: [AgentState.PAUSED, AgentState.CLOSING],
        AgentState.PAUSED: [AgentState.ACTIVE, AgentState.CLOSING],
        AgentState.CLOSING: [AgentState.CLOSED],
    }
)


class ProgramState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONTENT_REVIEW = "content_review", _("In review")
    RECRUITING = "recruiting", _("Recruiting")
    READY = "ready", _("Ready")
    LIVE = "live", _("Live")
    PAUSED = "paused", _("Paused")
    SUNSET = "sunset", _("Closing")
    ARCHIVED = "archived", _("Archived")


PROGRAM_MOVES = moves(
    {
        ProgramState.DRAFT: [ProgramState.CONTENT_REVIEW, ProgramState.ARCHIVED],
        ProgramState.CONTENT_REVIEW: [ProgramState.RECRUITING, ProgramState.DRAFT],
        ProgramState.RECRUITING: [ProgramState.READY, ProgramState.SUNSET],
        ProgramState.READY: [ProgramState.LIVE, ProgramState.SUNSET],
        ProgramState.LIVE: [ProgramState.PAUSED, ProgramState.SUNSET],
        ProgramState.PAUSED: [ProgramState.LIVE, ProgramState.SUNSET],
        ProgramState.SUNSET: [ProgramState.ARCHIVED],
    }
)
PUBLIC_PROGRAM_STATES: Final = (ProgramState.RECRUITING, ProgramState.READY, ProgramState.LIVE)
"""Seen on the opportunities page and open to applications."""


class EngagementState(models.TextChoices):
    APPLIED = "applied", _("Applied")
    WAITLISTED = "waitlisted", _("On the waiting list")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CERTIFIED = "certified", _("Certified")
    PRODUCTIVE = "productive", _("Productive")
    LAPSED = "lapsed", _("Certificate lapsed")
    ENDED = "ended", _("Ended")


ENGAGEMENT_MOVES = moves(
    {
        EngagementState.APPLIED: [EngagementState.ACCEPTED, EngagementState.DECLINED, EngagementState.ENDED],
        EngagementState.DECLINED: [EngagementState.APPLIED],
        EngagementState.WAITLISTED: [EngagementState.APPLIED, EngagementState.ENDED],
        EngagementState.ACCEPTED: [EngagementState.CERTIFIED, EngagementState.ENDED],
        EngagementState.CERTIFIED: [EngagementState.PRODUCTIVE, EngagementState.LAPSED, EngagementState.ENDED],
        EngagementState.PRODUCTIVE: [EngagementState.LAPSED, EngagementState.ENDED],
        EngagementState.LAPSED: [EngagementState.CERTIFIED, EngagementState.ENDED],
    }
)
OPEN_ENGAGEMENT_STATES: Final = (
    EngagementState.APPLIED,
    EngagementState.WAITLISTED,
    EngagementState.ACCEPTED,
    EngagementState.CERTIFIED,
    EngagementState.PRODUCTIVE,
    EngagementState.LAPSED,
)
JOINED_ENGAGEMENT_STATES: Final = (
    EngagementState.ACCEPTED,
    EngagementState.CERTIFIED,
    EngagementState.PRODUCTIVE,
    EngagementState.LAPSED,
)
"""Accepted and not over: terms, training and, once certified, work are open to them."""
BENCH_STATES: Final = (EngagementState.CERTIFIED, EngagementState.PRODUCTIVE)


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Active")
    SUPERSEDED = "superseded", _("Superseded")


VERSION_MOVES = moves({VersionState.DRAFT: [VersionState.ACTIVE], VersionState.ACTIVE: [VersionState.SUPERSEDED]})


class EngagementSource(models.TextChoices):
    OPEN = "open", _("Applied")
    INVITED = "invited", _("Invited")
    SUPER_USER = "super_user", _("Super user")
    REFERRAL = "referral", _("Referred")
    TRANSFER = "transfer", _("Transferred")


class EngagementMode(models.TextChoices):
    SHIFT = "shift", _("Shifts, paid by the hour")
    CASE = "case", _("Cases, paid by resolution")
    HYBRID = "hybrid", _("Shifts with a floor, plus pay per resolution")


class Channel(models.TextChoices):
    VOICE = "voice", _("Voice")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Social media")
    BACK_OFFICE = "back_office", _("Back office")


class LineOfBusiness(models.TextChoices):
    CUSTOMER_CARE = "customer_care", _("Customer care")
    SALES = "sales", _("Sales")
    TECHNICAL = "technical", _("Technical support")
    BILLING = "billing", _("Billing and accounts")
    RETURNS = "returns", _("Orders and returns")
    MODERATION = "moderation", _("Content and community")


class Tier(models.TextChoices):
    NEW = "new", _("New")
    PROVEN = "proven", _("Proven")
    TRUSTED = "trusted", _("Trusted")
    LEAD = "lead", _("Lead")


class Standing(models.TextChoices):
    GOOD = "good", _("Good")
    RESTRICTED = "restricted", _("Restricted")
    SUSPENDED = "suspended", _("Suspended")


class DeclineCode(models.TextChoices):
    SKILLS = "skills", _("The skills do not match yet")
    LANGUAGE = "language", _("The language level is below what is needed")
    HOURS = "hours", _("The hours do not meet the program's")
    EQUIPMENT = "equipment", _("The equipment does not meet what is needed")
    LOCATION = "location", _("The program may not be worked from this country")
    KNOCKED_OUT = "knocked_out", _("An answer rules this program out")
    BENCH_FULL = "bench_full", _("There are enough people for now")
    OTHER = "other", _("Another reason")


class EndReason(models.TextChoices):
    WITHDRAWN = "withdrawn", _("The agent withdrew")
    BRAND_ENDED = "brand_ended", _("The brand ended it")
    PROGRAM_CLOSED = "program_closed", _("The program closed")
    AGENT_CLOSED = "agent_closed", _("The agent closed their account")


class SkillGroup(models.TextChoices):
    PRODUCT = "product", _("Product")
    INDUSTRY = "industry", _("Industry")
    CHANNEL = "channel", _("Channel")
    TOOL = "tool", _("Tool")


class Proof(models.TextChoices):
    """How something about an agent is known, weakest first."""

    CLAIMED = "claimed", _("Says so")
    ASSESSED = "assessed", _("Tested")
    CERTIFIED = "certified", _("Certified")
    WORKED = "worked", _("Shown at work")


PROOF_RANK: Final = {str(proof): rank for rank, proof in enumerate(Proof)}


class Cefr(models.TextChoices):
    """The six levels of the Common European Framework of Reference for Languages."""

    A1 = "A1", _("A1, first words")
    A2 = "A2", _("A2, simple exchanges")
    B1 = "B1", _("B1, gets by")
    B2 = "B2", _("B2, fluent at work")
    C1 = "C1", _("C1, near native")
    C2 = "C2", _("C2, native or equal")


class AbsenceKind(models.TextChoices):
    AWAY = "away", _("Away")
    EXTRA = "extra", _("Free besides the usual hours")


class LineKind(models.TextChoices):
    """What a rate card prices."""

    PRODUCTIVE_HOUR = "productive_hour", _("Working hour")
    AVAILABLE_HOUR = "available_hour", _("Waiting hour")
    FLOOR = "floor", _("Guaranteed minimum an hour")
    TRAINING = "training", _("Training hour")
    CERTIFICATION_BOUNTY = "certification_bounty", _("Certification bounty")
    STANDBY = "standby", _("Standby hour")
    CANCELLATION = "cancellation", _("Hour cancelled late")
    SENT_HOME = "sent_home", _("Hour after being sent home")
    VTO = "vto", _("Voluntary time off, an hour")
    INCENTIVE_CAP = "incentive_cap", _("Highest incentive an hour")
    RESOLUTION = "resolution", _("Resolution")
    INTERACTION = "interaction", _("Interaction")
    REVIEW_FEE = "review_fee", _("Peer review")
    ESCALATION_CREDIT = "escalation_credit", _("Justified escalation")
    AUTO_ANSWER = "auto_answer", _("Answer sent from the knowledge base")
    ROYALTY = "royalty", _("Royalty for an article")
    REFERRAL = "referral", _("Referral")
    GUARANTEE = "guarantee", _("Earnings guarantee an hour")


class LineUnit(models.TextChoices):
    HOUR = "hour", _("an hour")
    EACH = "each", _("each")


HOUR_KINDS: Final = frozenset(
    {
        LineKind.PRODUCTIVE_HOUR,
        LineKind.AVAILABLE_HOUR,
        LineKind.FLOOR,
        LineKind.TRAINING,
        LineKind.STANDBY,
        LineKind.CANCELLATION,
        LineKind.SENT_HOME,
        LineKind.VTO,
        LineKind.INCENTIVE_CAP,
        LineKind.GUARANTEE,
    }
)


def unit_of(kind: str) -> LineUnit:
    """This function will return whether a kind of line is priced by the hour or by the occurrence."""
    return LineUnit.HOUR if kind in HOUR_KINDS else LineUnit.EACH


class Rounding(models.TextChoices):
    HALF_EVEN = "half_even", _("To the nearest, halves to even")
    HALF_UP = "half_up", _("To the nearest, halves up")
    DOWN = "down", _("Down")


class QuestionKind(models.TextChoices):
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several")
    NUMBER = "number", _("A number")
    TEXT = "text", _("A few words")
