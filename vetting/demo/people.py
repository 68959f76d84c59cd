"""How the demo world's agents get verified and examined.

The crowd's verifications and answers are written in bulk, because hundreds of them through the pages' actions would make the
demo slow; opening, beginning, handing in and grading every test is real, and so is everything about the people with a name.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from gigcx.accounts.models import User
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import AgentActor, OpsActor
from gigcx.web.demo import World
from recruiting.models import Agent, Engagement
from vetting import actions, vault
from vetting.actions.evidence import checksum_of
from vetting.demo.pictures import draw_document
from vetting.models import (
    AgentIdentity,
    AssessmentVersion,
    Attempt,
    AttemptItem,
    Evidence,
    IdentityCheck,
    IdentityReview,
    ItemKey,
    Response,
)
from vetting.states import AttemptState, CheckState, IdentityState

YEARS: Final = timedelta(days=730)


def ops_people() -> list[OpsActor]:
    """This function will return the first two people of ops."""
    return [OpsActor(user) for user in User.objects.filter(is_staff=True).order_by("date_joined", "pk")[:2]]


def actor_of(agent: Agent) -> AgentActor:
    """This function will return the agent, ready to act."""
    return AgentActor(agent.user, agent.pk)


def verify_crowd(engagements: Sequence[Engagement], *, after: timedelta) -> None:
    """This function will verify many agents at once, as two reviewers did after their acceptance."""
    seen: dict[object, Engagement] = {}
    for engagement in engagements:
        seen.setdefault(engagement.agent_id, engagement)
    known = set(AgentIdentity.objects.across_brands().values_list("agent_id", flat=True))
    fresh = [one for one in seen.values() if one.agent_id not in known]
    checks = [_check(one.agent, (one.accepted_at or one.applied_at) + after) for one in fresh]
    IdentityCheck.objects.bulk_create(checks)
    AgentIdentity.objects.bulk_create(_identity(check) for check in checks)
    IdentityReview.objects.bulk_create(_review(check, ops) for check in checks for ops in ops_people())
    Evidence.objects.bulk_create(_evidence(check) for check in checks)


def hand_in(agent: Agent, *, at: datetime) -> IdentityCheck:
    """This function will send a drawn passport to review."""
    expires_on = date(at.year + 4, 6, 30)
    details = actions.IdentityDetails(
        agent.user.full_name, date(1994, 3, 12), agent.country, "passport", "7R42", expires_on
    )
    image = draw_document(agent.user.full_name, "X00007R42", agent.country, f"{expires_on:%-d %B %Y}")
    return actions.hand_in_identity(
        agent_id=agent.pk, purpose="first", details=details, images={"front": image}, by=actor_of(agent), at=at
    )


def approve(check: IdentityCheck, *, at: datetime, reviewers: int = 2) -> None:
    """This function will let one or two people of ops approve a check."""
    for minutes, ops in enumerate(ops_people()[:reviewers]):
        actions.review_identity(
            check_id=check.pk,
            verdict="approve",
            checklist=dict.fromkeys(("readable", "name", "birth", "dates", "genuine"), True),
            by=ops,
            at=at + timedelta(minutes=20 * minutes),
        )


def sit(
    world: World, agent: Agent, version: AssessmentVersion, *, share: float, at: datetime, words: str = ""
) -> Attempt:
    """This function will take a test, get about that share of it right, hand it in and have it graded.

    `words` are given to short questions in the place of an accepted answer.
    """
    attempt = begin(agent, version, at=at)
    _answer(world, attempt, share, words, at)
    done = at + timedelta(seconds=world.rng.randint(240, min(800, version.limit_seconds)))
    actions.submit_attempt(attempt_id=attempt.pk, seat=attempt.seat, by=actor_of(agent), at=done)
    return actions.grade_attempt(attempt_id=attempt.pk, at=done + timedelta(seconds=4))


def begin(agent: Agent, version: AssessmentVersion, *, at: datetime) -> Attempt:
    """This function will open a test and start its clock."""
    me = actor_of(agent)
    attempt = actions.open_attempt(agent_id=agent.pk, assessment_id=version.assessment_id, by=me, at=at)
    if attempt.state == AttemptState.CREATED:
        attempt = actions.begin_attempt(attempt_id=attempt.pk, by=me, at=at)
    return attempt


def _answer(world: World, attempt: Attempt, share: float, words: str, at: datetime) -> None:
    items = list(attempt.items.select_related("item_version__item").order_by("position"))
    right = set(world.rng.sample(range(len(items)), round(share * len(items))))
    keys = {key.item_version_id: key.key for key in _keys(items)}
    rows = []
    for place, item in enumerate(items):
        saved_at = at + timedelta(seconds=20 * (place + 1))
        payload = _payload(item, keys[item.item_version_id], words, is_right=place in right)
        rows.append(Response(attempt_item=item, client_seq=place + 1, payload=payload, saved_at=saved_at))
        item.answered_at = saved_at
    Response.objects.bulk_create(rows)
    AttemptItem.objects.across_brands().bulk_update(items, ["answered_at"])


def _keys(items: Sequence[AttemptItem]) -> Sequence[ItemKey]:
    return list(
        ItemKey.objects.across_brands().filter(item_version__in=[item.item_version_id for item in items]).order_by("n")
    )


def _payload(item: AttemptItem, key: dict[str, list[object]], words: str, *, is_right: bool) -> dict[str, object]:
    if item.item_version.item.kind == "short_text":
        accepted = key["answers"][0]["text"]  # type: ignore[index]  # accepted answers are mappings
        return {"text": words or (accepted if is_right else "")}
    if is_right:
        return {"options": key["options"]}
    wrong = [option["id"] for option in item.item_version.payload["options"] if option["id"] not in key["options"]]
    return {"options": wrong[:1]}


def _check(agent: Agent, at: datetime) -> IdentityCheck:
    check = IdentityCheck(
        agent=agent,
        idempotency_key=f"identity:{uuid7()}",
        state=CheckState.VERIFIED,
        country=agent.country,
        document_type="passport",
        last4="7R42",
        document_expires_on=(at + 2 * YEARS).date(),
        name_match="exact",
        redaction=IdentityCheck.Redaction.DONE,
        requested_at=at - timedelta(hours=6),
        submitted_at=at - timedelta(hours=6),
        decided_at=at,
    )
    check.sealed_name = vault.seal_text(agent.user.full_name, context=f"{check.pk}:name")
    check.sealed_birth_date = vault.seal_text("1994-03-12", context=f"{check.pk}:birth")
    return check


def _identity(check: IdentityCheck) -> AgentIdentity:
    at = check.decided_at or check.requested_at
    return AgentIdentity(
        agent_id=check.agent_id,
        state=IdentityState.VERIFIED,
        current_check=check,
        verified_at=at,
        verified_until=at + YEARS,
    )


def _review(check: IdentityCheck, ops: OpsActor) -> IdentityReview:
    at = check.decided_at or check.requested_at
    return IdentityReview(
        check_of=check, reviewed_by=ops.user, verdict="approve", checklist={"name": True}, reviewed_at=at
    )


def _evidence(check: IdentityCheck) -> Evidence:
    at = check.decided_at or check.requested_at
    facts = {"agent_id": check.agent_id, "kind": "identity", "subject_key": "", "assurance": "human"}
    source_key = f"identity-check:{check.pk}"
    return Evidence(
        **facts,
        source_key=source_key,
        obtained_at=at,
        valid_until=at + YEARS,
        checksum=checksum_of(facts, source_key, at, at + YEARS, {}),
        recorded_at=at,
    )
