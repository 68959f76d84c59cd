"""From typed demand to published shifts: what is refused, what is priced, what is promised."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound, Stale
from gigcx.kernel.intervals import day_grid, from_wall
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Agent, Program, RateCard
from recruiting.states import LineKind
from scheduling import actions, registries
from scheduling.actions.intervals import TypedInterval
from scheduling.errors import (
    FeeChanged,
    FundsRefused,
    IntervalsInvalid,
    NothingToDesign,
    QuoteExpired,
    RequestNotEditable,
)
from scheduling.models import CapacityRequest, Claim, Quote
from scheduling.queries.prices import price_of_seconds
from scheduling.queries.weeks import copied_day
from scheduling.states import ClaimState, DesignState, RequestState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NEXT_MONDAY = date(2026, 11, 23)
DESIGNER = SystemActor("designer")


@pytest.fixture
def draft(chat: Program, acme_owner: BrandActor, at: datetime) -> CapacityRequest:
    """A pencilled week."""
    return actions.draft_request(program_id=chat.pk, channel="chat", week_starts_on=NEXT_MONDAY, by=acme_owner, at=at)


@pytest.fixture
def nine(draft: CapacityRequest) -> datetime:
    """Monday, nine o'clock, of the pencilled week."""
    return from_wall(NEXT_MONDAY, time(9), ZoneInfo(draft.timezone))


def typed(
    draft: CapacityRequest, by: BrandActor, at: datetime, *parts: tuple[datetime, datetime, int]
) -> CapacityRequest:
    return actions.set_intervals(request_id=draft.pk, intervals=[TypedInterval(*part) for part in parts], by=by, at=at)


def priced(draft: CapacityRequest, by: BrandActor, at: datetime) -> Quote:
    actions.design_request_shifts(request_id=draft.pk, by=by, at=at)
    actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at, iterations=2)
    draft.refresh_from_db()
    return draft.quotes.get(request_version=draft.version)


def test_drafting_the_same_week_twice_gives_the_same_request(
    draft: CapacityRequest, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    again = actions.draft_request(program_id=chat.pk, channel="chat", week_starts_on=NEXT_MONDAY, by=acme_owner, at=at)
    assert again.pk == draft.pk
    assert draft.number == "CR-1001"


def test_a_stranger_and_a_viewer_pencil_nothing(
    chat: Program, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    viewer = cast.make_member(acme_owner.brand, "Vera Viewer", "viewer")
    for who, refusal in ((globex_owner, NotFound), (viewer, NotAllowed)):
        with pytest.raises(refusal):
            actions.draft_request(program_id=chat.pk, channel="chat", week_starts_on=NEXT_MONDAY, by=who, at=at)


@pytest.mark.parametrize(
    ("start", "end", "agents", "says"),
    [
        (0, -1, 3, "after the start"),
        (0, 0, 3, "after the start"),
        (-24 * 8, -24 * 8 + 1, 3, "not part of the week"),
        (24 * 7, 24 * 7 + 1, 3, "not part of the week"),
        (0, 1, 10_001, "0 to 10,000"),
        (0, 1, -1, "0 to 10,000"),
        (0.1, 1.1, 3, "quarter of an hour"),
    ],
)
def test_an_interval_that_cannot_be_right_is_refused_and_nothing_is_written(
    draft: CapacityRequest,
    nine: datetime,
    acme_owner: BrandActor,
    at: datetime,
    start: float,
    end: float,
    agents: int,
    says: str,
) -> None:
    good = (nine + 5 * HOUR, nine + 6 * HOUR, 2)
    with pytest.raises(IntervalsInvalid) as refused:
        typed(draft, acme_owner, at, good, (nine + start * HOUR, nine + end * HOUR, agents))
    assert says in refused.value.message
    assert not draft.intervals.exists()


def test_the_past_cannot_be_asked_for(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    this_week = actions.draft_request(
        program_id=chat.pk, channel="chat", week_starts_on=date(2026, 11, 16), by=acme_owner, at=at
    )
    with pytest.raises(IntervalsInvalid, match="has passed"):
        typed(this_week, acme_owner, at, (at - HOUR, at, 3))


def test_overlapping_intervals_name_each_other(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    with pytest.raises(IntervalsInvalid, match="Overlaps Interval 1"):
        typed(draft, acme_owner, at, (nine, nine + 2 * HOUR, 3), (nine + HOUR, nine + 3 * HOUR, 4))


def test_a_stale_page_writes_nothing(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    typed(draft, acme_owner, at, (nine, nine + HOUR, 3))
    with pytest.raises(Stale):
        actions.set_intervals(
            request_id=draft.pk, intervals=[TypedInterval(nine, nine + HOUR, 9)], by=acme_owner, at=at, seen_version=1
        )
    assert set(draft.intervals.values_list("agents", flat=True)) == {3}


def test_shifts_are_made_priced_and_published_with_the_money_held(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    typed(draft, acme_owner, at, (nine, nine + 4 * HOUR, 5))
    quote = priced(draft, acme_owner, at)
    shift = draft.shifts.get()
    assert (shift.starts_at, shift.ends_at, shift.seats, shift.state) == (nine, nine + 4 * HOUR, 5, ShiftState.DRAFT)
    assert (quote.bill_minor, quote.pay_minor) == (20 * 2200, 20 * 1600)
    held: list[Money] = []
    gate = registries.funds_gate()

    class Book(registries.OpenFunds):
        def hold(self, *, amount: Money, **_rest: object) -> None:
            held.append(amount)

    registries.set_funds_gate(Book())
    try:
        for _press in range(2):
            actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, is_draw_first=False)
    finally:
        registries.set_funds_gate(gate)
    draft.refresh_from_db()
    shift.refresh_from_db()
    assert (draft.state, shift.state, held) == (RequestState.PUBLISHED, ShiftState.OPEN, [Money(44_000, "USD")])
    assert OutboxEvent.objects.filter(type="scheduling.request_published").count() == 1
    assert OutboxEvent.objects.filter(type="scheduling.shift_announced").count() == 1
    with pytest.raises(RequestNotEditable):
        typed(draft, acme_owner, at, (nine, nine + HOUR, 1))


def test_without_the_money_nothing_is_published(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    typed(draft, acme_owner, at, (nine, nine + 4 * HOUR, 5))
    quote = priced(draft, acme_owner, at)
    gate = registries.funds_gate()

    class Empty(registries.OpenFunds):
        def hold(self, *, amount: Money, **_rest: object) -> None:
            raise FundsRefused(shortfall_minor=100, currency="USD", cause="wallet")

    registries.set_funds_gate(Empty())
    try:
        with pytest.raises(FundsRefused):
            actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, is_draw_first=False)
    finally:
        registries.set_funds_gate(gate)
    draft.refresh_from_db()
    assert draft.state == RequestState.QUOTED
    assert draft.shifts.get().state == ShiftState.DRAFT


def test_a_price_holds_for_72_hours_and_typing_makes_it_stale(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    typed(draft, acme_owner, at, (nine, nine + 4 * HOUR, 5))
    quote = priced(draft, acme_owner, at)
    with pytest.raises(QuoteExpired):
        actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at + 72 * HOUR, is_draw_first=False)
    typed(draft, acme_owner, at, (nine, nine + HOUR, 6))
    with pytest.raises(Stale):
        actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, is_draw_first=False)
    draft.refresh_from_db()
    assert (draft.state, draft.shifts.count(), draft.design_state) == (RequestState.DRAFT, 0, DesignState.NONE)


def test_what_was_typed_while_the_designer_worked_wins(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduling.design import search

    typed(draft, acme_owner, at, (nine, nine + 4 * HOUR, 5))
    actions.design_request_shifts(request_id=draft.pk, by=acme_owner, at=at)
    real = search.design_shifts

    def slow(problem: object, **rest: object) -> object:
        typed(draft, acme_owner, at, (nine, nine + HOUR, 9))
        return real(problem, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "design_shifts", slow)
    assert actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at) is None
    assert not draft.shifts.exists()


def test_an_empty_week_makes_no_shifts(draft: CapacityRequest, acme_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(NothingToDesign):
        actions.design_request_shifts(request_id=draft.pk, by=acme_owner, at=at)


def test_shifts_announced_for_later_open_when_their_time_comes(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    typed(draft, acme_owner, at, (nine, nine + 4 * HOUR, 5))
    quote = priced(draft, acme_owner, at)
    with pytest.raises(Invalid):
        actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, publish_at=nine, is_draw_first=False)
    actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, publish_at=at + HOUR, is_draw_first=False)
    shift = draft.shifts.get()
    actions.open_shift(shift_id=shift.pk, by=DESIGNER, at=at + HOUR - timedelta(seconds=1))
    shift.refresh_from_db()
    assert shift.state == ShiftState.ANNOUNCED
    actions.open_shift(shift_id=shift.pk, by=DESIGNER, at=at + HOUR)
    shift.refresh_from_db()
    assert shift.state == ShiftState.OPEN


def test_cancelling_costs_what_was_shown_and_tells_the_holders(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + 3 * HOUR)
    claim = plan.make_claim(ada, shift)
    ids: dict[str, Any] = {"request_id": shift.request_id, "by": acme_owner, "at": at}
    with pytest.raises(FeeChanged):
        actions.cancel_request(reason="No stock.", accepted_fee=None, **ids)
    with pytest.raises(Invalid):
        actions.cancel_request(reason=" ", accepted_fee=Money(4400, "USD"), **ids)
    actions.cancel_request(reason="No stock.", accepted_fee=Money(4400, "USD"), **ids)
    claim.refresh_from_db()
    shift.refresh_from_db()
    assert (claim.state, shift.state, shift.filled) == (ClaimState.BRAND_CANCELLED, ShiftState.CANCELLED, 0)
    assert OutboxEvent.objects.filter(type="scheduling.claim_cancelled_by_brand").count() == 1
    with pytest.raises(MoveRefused):
        actions.cancel_request(reason="Again.", accepted_fee=None, **ids)
    assert Claim.objects.across_brands().coming().count() == 0


@pytest.mark.parametrize(
    ("zone", "on", "quarters"),
    [
        ("America/New_York", date(2027, 3, 14), 92),
        ("Australia/Lord_Howe", date(2026, 10, 4), 94),
        ("Australia/Lord_Howe", date(2027, 4, 4), 98),
        ("America/New_York", date(2026, 11, 1), 100),
    ],
)
def test_days_of_odd_length_lose_and_double_nothing(zone: str, on: date, quarters: int) -> None:
    there = ZoneInfo(zone)
    grid = day_grid(on, there)
    assert len(grid) == len(set(grid)) == quarters
    source_on = on - timedelta(days=1)
    demand = dict.fromkeys(day_grid(source_on, there), 2)
    copied = copied_day(demand, source_on=source_on, target_on=on, zone=there)
    assert list(copied.demand) == grid
    assert set(copied.demand.values()) == {2}
    assert len(copied.lost) == max(0, 96 - quarters)


def test_copying_a_day_follows_the_wall_clock(
    draft: CapacityRequest, nine: datetime, acme_owner: BrandActor, at: datetime
) -> None:
    typed(draft, acme_owner, at, (nine, nine + HOUR, 4))
    report = actions.copy_day(
        request_id=draft.pk,
        source_on=NEXT_MONDAY,
        target_on=[NEXT_MONDAY + timedelta(days=2)],
        by=acme_owner,
        at=at,
    )
    assert report.moved == ()
    assert draft.intervals.filter(starts_at=nine + timedelta(days=2), agents=4).exists()
    with pytest.raises(Invalid):
        actions.copy_day(request_id=draft.pk, source_on=NEXT_MONDAY, target_on=[NEXT_MONDAY], by=acme_owner, at=at)


def test_the_price_covers_whoever_claims_and_rounds_each_seat_as_its_invoice(
    draft: CapacityRequest, acme_owner: BrandActor, chat: Program, nine: datetime, at: datetime
) -> None:
    made = recruit.make_rate_card(
        chat, {LineKind.PRODUCTIVE_HOUR: (1600, 2001)}, tier_multipliers={"new": 10_000, "lead": 12_500}
    )
    typed(draft, acme_owner, at, (nine, nine + 2.5 * HOUR, 7))
    quote = priced(draft, acme_owner, at)
    card = RateCard.objects.for_brand(chat.brand_id).with_lines().get(pk=made.pk)
    seat = {tier: price_of_seconds(card, 9000, tier=tier).bill.amount_minor for tier in ("new", "lead")}
    assert seat["new"] < seat["lead"]
    assert quote.bill_minor == 7 * seat["lead"]
    assert quote.assumptions["least_bill_minor"] == 7 * seat["new"]
