"""Whether the holder of a seat may still work it, and which seats are held by people who may not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gigcx.audit.trail import history_of
from gigcx.tenancy.actors import AgentActor
from recruiting.models import Agent, Program
from scheduling.models import Claim
from scheduling.states import COMING
from vetting.queries.eligibility import Eligibility, Reason, eligibilities, eligibility

REOPEN_BEFORE: Final = timedelta(hours=12)
_BLOCK: Final = "blocked_by_brand"
_OWN_PAUSE: Final = "agent_paused"
_BRANDS_PAUSE: Final = "program_paused"
_RUN_OUT: Final = frozenset({"certificate_expired", "identity_expired"})


def hindrances(claim: Claim, *, at: datetime) -> tuple[Reason, ...]:
    """This function will return why the holder may not work the claim at that moment, or to its end; nothing when they may.

    A block by the brand that came after the claim is no reason, nor is a program that the brand paused or closes: both
    close new work, and held seats stay. A brand that wants a seat back cancels it, at the cost of cancelling.
    """
    program = claim.shift.program
    now = eligibility(claim.agent, program, at)
    reasons = without_brands_doing(now, claim.claimed_at)
    if reasons or (now.lapses_at is not None and now.lapses_at >= claim.ends_at):
        return reasons
    then = eligibility(claim.agent, program, claim.ends_at - timedelta(microseconds=1))
    return tuple(reason for reason in then.reasons if reason.code in _RUN_OUT)


def without_brands_doing(answer: Eligibility, claimed_at: datetime) -> tuple[Reason, ...]:
    """This function will return the answer's reasons but for a paused program, and a block that came after the claim."""
    return tuple(
        reason
        for reason in answer.reasons
        if reason.code != _BRANDS_PAUSE
        and (reason.code != _BLOCK or (reason.since is not None and reason.since < claimed_at))
    )


def is_given_up(claim: Claim, *, at: datetime) -> bool:
    """This function will tell whether only the holder's own choice keeps them from working: they paused their profile.

    A pause that ops made is not theirs, and beside any other reason the pause does not count.
    """
    if [reason.code for reason in hindrances(claim, at=at)] != [_OWN_PAUSE]:
        return False
    pause = history_of(claim.agent).filter(action="recruiting.pause_agent").last()
    return pause is not None and pause.actor_kind == AgentActor.kind


def held_claims(agent_id: UUID, program_id: UUID) -> list[Claim]:
    """This function will return the coming claims of an agent in a program, soonest first."""
    rows = Claim.objects.across_brands().coming().filter(agent_id=agent_id, shift__program_id=program_id)
    return list(rows.select_related("shift__program", "agent__user").order_by("starts_at", "pk"))


def claims_of_engagement(engagement_id: UUID) -> list[UUID]:
    """This function will return the coming claims made under an engagement."""
    rows = Claim.objects.across_brands().coming().filter(engagement_id=engagement_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def claims_to_reopen(*, at: datetime) -> list[tuple[UUID, str]]:
    """This function will return claims that start within twelve hours and whose holder may not work, each with the reason."""
    rows = Claim.objects.across_brands().filter(
        state__in=list(COMING), starts_at__gt=at, starts_at__lte=at + REOPEN_BEFORE
    )
    soon = list(rows.select_related("shift__program__brand", "agent").order_by("starts_at", "pk"))
    answers = _answers(soon, at)
    found = [
        (claim, without_brands_doing(answers[claim.agent_id, claim.shift.program_id], claim.claimed_at))
        for claim in soon
    ]
    return [(claim.pk, reasons[0].sentence) for claim, reasons in found if reasons]


def _answers(claims: Iterable[Claim], at: datetime) -> dict[tuple[UUID, UUID], Eligibility]:
    """One query a program."""
    holders: dict[UUID, tuple[Program, dict[UUID, Agent]]] = {}
    for claim in claims:
        holders.setdefault(claim.shift.program_id, (claim.shift.program, {}))[1][claim.agent_id] = claim.agent
    return {
        (agent_id, program_id): answer
        for program_id, (program, agents) in holders.items()
        for agent_id, answer in eligibilities(agents.values(), program, at).items()
    }
