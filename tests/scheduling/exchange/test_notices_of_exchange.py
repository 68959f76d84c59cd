"""Who is told what when seats change hands, and in which words."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from gigcx.audit import dispatcher
from gigcx.audit.models import Delivery
from gigcx.notify.models import Notification
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, Shift
from scheduling.queries.doors import worker_for
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOCK = SystemActor("clock")
Told = Callable[[datetime], list[tuple[str, str]]]


@pytest.fixture
def told() -> Told:
    """Deliver the facts and read who was told what."""

    def after(moment: datetime) -> list[tuple[str, str]]:
        while dispatcher.dispatch_due(at=moment):
            pass
        assert list(Delivery.objects.exclude(error="").values_list("consumer", "error")) == []
        rows = Notification.objects.order_by("id").select_related("user")
        found = [(one.user.full_name, one.payload["title"].split(":")[0]) for one in rows]
        rows.delete()
        return found

    return after


@pytest.fixture
def shift(chat: Program, ada: Agent, at: datetime) -> Shift:
    """A shift in two days whose only seat is Ada's."""
    shift = plan.make_shift(chat, at + 2 * DAY, seats=1, standby_seats=1)
    plan.make_claim(ada, shift, at=at - DAY)
    return shift


def held_by(agent: Agent) -> Claim:
    return Claim.objects.across_brands().filter(agent=agent).latest("claimed_at")


def test_the_next_in_line_is_invited_and_points_of_a_retaken_seat_are_void(
    shift: Shift, ada: Agent, bo: Agent, at: datetime, told: Told
) -> None:
    late = shift.starts_at - 7 * HOUR
    entry = actions.join_waitlist(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    actions.release_claim(claim_id=held_by(ada).pk, accepted_points=-15, by=recruit.agent_actor(ada), at=late)
    assert told(late) == [("Bo Lind", "A seat is yours if you want it")]
    actions.accept_invitation(entry_id=entry.pk, by=recruit.agent_actor(bo), at=late + MINUTE)
    assert [(who, title[:13]) for who, title in told(late + MINUTE)] == [("Ada Obi", "No points for")]
    assert held_by(ada).points == 0


def test_who_wants_no_question_is_told_when_the_seat_is_theirs(
    shift: Shift, ada: Agent, bo: Agent, at: datetime, told: Told
) -> None:
    entry = actions.join_waitlist(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at, auto_accept=True)
    actions.release_claim(claim_id=held_by(ada).pk, accepted_points=0, by=recruit.agent_actor(ada), at=at)
    actions.accept_for_waiting(entry_id=entry.pk, by=CLOCK, at=at)
    assert told(at) == [("Bo Lind", "You have a seat")]


def test_a_holder_learns_that_an_unconfirmed_seat_went_to_somebody_else(
    shift: Shift, bo: Agent, at: datetime, told: Told
) -> None:
    entry = actions.join_waitlist(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    late = shift.starts_at - HOUR
    actions.take_unconfirmed(entry_id=entry.pk, by=recruit.agent_actor(bo), at=late)
    assert told(late) == [("Ada Obi", "Your seat went to somebody else")]


def test_standby_is_called(chat: Program, shift: Shift, bo: Agent, at: datetime, told: Told) -> None:
    actions.claim_standby(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    Shift.objects.across_brands().filter(pk=shift.pk).update(seats=2)
    actions.promote_standby(shift_id=shift.pk, by=CLOCK, at=at)
    assert told(at) == [("Bo Lind", "You are needed")]


def test_a_swap_is_told_to_whom_it_is_offered_to_the_planner_and_to_both_sides(
    chat: Program, shift: Shift, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime, told: Told
) -> None:
    plan.make_rules(chat, is_swap_approved=True)
    offer = actions.offer_swap(claim_id=held_by(ada).pk, to_handle=bo.handle, by=recruit.agent_actor(ada), at=at)
    assert told(at) == [("Bo Lind", f"{ada.handle} offers you a shift")]
    by = recruit.agent_actor(bo)
    actions.take_swap(offer_id=offer.pk, agent=worker_for(by), by=by, at=at)
    assert told(at) == [("April Acme", "A swap waits for you")]
    actions.refuse_swap(offer_id=offer.pk, reason="Not now.", by=acme_owner, at=at)
    assert told(at) == [
        ("Ada Obi", "Your swap was refused. The shift is still yours."),
        ("Bo Lind", "The swap was refused."),
    ]
    actions.take_swap(offer_id=offer.pk, agent=worker_for(by), by=by, at=at)
    told(at)
    actions.approve_swap(offer_id=offer.pk, by=acme_owner, at=at)
    assert told(at) == [("Ada Obi", "Taken over, you are free"), ("Bo Lind", "The shift is yours now")]
