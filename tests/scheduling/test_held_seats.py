"""Seats held by people who may not work any more: never a no-show they could not avoid."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from gigcx.audit import dispatcher
from gigcx.audit.models import Delivery, OutboxEvent
from gigcx.audit.outbox import publish
from gigcx.notify.models import Notification
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from recruiting import actions as recruiting
from recruiting.models import Agent, Engagement, Program
from recruiting.states import ProgramState, Standing
from scheduling import actions
from scheduling.errors import NotEligible
from scheduling.models import Claim, Shift
from scheduling.queries.holding import claims_to_reopen
from scheduling.states import ClaimState, ShiftState
from tests.factories import scheduling as plan
from vetting.events import CertificateRevoked, EligibilityLost
from vetting.models import AgentIdentity, Certificate
from vetting.states import CertificateState

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def deliver() -> Callable[[datetime], None]:
    """Hand over every fact that waits, again and again until none does."""

    def run(at: datetime) -> None:
        while dispatcher.dispatch_due(at=at):
            pass
        assert list(Delivery.objects.exclude(error="").values_list("consumer", "error")) == []

    return run


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    """Ada's four hours the day after tomorrow."""
    return plan.make_claim(ada, plan.make_shift(chat, at + 48 * HOUR), at=at - HOUR)


def state_of(claim: Claim) -> tuple[str, int, int]:
    """The claim's state and points, and the seats its shift counts."""
    claim.refresh_from_db()
    return claim.state, claim.points, Shift.objects.across_brands().get(pk=claim.shift_id).filled


def told(agent: Agent) -> list[str]:
    """What the agent was told about seats."""
    rows = Notification.objects.filter(user=agent.user, kind__in=["seat_ended", "seat_at_risk"])
    return [f"{one.payload['title']} {one.payload['text']}" for one in rows.order_by("created_at", "pk")]


def suspend(agent: Agent) -> None:
    """Something the certificate rests on ran out."""
    rows = Certificate.objects.across_brands().filter(agent=agent)
    rows.update(state=CertificateState.SUSPENDED, suspended_at=rows.get().issued_at)


def lose(agent: Agent, program: Program, at: datetime, cause: str) -> None:
    """Vetting's fact, as it states it."""
    fact = EligibilityLost(agent_id=agent.pk, program_id=program.pk, effective_at=at, cause=cause)
    publish(fact, at=at, brand_id=program.brand_id, agent_id=agent.pk)


def engagement_of(agent: Agent, program: Program) -> Engagement:
    """The agent's place in the program."""
    return Engagement.objects.across_brands().get(agent=agent, program=program)


def test_a_block_leaves_held_seats_and_lets_them_be_worked(
    claim: Claim, chat: Program, ada: Agent, as_ada: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    place = engagement_of(ada, chat)
    recruiting.block_agent(engagement_id=place.pk, reason="Rude.", by=acme_owner, at=at)
    assert claims_to_reopen(at=claim.starts_at - HOUR) == []
    actions.check_in(claim_id=claim.pk, device="d", by=as_ada, at=claim.starts_at)
    assert state_of(claim) == (ClaimState.CHECKED_IN, 0, 1)
    with pytest.raises(NotEligible):
        actions.claim_shift(shift_id=plan.make_shift(chat, at + 80 * HOUR).pk, agent=ada, by=as_ada, at=at + MINUTE)


def test_a_block_for_safety_takes_the_seats_back_at_once_without_points(
    claim: Claim,
    chat: Program,
    ada: Agent,
    acme_owner: BrandActor,
    deliver: Callable[[datetime], None],
    at: datetime,
) -> None:
    place = engagement_of(ada, chat)
    recruiting.block_agent_for_safety(engagement_id=place.pk, reason="Threatened a customer.", by=acme_owner, at=at)
    deliver(at)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)
    fact = OutboxEvent.objects.get(type="recruiting.agent_blocked")
    assert (fact.payload["is_for_safety"], fact.payload["reason"]) == (True, "Threatened a customer.")
    assert len(told(ada)) == 1
    assert "Threatened" not in told(ada)[0]  # the brand's words are for its own history


def test_a_paused_profile_gives_a_seat_back_at_the_cost_of_giving_it_back(
    claim: Claim, chat: Program, ada: Agent, as_ada: AgentActor, deliver: Callable[[datetime], None], at: datetime
) -> None:
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=as_ada, at=at)
    deliver(at)
    assert state_of(claim) == (ClaimState.CLAIMED, 0, 1)  # they may come back in time
    moment = claim.starts_at - 12 * HOUR
    ((claim_id, reason),) = claims_to_reopen(at=moment)
    actions.reopen_held_claim(claim_id=claim_id, reason=reason, by=CLOCK, at=moment)
    deliver(moment)
    assert state_of(claim) == (ClaimState.RELEASED, -5, 0)
    assert any("Off your schedule" in one for one in told(ada))


def test_a_block_for_safety_costs_nothing_even_while_the_profile_is_paused(
    claim: Claim,
    chat: Program,
    ada: Agent,
    as_ada: AgentActor,
    acme_owner: BrandActor,
    deliver: Callable[[datetime], None],
    at: datetime,
) -> None:
    moment = claim.starts_at - HOUR
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=as_ada, at=at)
    place = engagement_of(ada, chat)
    recruiting.block_agent_for_safety(engagement_id=place.pk, reason="A threat.", by=acme_owner, at=moment)
    deliver(moment)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)


def test_safety_costs_nothing_even_while_the_profile_is_paused(
    claim: Claim, chat: Program, ada: Agent, as_ada: AgentActor, deliver: Callable[[datetime], None]
) -> None:
    moment = claim.starts_at - HOUR
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=as_ada, at=moment)
    AgentIdentity.objects.across_brands().filter(agent=ada).update(is_held=True, held_at=moment)
    lose(ada, chat, moment, "safety")
    deliver(moment)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)


def reopened(claim: Claim, moment: datetime) -> tuple[str, int, int]:
    """What the sweep makes of the claim at that moment."""
    for claim_id, reason in claims_to_reopen(at=moment):
        actions.reopen_held_claim(claim_id=claim_id, reason=reason, by=CLOCK, at=moment)
    return state_of(claim)


def test_a_pause_that_ops_made_costs_the_agent_nothing(claim: Claim, ada: Agent, olu: OpsActor, at: datetime) -> None:
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=olu, at=at)
    assert reopened(claim, claim.starts_at - 11 * HOUR) == (ClaimState.EXCUSED, 0, 0)


def test_a_pause_beside_another_reason_costs_nothing(
    claim: Claim, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=as_ada, at=at)
    suspend(ada)
    assert reopened(claim, claim.starts_at - 11 * HOUR) == (ClaimState.EXCUSED, 0, 0)


def test_a_pause_after_the_start_counts_as_giving_the_seat_back_and_not_as_a_wall(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=as_ada, at=at + 5 * MINUTE)
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 10 * MINUTE)
    assert state_of(claim) == (ClaimState.RELEASED, -30, 0)


@pytest.mark.parametrize("closed", [ProgramState.PAUSED, ProgramState.SUNSET])
def test_a_program_that_the_brand_pauses_or_closes_takes_no_held_seat_and_lets_it_be_worked(
    claim: Claim, chat: Program, as_ada: AgentActor, closed: str
) -> None:
    Program.objects.across_brands().filter(pk=chat.pk).update(state=closed)
    assert reopened(claim, claim.starts_at - HOUR) == (ClaimState.CLAIMED, 0, 1)
    actions.check_in(claim_id=claim.pk, device="d", by=as_ada, at=claim.starts_at)
    assert state_of(claim) == (ClaimState.CHECKED_IN, 0, 1)


def test_an_engagement_the_brand_ended_cancels_held_seats_with_their_notice(
    claim: Claim,
    chat: Program,
    ada: Agent,
    acme_owner: BrandActor,
    deliver: Callable[[datetime], None],
    at: datetime,
) -> None:
    place, moment = engagement_of(ada, chat), claim.starts_at - HOUR
    recruiting.end_engagement(engagement_id=place.pk, reason="We close the team.", by=acme_owner, at=moment)
    deliver(moment)
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=claim.starts_at + 10 * MINUTE)
    assert state_of(claim) == (ClaimState.BRAND_CANCELLED, 0, 0)
    fact = OutboxEvent.objects.get(type="scheduling.claim_cancelled_by_brand")
    assert fact.payload["notice_seconds"] == 3600
    assert len(told(ada)) == 1
    assert "The brand ended it" in told(ada)[0]


def test_an_agent_who_leaves_the_program_holds_no_seats_and_is_not_charged_points(
    claim: Claim, chat: Program, ada: Agent, as_ada: AgentActor, deliver: Callable[[datetime], None], at: datetime
) -> None:
    recruiting.withdraw(engagement_id=engagement_of(ada, chat).pk, reason="", by=as_ada, at=at)
    deliver(at)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)


def test_lost_eligibility_warns_and_frees_the_seat_twelve_hours_before_its_start(
    claim: Claim, chat: Program, ada: Agent, deliver: Callable[[datetime], None], at: datetime
) -> None:
    suspend(ada)
    lose(ada, chat, at, "expiry")
    deliver(at)
    assert state_of(claim) == (ClaimState.CLAIMED, 0, 1)
    assert len(told(ada)) == 1
    assert "You may lose 1 shift in Holiday Chat" in told(ada)[0]
    assert claims_to_reopen(at=claim.starts_at - 12 * HOUR - MINUTE) == []
    assert claims_to_reopen(at=claim.starts_at - 12 * HOUR) == [(claim.pk, "The certificate is suspended.")]


def test_what_is_mended_in_time_is_kept(claim: Claim, chat: Program, ada: Agent, at: datetime) -> None:
    suspend(ada)
    Certificate.objects.across_brands().filter(agent=ada).update(state=CertificateState.ACTIVE, suspended_at=None)
    assert claims_to_reopen(at=claim.starts_at - 11 * HOUR) == []


def test_eligibility_lost_shortly_before_the_start_frees_the_seat_at_once(
    claim: Claim, chat: Program, ada: Agent, deliver: Callable[[datetime], None]
) -> None:
    moment = claim.starts_at - 2 * HOUR
    suspend(ada)
    lose(ada, chat, moment, "expiry")
    deliver(moment)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)
    assert any("without points" in words and "suspended" in words for words in told(ada))


@pytest.mark.parametrize("is_revoked", [True, False])
def test_safety_frees_every_seat_at_once(
    claim: Claim, chat: Program, ada: Agent, deliver: Callable[[datetime], None], at: datetime, is_revoked: bool
) -> None:
    certificate = Certificate.objects.across_brands().get(agent=ada)
    if is_revoked:
        Certificate.objects.across_brands().update(state=CertificateState.REVOKED, ended_at=at)
        fact = CertificateRevoked(certificate_id=certificate.pk, agent_id=ada.pk, program_id=chat.pk)
        publish(fact, at=at, brand_id=chat.brand_id, agent_id=ada.pk)
    else:
        AgentIdentity.objects.across_brands().filter(agent=ada).update(is_held=True, held_at=at)
        lose(ada, chat, at, "safety")
    deliver(at)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)


@pytest.mark.parametrize("wall", ["suspended", "ended", "standing", "runs_out"])
def test_nobody_is_punished_for_not_coming_where_they_were_not_let_in(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime, wall: str
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))
    rows = Engagement.objects.across_brands().filter(agent=ada)
    if wall == "suspended":
        suspend(ada)
    elif wall == "ended":
        rows.update(state="ended", ended_at=at - HOUR, end_code="brand_ended")
    elif wall == "standing":
        rows.update(standing=Standing.SUSPENDED, standing_reason="A complaint.")
    else:
        Certificate.objects.across_brands().update(expires_at=at + HOUR)
    with pytest.raises(NotEligible):
        actions.check_in(claim_id=claim.pk, device="d", by=as_ada, at=at)
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 10 * MINUTE)
    assert state_of(claim) == (ClaimState.EXCUSED, 0, 0)
    assert not OutboxEvent.objects.filter(type="scheduling.agent_no_show").exists()


def test_a_blocked_agent_who_could_have_come_and_did_not_is_a_no_show(chat: Program, ada: Agent, at: datetime) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))
    Engagement.objects.across_brands().filter(agent=ada).update(blocked_by_brand_at=at - HOUR)
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 10 * MINUTE)
    assert state_of(claim) == (ClaimState.NO_SHOW, -50, 0)
