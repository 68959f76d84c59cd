"""Seats called off because a brand does not pay: what becomes of the requests they belong to."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import SystemActor
from recruiting.models import Agent, Program
from scheduling.actions.suspensions import cancel_far_seats
from scheduling.models import Shift
from scheduling.states import ClaimState, RequestState, ShiftState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
BILLING = SystemActor("billing")
DAY = timedelta(days=1)


def call_off(chat: Program, at: datetime) -> int:
    return cancel_far_seats(brand_id=chat.brand_id, starts_from=at + 3 * DAY, reason="Suspended.", by=BILLING, at=at)


def state_of(shift: Shift) -> str:
    shift.request.refresh_from_db()
    return shift.request.state


def test_a_request_whose_every_shift_is_called_off_is_cancelled_once(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + 4 * DAY)
    claim = plan.make_claim(ada, shift, at=at)
    assert [call_off(chat, at), call_off(chat, at)] == [1, 0]
    claim.refresh_from_db()
    assert (state_of(shift), claim.state) == (RequestState.CANCELLED, ClaimState.BRAND_CANCELLED)
    assert shift.request.cancel_reason == "Suspended."
    assert OutboxEvent.objects.filter(type="scheduling.request_cancelled").count() == 1


@pytest.mark.parametrize(
    ("near", "before", "after"),
    [
        (ShiftState.ENDED, RequestState.LIVE, RequestState.COMPLETED),
        (ShiftState.STARTED, RequestState.LIVE, RequestState.LIVE),
        (ShiftState.OPEN, RequestState.PUBLISHED, RequestState.PUBLISHED),
    ],
)
def test_a_request_with_nearer_shifts_goes_on_until_they_are_over(
    chat: Program, at: datetime, near: str, before: str, after: str
) -> None:
    request = plan.make_request(chat, at, state=before)
    plan.make_shift(chat, at + DAY if near == ShiftState.OPEN else at - DAY, state=near, request=request)
    far = plan.make_shift(chat, at + 4 * DAY, request=request)
    assert call_off(chat, at) == 1
    assert state_of(far) == after
