"""Excuses that agents ask for."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit import dispatcher
from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.notify.models import Notification
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.errors import ExcuseClosed
from scheduling.models import Claim, Excusal
from scheduling.queries.excuses import excuses_to_grant, free_excuses_left
from scheduling.states import ClaimState, ExcusalState, ExcuseReason
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCK = SystemActor("clock")
STORY = "My daughter fell and I took her to hospital."


def missed(chat: Program, agent: Agent, starts_at: datetime) -> Claim:
    shift = plan.make_shift(chat, starts_at)
    return plan.make_claim(agent, shift, state=ClaimState.NO_SHOW, points=-50)


def asked(claim: Claim, by: AgentActor, at: datetime, reason: str = ExcuseReason.FAMILY, text: str = STORY) -> Excusal:
    return actions.request_excuse(claim_id=claim.pk, reason_class=reason, statement=text, by=by, at=at)


def test_ops_grant_an_excuse_and_the_points_are_void(
    chat: Program, ada: Agent, as_ada: AgentActor, olu: OpsActor, at: datetime
) -> None:
    claim = missed(chat, ada, at)
    excuse = asked(claim, as_ada, at + HOUR)
    assert (excuse.state, excuse.due_at) == (ExcusalState.REQUESTED, at + HOUR + DAY)
    actions.grant_excuse(excusal_id=excuse.pk, reason="Understood, get well.", by=olu, at=at + 2 * HOUR)
    claim.refresh_from_db()
    excuse.refresh_from_db()
    assert (claim.state, claim.points, excuse.points_void) == (ClaimState.EXCUSED, 0, -50)
    assert OutboxEvent.objects.get(type="scheduling.claim_excused").payload["points_void"] == -50
    with pytest.raises(MoveRefused):
        actions.grant_excuse(excusal_id=excuse.pk, by=olu, at=at + 3 * HOUR)


def test_ops_refuse_with_a_reason_and_the_points_stand(
    chat: Program, ada: Agent, as_ada: AgentActor, olu: OpsActor, at: datetime
) -> None:
    claim = missed(chat, ada, at)
    excuse = asked(claim, as_ada, at + HOUR)
    with pytest.raises(Invalid):
        actions.refuse_excuse(excusal_id=excuse.pk, reason="", by=olu, at=at + HOUR)
    actions.refuse_excuse(excusal_id=excuse.pk, reason="You worked elsewhere then.", by=olu, at=at + HOUR)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.NO_SHOW, -50)
    with pytest.raises(ExcuseClosed):
        asked(claim, as_ada, at + 2 * HOUR)


def test_silence_favors_the_agent_after_a_day(chat: Program, ada: Agent, as_ada: AgentActor, at: datetime) -> None:
    excuse = asked(missed(chat, ada, at), as_ada, at + HOUR)
    assert excuses_to_grant(at=at + DAY) == []
    actions.grant_by_silence(excusal_id=excuse.pk, by=CLOCK, at=at + DAY)
    excuse.refresh_from_db()
    assert excuse.state == ExcusalState.REQUESTED
    assert excuses_to_grant(at=at + HOUR + DAY) == [excuse.pk]
    actions.grant_by_silence(excusal_id=excuse.pk, by=CLOCK, at=at + HOUR + DAY)
    excuse.refresh_from_db()
    assert excuse.state == ExcusalState.GRANTED


def test_two_excuses_in_90_days_are_free_and_need_no_story(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    claims = [missed(chat, ada, at + number * DAY) for number in range(3)]
    for claim in claims[:2]:
        assert asked(claim, as_ada, claim.ends_at, ExcuseReason.FREE, "").state == ExcusalState.GRANTED
    assert free_excuses_left(ada.pk, at=claims[2].ends_at) == 0
    with pytest.raises(ExcuseClosed):
        asked(claims[2], as_ada, claims[2].ends_at, ExcuseReason.FREE, "")
    assert free_excuses_left(ada.pk, at=at + 95 * DAY) == 2


def test_a_late_arrival_is_excused_without_touching_the_work(
    chat: Program, ada: Agent, as_ada: AgentActor, olu: OpsActor, at: datetime
) -> None:
    claim = plan.make_worked_claim(ada, plan.make_shift(chat, at), points=-5)
    excuse = asked(claim, as_ada, at + 5 * HOUR)
    actions.grant_excuse(excusal_id=excuse.pk, by=olu, at=at + 6 * HOUR)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.WORKED, 0)


def test_nothing_is_excused_twice_too_late_for_others_or_without_a_story(
    chat: Program, ada: Agent, as_ada: AgentActor, as_bo: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    claim = missed(chat, ada, at)
    with pytest.raises(NotFound):
        asked(claim, as_bo, at + HOUR)
    with pytest.raises(Invalid):
        asked(claim, as_ada, at + HOUR, text="sorry")
    with pytest.raises(Invalid):
        asked(claim, as_ada, at + HOUR, reason=ExcuseReason.INCIDENT)
    with pytest.raises(ExcuseClosed):
        asked(claim, as_ada, at + 20 * DAY)
    excuse = asked(claim, as_ada, at + HOUR)
    with pytest.raises(ExcuseClosed):
        asked(claim, as_ada, at + HOUR)
    with pytest.raises(NotFound):
        actions.grant_excuse(excusal_id=excuse.pk, by=acme_owner, at=at + HOUR)


def test_who_is_not_excused_is_told_and_reads_why(
    chat: Program, ada: Agent, as_ada: AgentActor, olu: OpsActor, at: datetime
) -> None:
    excuse = asked(missed(chat, ada, at), as_ada, at + HOUR)
    actions.refuse_excuse(excusal_id=excuse.pk, reason="The network was up all day.", by=olu, at=at + 2 * HOUR)
    while dispatcher.dispatch_due(at=at + 2 * HOUR):
        pass
    told = Notification.objects.get(user=ada.user, kind="excuse_answered").payload
    assert told["title"].startswith("Not excused, the points stand")
    assert told["text"] == "The network was up all day."
