"""Rows of vetting, written directly, for the tests of every stage."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from gigcx.accounts.models import User
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program, TermsAcceptance
from recruiting.states import BENCH_STATES, EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from vetting.models import (
    AgentIdentity,
    Assessment,
    AssessmentSection,
    AssessmentVersion,
    Candidacy,
    Certificate,
    Certification,
    CertificationVersion,
    CutScore,
    Evidence,
    Item,
    ItemBank,
    ItemKey,
    ItemVersion,
    Requirement,
)
from vetting.states import CertificateState, IdentityState, VersionState

YEAR = timedelta(days=365)
CHOICES: Mapping[str, Any] = {
    "prompt": "Which greeting fits?",
    "options": [{"id": "a", "text": "Hello"}, {"id": "b", "text": "What?"}, {"id": "c", "text": "Bye"}],
}


def writer() -> User:
    """The person who wrote what these factories make."""
    return User.objects.filter(email="wanda@example.test").first() or cast.make_user("Wanda Writer")


def make_eligible(agent: Agent, program: Program, at: datetime) -> Certificate:
    """Everything work asks for: verified identity, certified engagement, accepted terms and a live certificate."""
    make_identity(agent, at=at)
    _certified_engagement(agent, program, at)
    if not TermsAcceptance.objects.across_brands().filter(agent=agent, version__program=program).exists():
        recruit.accept_terms_directly(agent, program)
    return make_certificate(agent, program, at=at)


def make_identity(
    agent: Agent, *, at: datetime, state: str = IdentityState.VERIFIED, until: datetime | None = None, **fields: Any
) -> AgentIdentity:
    """The agent's identity, verified for a year unless told otherwise."""
    known = state != IdentityState.UNVERIFIED
    defaults = {
        "state": state,
        "verified_at": at - YEAR if known else None,
        "verified_until": (until or at + YEAR) if known else None,
        **fields,
    }
    return AgentIdentity.objects.across_brands().update_or_create(agent=agent, defaults=defaults)[0]


def make_certificate(
    agent: Agent, program: Program, *, at: datetime, state: str = CertificateState.ACTIVE, **fields: Any
) -> Certificate:
    """A certificate of the program's entry certification, which is made when there is none; valid a year from `at`."""
    certification = Certification.objects.across_brands().filter(program=program, role="entry").first()
    certification = certification or make_certification(program)
    version = certification.versions.order_by("-n")[0]
    given = {"issued_at": at, "valid_from": at - timedelta(days=1), "expires_at": at + YEAR, **fields}
    Candidacy.objects.across_brands().get_or_create(
        agent=agent, certification=certification, defaults={"brand_id": program.brand_id, "opened_at": at}
    )
    return Certificate.objects.create(
        brand_id=program.brand_id,
        agent=agent,
        certification=certification,
        version=version,
        program=program,
        state=state,
        **given,
    )


def make_certification(
    program: Program,
    requirements: Iterable[Mapping[str, Any]] = ({"kind": "identity"}, {"kind": "terms"}),
    *,
    state: str = VersionState.LIVE,
    at: datetime = recruit.LONG_AGO,
    **fields: Any,
) -> Certification:
    """The program's entry certification with one version, live unless told otherwise.

    Each requirement is a mapping with `kind` and, where wanted, key, title, params, after, minimum_assurance, is_waivable.
    """
    certification = Certification.objects.create(
        brand_id=program.brand_id,
        program=program,
        code=slugify(f"{program.slug}-entry"),
        name=f"{program.name} certified",
        created_at=at,
    )
    add_certification_version(certification, requirements, state=state, at=at, **fields)
    return certification


def add_certification_version(
    certification: Certification,
    requirements: Iterable[Mapping[str, Any]],
    *,
    state: str = VersionState.LIVE,
    at: datetime = recruit.LONG_AGO,
    **fields: Any,
) -> CertificationVersion:
    """The next version; one that was live is retired."""
    before = CertificationVersion.objects.across_brands().filter(certification=certification)
    version = CertificationVersion.objects.create(
        brand_id=certification.brand_id, certification=certification, n=before.count() + 1, written_at=at, **fields
    )
    for position, one in enumerate(requirements, 1):
        Requirement.objects.create(brand_id=certification.brand_id, version=version, **_requirement(one, position))
    if state == VersionState.LIVE:
        before.filter(state=VersionState.LIVE).update(state=VersionState.RETIRED, retired_at=at)
        CertificationVersion.objects.across_brands().filter(pk=version.pk).update(
            state=state, published_at=at, effective_at=at, published_by=writer()
        )
        version.refresh_from_db()
    return version


def _requirement(one: Mapping[str, Any], position: int) -> dict[str, Any]:
    key = one.get("key", f"{one['kind']}-{position}")
    given = {"key": slugify(key), "position": position, "title": one["kind"].replace("_", " ").capitalize()}
    return {**given, **{name: value for name, value in one.items() if name != "key"}}


def make_evidence(
    agent: Agent, kind: str, subject_key: str = "", *, at: datetime = recruit.LONG_AGO, **fields: Any
) -> Evidence:
    """Something the agent has shown, measured by the server."""
    given = {"source_key": f"test:{uuid7()}", "assurance": "server", "checksum": "0" * 64, "recorded_at": at, **fields}
    return Evidence.objects.create(agent=agent, kind=kind, subject_key=subject_key, obtained_at=at, **given)


def make_bank(brand: Brand, name: str = "Tone of voice") -> ItemBank:
    """An empty bank."""
    return ItemBank.objects.create(brand=brand, name=name, created_at=recruit.LONG_AGO)


def make_item(
    bank: ItemBank,
    *,
    kind: str = "single_choice",
    payload: Mapping[str, Any] | None = None,
    key: Mapping[str, Any] | None = None,
    points: Decimal | int = 1,
    skill: str = "tone",
    state: str = VersionState.LIVE,
) -> ItemVersion:
    """A question with its key, live unless told otherwise. The right answer of the default one is option a."""
    at, author = recruit.LONG_AGO, writer()
    item = Item.objects.create(
        brand_id=bank.brand_id, bank=bank, uid=uuid7().hex, kind=kind, status=state, skill_codes=[skill], created_at=at
    )
    is_out = state == VersionState.LIVE
    version = ItemVersion.objects.create(
        brand_id=bank.brand_id,
        item=item,
        n=1,
        state=state,
        payload=dict(payload or CHOICES),
        points=points,
        checksum="0" * 64,
        written_by=author,
        written_at=at,
        reviewed_by=author if is_out else None,
        published_at=at if is_out else None,
    )
    ItemKey.objects.create(
        brand_id=bank.brand_id,
        item_version=version,
        n=1,
        key=dict(key or {"options": ["a"]}),
        made_by=author,
        approved_by=author,
        made_at=at,
    )
    return version


def make_assessment(
    brand: Brand,
    *,
    name: str = "Tone of voice",
    items: int = 4,
    bank: ItemBank | None = None,
    draw: int | None = None,
    cut: Decimal | int = 70,
    state: str = VersionState.LIVE,
    **fields: Any,
) -> AssessmentVersion:
    """A test of one section over a bank; the bank is filled with `items` default questions unless it is given."""
    at, author = recruit.LONG_AGO, writer()
    if bank is None:
        bank = make_bank(brand, f"{name} bank")
        for _number in range(items):
            make_item(bank)
    assessment = Assessment.objects.create(brand=brand, name=name, created_at=at)
    version = AssessmentVersion.objects.create(
        brand=brand, assessment=assessment, n=1, written_by=author, written_at=at, **fields
    )
    AssessmentSection.objects.create(
        brand=brand, version=version, position=1, title=name, bank=bank, draw=draw or items, skill_code=""
    )
    CutScore.objects.create(brand=brand, version=version, n=1, percent=cut, approved_by=author, approved_at=at)
    if state == VersionState.LIVE:
        AssessmentVersion.objects.across_brands().filter(pk=version.pk).update(
            state=state, published_at=at, published_by=author
        )
        version.refresh_from_db()
    return version


def _certified_engagement(agent: Agent, program: Program, at: datetime) -> None:
    engagement = agent.engagements.filter(program=program).exclude(state=EngagementState.ENDED).first()
    if engagement is None:
        recruit.make_engagement(agent, program)
    elif engagement.state not in BENCH_STATES:
        engagement.state, engagement.state_since = EngagementState.CERTIFIED, at
        engagement.accepted_at, engagement.certified_at = engagement.accepted_at or at, at
        engagement.decline_code = engagement.decline_reason = ""
        engagement.save()
