"""The day as it goes: re-forecast, gaps, remedies by their worth, and money that is never overspent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connections

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from gigcx.kernel.intervals import week_start
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions.actuals import ActualInterval
from scheduling.actions.forecasts import TypedVolume
from scheduling.errors import RemedyGone
from scheduling.models import CapacityRequest, Claim, Forecast, InHouseCoverage, Remedy, Shift, VtoOffer, WaitlistEntry
from scheduling.queries.intraday import gaps_of, outlook, surplus_of
from scheduling.queries.offered import offered_minutes
from scheduling.queries.remedies import by_worth, proposed
from scheduling.states import ClaimKind, ClaimState, RemedyKind, RemedyState, SessionState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db
MINUTE, HOUR, QUARTER = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=15)
INTRADAY = SystemActor("intraday")


def asked_for(program: Program, at: datetime, agents: int, **fields: object) -> CapacityRequest:
    request = plan.make_request(program, at, **fields)  # type: ignore[arg-type]
    plan.ask_for(request, at, hours=8, agents=agents)
    return request


def look(program: Program, at: datetime) -> list[Remedy]:
    actions.run_intraday(program_id=program.pk, channel=program.channels[0], by=INTRADAY, at=at)
    return by_worth(proposed(program, at=at))


def spike(program: Program, by: BrandActor, at: datetime, times: int) -> None:
    """A flat forecast of eight contacts a quarter over the day, and so many times as many in the last hour."""
    monday = week_start(at.date())
    volumes = [
        TypedVolume(at - 2 * HOUR + step * QUARTER, at - 2 * HOUR + (step + 1) * QUARTER, Decimal(8), Decimal(300))
        for step in range(40)
    ]
    draft = actions.save_forecast(
        program_id=program.pk,
        channel=program.channels[0],
        week_starts_on=monday,
        volumes=volumes,
        source="typed",
        by=by,
        at=at,
    )
    actions.publish_forecast(forecast_id=draft.pk, by=by, at=at)
    came = [
        ActualInterval(
            at - 2 * HOUR + step * QUARTER,
            at - 2 * HOUR + (step + 1) * QUARTER,
            offered=8 * (times if step >= 4 else 1),
            aht_seconds=Decimal(300),
        )
        for step in range(8)
    ]
    actions.record_actuals(program_id=program.pk, channel=program.channels[0], actuals=came, by=by, at=at)


def test_what_came_in_bends_the_need_of_the_next_hours_and_is_kept_as_a_forecast_of_its_own(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    asked_for(chat, at - 2 * HOUR, 3)
    before = outlook(chat, chat.channels[0], at=at)
    assert (before.ratio, before.steps[0].needed) == (None, 3)
    spike(chat, acme_owner, at, times=25)
    look(chat, at)
    after = outlook(chat, chat.channels[0], at=at)
    assert after.ratio is not None
    assert after.ratio > 5
    assert after.steps[0].needed > 20
    rows = Forecast.objects.across_brands().filter(source="intraday")
    assert [row.state for row in rows] == ["draft"]
    look(chat, at + MINUTE)
    assert rows.count() == 1


def test_a_gap_is_stated_once_and_each_way_to_close_it_is_priced_the_cheapest_first(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    request = asked_for(chat, at, 3, remedy_budget_minor=100_000)
    shift = plan.make_shift(chat, at + HOUR, seats=1, standby_seats=1, request=request)
    plan.make_claim(ada, shift)
    plan.make_claim(bo, shift, kind=ClaimKind.STANDBY)
    found = look(chat, at)
    kinds = [one.kind for one in found]
    assert {RemedyKind.STANDBY, RemedyKind.WAITLIST, RemedyKind.OWN_STAFF} <= set(kinds)
    worth = [one.cost_minor / one.covered_minutes for one in found]
    assert worth == sorted(worth)
    assert all(one.covered_minutes > 0 and one.seats > 0 for one in found)
    assert OutboxEvent.objects.filter(type="scheduling.coverage_at_risk").count() == 1
    again = look(chat, at + MINUTE)
    assert {one.pk for one in again} == {one.pk for one in found}
    assert OutboxEvent.objects.filter(type="scheduling.coverage_at_risk").count() == 1


def test_who_is_silent_or_late_covers_nothing(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    request = asked_for(chat, at, 2)
    shift = plan.make_shift(chat, at, request=request, state=ShiftState.STARTED)
    here = plan.make_claim(ada, shift, state=ClaimState.CHECKED_IN)
    plan.make_claim(bo, shift)
    session = plan.make_session(here, until=at)
    first = outlook(chat, chat.channels[0], at=at + MINUTE).steps[0]
    assert (first.claimed, first.short) == (1, 1)
    session.state = SessionState.LOST
    session.save(update_fields=["state"])
    assert outlook(chat, chat.channels[0], at=at + MINUTE).steps[0].claimed == 0


def test_standby_is_called_at_the_price_of_the_seats_that_are_added(
    chat: Program, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    request = asked_for(chat, at, 2, remedy_budget_minor=1_000_000)
    shift = plan.make_shift(chat, at, seats=1, standby_seats=1, request=request, state=ShiftState.STARTED)
    here = plan.make_claim(ada, shift, state=ClaimState.CHECKED_IN)
    plan.make_session(here, until=at)
    standby = plan.make_claim(bo, shift, kind=ClaimKind.STANDBY)
    remedy = next(one for one in look(chat, at) if one.kind == RemedyKind.STANDBY)
    assert remedy.cost_minor > 0
    actions.act_on_remedy(remedy_id=remedy.pk, by=acme_owner, at=at + MINUTE)
    for row in (standby, shift, request):
        row.refresh_from_db()
    assert (standby.kind, shift.seats, shift.filled) == (ClaimKind.SEAT, 2, 2)
    assert request.remedy_spent_minor == remedy.cost_minor
    assert OutboxEvent.objects.filter(type="scheduling.remedy_acted").count() == 1
    with pytest.raises(RemedyGone):
        actions.act_on_remedy(remedy_id=remedy.pk, by=acme_owner, at=at + MINUTE)


def test_every_kind_of_remedy_does_what_it_says(
    chat: Program, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    request = asked_for(chat, at, 4, remedy_budget_minor=500_000)
    running = plan.make_shift(chat, at - 3 * HOUR, request=request, seats=1, state=ShiftState.STARTED)
    here = plan.make_claim(ada, running, state=ClaimState.CHECKED_IN)
    plan.make_session(here, until=at)
    open_shift = plan.make_shift(chat, at + HOUR, request=request, seats=2)
    WaitlistEntry.objects.create(brand_id=chat.brand_id, shift=open_shift, agent=bo, position=1, joined_at=at)
    found = {one.kind: one for one in look(chat, at)}
    assert set(found) == {RemedyKind.WAITLIST, RemedyKind.INCENTIVE, RemedyKind.EXTEND, RemedyKind.OWN_STAFF}
    for one in found.values():
        actions.act_on_remedy(remedy_id=one.pk, by=acme_owner, at=at + MINUTE)
    open_shift.refresh_from_db()
    request.refresh_from_db()
    assert open_shift.seats == 2 + found[RemedyKind.WAITLIST].seats
    more = request.incentive_budget_minor - found[RemedyKind.INCENTIVE].cost_minor
    assert more > 0, "the added seats get the incentive too, from the same budget for remedies"
    assert request.incentive_budget_minor == request.incentive_spent_minor
    longer = Shift.objects.across_brands().exclude(pk=open_shift.pk).get(starts_at=running.ends_at)
    assert (longer.seats, longer.filled) == (1, 0)
    heads = InHouseCoverage.objects.across_brands().filter(program=chat).order_by("starts_at").first()
    assert heads is not None
    assert heads.heads == found[RemedyKind.OWN_STAFF].seats
    assert request.remedy_spent_minor == sum(one.cost_minor for one in found.values()) + more


def test_a_lull_offers_time_off_and_no_gap_does(
    chat: Program, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    request = asked_for(chat, at, 1)
    shift = plan.make_shift(chat, at, request=request, state=ShiftState.STARTED)
    for agent in (ada, bo):
        claim = plan.make_claim(agent, shift, state=ClaimState.CHECKED_IN)
        plan.make_session(claim, until=at, device=agent.handle)
    assert surplus_of(outlook(chat, chat.channels[0], at=at + MINUTE)) == 1
    remedy = look(chat, at + MINUTE)[0]
    assert (remedy.kind, remedy.seats, remedy.cost_minor) == (RemedyKind.VTO, 1, 0)
    actions.act_on_remedy(remedy_id=remedy.pk, by=acme_owner, at=at + MINUTE)
    assert VtoOffer.objects.across_brands().get().places == 1


def test_what_is_not_wanted_leaves_the_board_and_what_is_over_expires(
    chat: Program, ada: Agent, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    request = asked_for(chat, at, 2)
    shift = plan.make_shift(chat, at + HOUR, seats=2, request=request)
    first = next(one for one in look(chat, at) if one.kind == RemedyKind.OWN_STAFF)
    with pytest.raises(NotFound):
        actions.dismiss_remedy(remedy_id=first.pk, by=globex_owner, at=at)
    with pytest.raises(NotFound):
        actions.act_on_remedy(remedy_id=first.pk, by=globex_owner, at=at)
    viewer = cast.make_member(acme_owner.brand, "Vic Viewer", "viewer")
    with pytest.raises(NotAllowed):
        actions.act_on_remedy(remedy_id=first.pk, by=viewer, at=at)
    actions.dismiss_remedy(remedy_id=first.pk, by=acme_owner, at=at)
    assert RemedyKind.OWN_STAFF not in {one.kind for one in look(chat, at + MINUTE)}
    shift.request.intervals.all().delete()
    assert look(chat, at + 2 * MINUTE) == []
    assert not Remedy.objects.across_brands().filter(state=RemedyState.PROPOSED).exists()


def test_gaps_are_closed_by_themselves_only_where_the_brand_allowed_it(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    request = asked_for(chat, at + HOUR, 1, remedy_budget_minor=1_000_000)
    shift = plan.make_shift(chat, at + HOUR, seats=1, standby_seats=1, request=request)
    standby = plan.make_claim(bo, shift, kind=ClaimKind.STANDBY)
    look(chat, at)
    standby.refresh_from_db()
    assert standby.kind == ClaimKind.STANDBY
    plan.make_rules(chat, is_remedy_automatic=True)
    look(chat, at + MINUTE)
    standby.refresh_from_db()
    assert standby.kind == ClaimKind.SEAT
    assert Remedy.objects.across_brands().get(state=RemedyState.ACTED).is_automatic
    assert gaps_of(outlook(chat, chat.channels[0], at=at + MINUTE)) == []


def test_the_remedy_budget_is_set_by_who_may_pay_and_never_below_what_was_spent(
    chat: Program, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    request = asked_for(chat, at, 1, remedy_budget_minor=500, remedy_spent_minor=300)
    plan.make_shift(chat, at + HOUR, request=request)
    with pytest.raises(Invalid):
        actions.set_remedy_budget(request_id=request.pk, budget_minor=299, by=acme_owner, at=at)
    with pytest.raises(NotFound):
        actions.set_remedy_budget(request_id=request.pk, budget_minor=900, by=globex_owner, at=at)
    actions.set_remedy_budget(request_id=request.pk, budget_minor=900, by=acme_owner, at=at)
    request.refresh_from_db()
    assert request.remedy_budget_minor == 900


def test_offered_minutes_are_written_once_a_day_and_overlapping_shifts_count_once(
    chat: Program, ada: Agent, at: datetime
) -> None:
    for start in (at - timedelta(days=1), at - timedelta(days=1) + HOUR):
        plan.make_shift(chat, start, hours=4, state=ShiftState.ENDED)
    for _twice in range(2):
        actions.count_offered_minutes(by=INTRADAY, at=at)
    engagement = ada.engagements.across_brands().get()
    day = (at - timedelta(days=1)).date()
    assert offered_minutes(engagement.pk, since=day, until=day) == 300


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_automatic", [False, True])
def test_a_25_fold_spike_never_spends_past_the_remedy_budget(is_automatic: bool) -> None:
    """Every remedy on the board is pressed by eight people at once, while the clock presses too."""
    at = cast.MONDAY_NOON
    brand: Brand = cast.make_brand("Acme")
    owner = cast.make_member(brand, "April Acme")
    program = made_program(brand, "Holiday Chat")
    plan.make_rules(program, is_remedy_automatic=is_automatic)
    request = asked_for(program, at - 2 * HOUR, 3, remedy_budget_minor=60_000)
    for hour in range(1, 5):
        shift = plan.make_shift(program, at + hour * HOUR, hours=2, seats=2, standby_seats=1, request=request)
        plan.make_claim(recruit.make_agent(f"Stand{hour} By"), shift, kind=ClaimKind.STANDBY)
    spike(program, owner, at, times=25)
    remedies = look(program, at)
    assert sum(one.cost_minor for one in remedies) > 60_000
    _pressed([(one.pk, owner, at + MINUTE) for one in remedies for _person in range(8)])
    look(program, at + 5 * MINUTE)
    request.refresh_from_db()
    acted = Remedy.objects.across_brands().filter(state=RemedyState.ACTED)
    assert request.remedy_spent_minor == sum(one.cost_minor for one in acted)
    assert 0 < request.remedy_spent_minor <= request.remedy_budget_minor == 60_000
    for shift in Shift.objects.across_brands():
        held = Claim.objects.across_brands().filter(shift=shift, kind=ClaimKind.SEAT, state=ClaimState.CLAIMED)
        assert held.count() == shift.filled <= shift.seats


def _pressed(presses: list[tuple[UUID, BrandActor, datetime]]) -> None:
    def press(one: tuple[UUID, BrandActor, datetime]) -> str:
        try:
            actions.act_on_remedy(remedy_id=one[0], by=one[1], at=one[2])
            return "done"
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert "done" in set(pool.map(press, presses))
