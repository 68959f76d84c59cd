"""Publishing terms and agreeing to them."""

import unicodedata
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from gigcx.audit.outbox import publish
from gigcx.audit.trail import record
from gigcx.kernel.errors import NotFound, Stale
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.actions.agents import locked_agent
from recruiting.actions.programs import locked_program
from recruiting.actions.wording import many_lines
from recruiting.errors import NameDoesNotMatch, TermsOutdated
from recruiting.events import TermsAccepted, TermsPublished
from recruiting.models import Agent, Engagement, TermsAcceptance, TermsVersion
from recruiting.policies import require_agent
from recruiting.states import VERSION_MOVES, VersionState


@transaction.atomic
def publish_terms(
    *, program_id: UUID, body: str, is_material: bool, seen_version: int, by: Actor, at: datetime
) -> TermsVersion:
    """Put new terms in force from now on. A material version asks everybody for acceptance before their next claim.

    `seen_version` is the version that the editor started from, 0 for none. The first version is always material.

    Raises:
        Stale: a newer version was published meanwhile.
        Invalid: the body is empty or too long.
    """
    program = locked_program(program_id)
    require(by, Permission.PUBLISH_PAY, brand_id=program.brand_id)
    earlier = TermsVersion.objects.for_brand(program.brand_id).filter(program=program).order_by("-version").first()
    if (earlier.version if earlier else 0) != seen_version:
        raise Stale
    words = many_lines(body, field="body", limit=60_000, is_required=True)
    if earlier is not None and earlier.state == VersionState.ACTIVE:
        _supersede(earlier, at)
    require_move(VERSION_MOVES, VersionState.DRAFT, VersionState.ACTIVE)
    version = TermsVersion.objects.create(
        brand_id=program.brand_id,
        program=program,
        version=seen_version + 1,
        body=words,
        is_material=is_material or earlier is None,
        checksum=sha256(words.encode()).hexdigest(),
        state=VersionState.ACTIVE,
        valid_from=at,
        created_at=at,
    )
    moved: dict[str, Any] = {"from_state": VersionState.DRAFT, "to_state": VersionState.ACTIVE}
    changes = {"version": version.version, "checksum": version.checksum}
    record("recruiting.publish_terms", version, by=by, at=at, changes=changes, **moved)
    fact = TermsPublished(program_id=program.pk, terms_version_id=version.pk, is_material=version.is_material)
    publish(fact, at=at, brand_id=program.brand_id)
    return version


@transaction.atomic
def accept_terms(
    *, agent_id: UUID, terms_version_id: UUID, name_typed: str, ip: str | None, by: Actor, at: datetime
) -> TermsAcceptance:
    """Agree to the terms in force by typing one's name. Agreeing twice to one version keeps the first.

    Raises:
        NotFound: no such terms, or the agent was not accepted into the program.
        TermsOutdated: a newer version is in force.
        NameDoesNotMatch: the typed name is not the account's, whatever its case and spacing.
    """
    require_agent(by, agent_id)
    agent = locked_agent(agent_id)
    version = _offered(agent, terms_version_id)
    given = TermsAcceptance.objects.across_brands().filter(agent=agent, version=version).first()
    if given is not None:
        return given
    if version.state != VersionState.ACTIVE:
        raise TermsOutdated
    if _plain(name_typed) != _plain(agent.user.full_name):
        raise NameDoesNotMatch(field="name_typed")
    acceptance = TermsAcceptance.objects.create(
        brand_id=version.brand_id,
        agent=agent,
        version=version,
        accepted_at=at,
        ip=ip,
        name_typed=" ".join(name_typed.split()),
    )
    record("recruiting.accept_terms", acceptance, by=by, at=at, changes={"checksum": version.checksum})
    fact = TermsAccepted(agent_id=agent.pk, program_id=version.program_id, terms_version_id=version.pk)
    publish(fact, at=at, brand_id=version.brand_id, agent_id=agent.pk)
    return acceptance


def _offered(agent: Agent, terms_version_id: UUID) -> TermsVersion:
    rows = TermsVersion.objects.across_brands().exclude(state=VersionState.DRAFT)
    version = rows.filter(pk=terms_version_id).first()
    joined = Engagement.objects.across_brands().joined().filter(agent=agent)
    if version is None or not joined.filter(program_id=version.program_id).exists():
        raise NotFound
    return version


def _supersede(version: TermsVersion, at: datetime) -> None:
    require_move(VERSION_MOVES, version.state, VersionState.SUPERSEDED)
    version.state, version.valid_until = VersionState.SUPERSEDED, at
    version.save(update_fields=["state", "valid_until"])


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
