"""Rows of recruiting, written directly, for the tests of every stage."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.text import slugify

from gigcx.accounts.models import User
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import AgentActor
from gigcx.tenancy.models import Brand
from recruiting.models import (
    Agent,
    AgentLanguage,
    AgentSkill,
    Engagement,
    Program,
    RateCard,
    RateCardLine,
    Skill,
    TermsAcceptance,
    TermsVersion,
)
from recruiting.states import (
    JOINED_ENGAGEMENT_STATES,
    AgentState,
    Cefr,
    EngagementState,
    LineKind,
    ProgramState,
    VersionState,
    unit_of,
)
from tests import cast

LONG_AGO = cast.MONDAY_NOON - timedelta(days=60)
LINES: Mapping[str, tuple[int, int]] = {
    LineKind.PRODUCTIVE_HOUR: (1600, 2200),
    LineKind.AVAILABLE_HOUR: (1600, 2200),
    LineKind.TRAINING: (1200, 1600),
    LineKind.CERTIFICATION_BOUNTY: (2500, 3000),
    LineKind.STANDBY: (500, 800),
    LineKind.CANCELLATION: (800, 1100),
}
"""Pay and bill in cents: 16.00 and 22.00 an hour of work."""


def make_agent(
    who: User | str = "Ada Obi", *, state: str = AgentState.ACTIVE, country: str = "US", **fields: Any
) -> Agent:
    """An active agent, for a user or for a new person of that name."""
    user = cast.make_user(who) if isinstance(who, str) else who
    handle = fields.pop("handle", f"{slugify(user.full_name)[:24] or 'agent'}-{uuid7().hex[-8:]}")
    return Agent.objects.create(
        user=user, handle=handle, country=country, state=state, created_at=LONG_AGO, channels=["chat"], **fields
    )


def agent_actor(agent: Agent) -> AgentActor:
    """The agent, ready to act."""
    return AgentActor(agent.user, agent.pk)


def make_skill(key: str = "live-chat", *, group: str = "channel") -> Skill:
    """A word of the taxonomy."""
    label = key.replace("-", " ").capitalize()
    return Skill.objects.get_or_create(key=key, defaults={"label": label, "group": group})[0]


def give_skill(agent: Agent, key: str = "live-chat", *, level: int = 4, proved_by: str = "claimed") -> AgentSkill:
    """A skill the agent has."""
    return AgentSkill.objects.create(
        agent=agent, skill=make_skill(key), level=level, proved_by=proved_by, recorded_at=LONG_AGO
    )


def give_language(agent: Agent, tag: str = "en", *, level: str = Cefr.C1) -> AgentLanguage:
    """A language the agent has, at the same level in all four skills."""
    levels = dict.fromkeys(("reading", "listening", "writing", "speaking"), level)
    return AgentLanguage.objects.create(agent=agent, tag=tag, recorded_at=LONG_AGO, **levels)


def make_program(brand: Brand, *, name: str = "Holiday Chat", state: str = ProgramState.LIVE, **fields: Any) -> Program:
    """A program of the brand, live unless told otherwise, without prices or terms."""
    is_published = state not in {ProgramState.DRAFT, ProgramState.CONTENT_REVIEW}
    given = {
        "summary": "Answer shoppers by chat.",
        "channels": ["chat"],
        "languages": [{"tag": "en", "level": "B2"}],
        "timezone": brand.timezone,
        "launch_minimum": 1,
        "published_at": LONG_AGO if is_published else None,
        **fields,
    }
    slug = slugify(name)
    return Program.objects.create(
        brand=brand,
        name=name,
        slug=slug,
        public_slug=f"{brand.slug}-{slug}",
        state=state,
        created_at=LONG_AGO,
        **given,
    )


def make_rate_card(
    program: Program,
    lines: Mapping[str, tuple[int, int]] | None = None,
    *,
    at: datetime = LONG_AGO,
    state: str = VersionState.ACTIVE,
    **fields: Any,
) -> RateCard:
    """An active rate card; `lines` maps a kind to (pay_minor, bill_minor) and is added to working prices."""
    currency = program.brand.currency
    before = RateCard.objects.across_brands().filter(program=program)
    card = RateCard.objects.create(
        brand_id=program.brand_id,
        program=program,
        version=before.count() + 1,
        pay_currency=currency,
        bill_currency=currency,
        created_at=at,
        **fields,
    )
    _add_lines(card, {**LINES, **(lines or {})})
    if state != VersionState.DRAFT:
        before.filter(state=VersionState.ACTIVE).update(state=VersionState.SUPERSEDED, valid_until=at)
        card.state, card.valid_from = VersionState.ACTIVE, at
        card.save(update_fields=["state", "valid_from"])
    return card


def _add_lines(card: RateCard, lines: Mapping[str, tuple[int, int]]) -> None:
    RateCardLine.objects.bulk_create(
        RateCardLine(card=card, kind=str(kind), pay_minor=pay, bill_minor=bill, unit=unit_of(kind))
        for kind, (pay, bill) in lines.items()
    )


def make_terms(
    program: Program, *, body: str = "## How we work\n\nBe kind.", is_material: bool = True, at: datetime = LONG_AGO
) -> TermsVersion:
    """Active terms; an earlier version is superseded."""
    before = TermsVersion.objects.across_brands().filter(program=program)
    version = before.count() + 1
    before.filter(state=VersionState.ACTIVE).update(state=VersionState.SUPERSEDED, valid_until=at)
    return TermsVersion.objects.create(
        brand_id=program.brand_id,
        program=program,
        version=version,
        body=body,
        is_material=is_material,
        checksum=sha256(body.encode()).hexdigest(),
        state=VersionState.ACTIVE,
        valid_from=at,
        created_at=at,
    )


def make_engagement(
    agent: Agent, program: Program, *, state: str = EngagementState.CERTIFIED, at: datetime = LONG_AGO, **fields: Any
) -> Engagement:
    """An engagement in any state, with what the state's constraints ask for."""
    return Engagement.objects.create(
        brand_id=program.brand_id,
        agent=agent,
        program=program,
        state=state,
        applied_at=at,
        state_since=at,
        **{**_state_fields(state, at), **fields},
    )


def _state_fields(state: str, at: datetime) -> dict[str, Any]:
    if state in JOINED_ENGAGEMENT_STATES:
        is_certified = state != EngagementState.ACCEPTED
        return {"accepted_at": at, "certified_at": at if is_certified else None}
    if state == EngagementState.DECLINED:
        return {
            "decline_code": "skills",
            "decline_reason": "Chat at two windows is needed.",
            "reapply_at": at + timedelta(days=30),
        }
    if state == EngagementState.ENDED:
        return {"ended_at": at, "end_code": "withdrawn", "end_reason": "Found other work."}
    return {}


def accept_terms_directly(agent: Agent, program: Program, *, at: datetime = LONG_AGO) -> TermsAcceptance:
    """The agent's acceptance of the program's active terms, which are made when there are none."""
    active = TermsVersion.objects.across_brands().filter(program=program, state=VersionState.ACTIVE).first()
    return TermsAcceptance.objects.create(
        brand_id=program.brand_id,
        agent=agent,
        version=active or make_terms(program, at=at),
        accepted_at=at,
        ip="192.0.2.7",
        name_typed=agent.user.full_name,
    )
