"""Two people press at once: a price is accepted once, approved once, and no budget is passed by adding seats."""

from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling import actions
from scheduling.errors import BudgetTooSmall, SeatsTaken
from scheduling.models import CapacityRequest, ReleaseWave, Shift
from scheduling.queries.commitments import committed_minor, price_of_seats
from scheduling.states import RequestState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import vetting as vet
from tests.races.presses import PRESSES, at_once
from tests.scheduling.conftest import made_program
from tests.scheduling.quoting.test_quotes import limit, priced

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def world() -> tuple[Program, BrandActor, BrandActor]:
    acme = cast.make_brand("Acme")
    program = made_program(acme, "Holiday Chat")
    vet.make_eligible(recruit.make_agent("Ada Obi"), program, cast.MONDAY_NOON)
    return program, cast.make_member(acme, "April Acme"), cast.make_member(acme, "Pia Planner", role="planner")


def test_a_price_accepted_by_two_at_once_is_published_once() -> None:
    program, owner, planner = world()
    quote = priced(program, owner, cast.MONDAY_NOON)
    found = at_once(
        lambda number: actions.accept_quote(
            quote_id=quote.pk, by=owner if number % 2 else planner, at=cast.MONDAY_NOON, is_draw_first=False
        )
    )
    assert {one.state for one in found} == {RequestState.PUBLISHED}
    assert OutboxEvent.objects.filter(type="scheduling.request_published").count() == 1
    assert ReleaseWave.objects.for_brand(quote.brand_id).count() == 1


def test_an_approval_pressed_twice_publishes_once() -> None:
    program, owner, planner = world()
    limit(program, 1, owner, cast.MONDAY_NOON)
    quote = priced(program, owner, cast.MONDAY_NOON)
    actions.accept_quote(quote_id=quote.pk, by=planner, at=cast.MONDAY_NOON, is_draw_first=False)
    found = at_once(lambda _number: actions.approve_request(request_id=quote.request_id, by=owner, at=cast.MONDAY_NOON))
    assert {one.state for one in found} == {RequestState.PUBLISHED}
    assert OutboxEvent.objects.filter(type="scheduling.request_published").count() == 1


def test_approving_and_refusing_at_once_ends_in_one_of_them() -> None:
    program, owner, planner = world()
    limit(program, 1, owner, cast.MONDAY_NOON)
    quote = priced(program, owner, cast.MONDAY_NOON)
    actions.accept_quote(quote_id=quote.pk, by=planner, at=cast.MONDAY_NOON, is_draw_first=False)

    def press(number: int) -> Any:
        pk, at = quote.request_id, cast.MONDAY_NOON
        if number % 2:
            return actions.approve_request(request_id=pk, by=owner, at=at)
        return actions.refuse_request(request_id=pk, reason="No", by=owner, at=at)

    at_once(press)
    request = CapacityRequest.objects.across_brands().get(pk=quote.request_id)
    shifts = list(Shift.objects.for_brand(quote.brand_id).values_list("state", flat=True))
    assert request.state in {RequestState.PUBLISHED, RequestState.DRAFT}
    assert set(shifts) == ({ShiftState.OPEN} if request.state == RequestState.PUBLISHED else set())


def test_seats_added_by_six_at_once_never_pass_the_work_budget() -> None:
    program, owner, _planner = world()
    quote = priced(program, owner, cast.MONDAY_NOON)
    actions.accept_quote(quote_id=quote.pk, by=owner, at=cast.MONDAY_NOON, is_draw_first=False)
    shift = Shift.objects.for_brand(quote.brand_id).select_related("rate_card")[0]
    rows = CapacityRequest.objects.across_brands().filter(pk=quote.request_id)
    budget = committed_minor(rows[0]) + 2 * price_of_seats(shift, 1).amount_minor
    rows.update(work_budget_minor=budget)
    found = at_once(
        lambda _number: actions.add_seats(
            shift_id=shift.pk, seats=1, accepted_minor=None, by=owner, at=cast.MONDAY_NOON
        )
    )
    assert sum(isinstance(one, BudgetTooSmall) for one in found) == PRESSES - 2
    assert committed_minor(rows[0]) == budget


def test_free_seats_taken_back_by_six_at_once_leave_one() -> None:
    program, owner, _planner = world()
    quote = priced(program, owner, cast.MONDAY_NOON)
    actions.accept_quote(quote_id=quote.pk, by=owner, at=cast.MONDAY_NOON, is_draw_first=False)
    shift = Shift.objects.for_brand(quote.brand_id)[0]
    Shift.objects.across_brands().filter(pk=shift.pk).update(seats=5, filled=2)
    found = at_once(lambda _number: actions.reduce_seats(shift_id=shift.pk, seats=1, by=owner, at=cast.MONDAY_NOON))
    assert sum(isinstance(one, SeatsTaken) for one in found) == PRESSES - 3
    assert Shift.objects.across_brands().get(pk=shift.pk).seats == 2
