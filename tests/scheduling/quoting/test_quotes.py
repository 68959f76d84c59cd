"""From a price to a promise: what a quote carries, who must agree, and that nothing exceeds what was accepted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions, registries
from scheduling.actions.intervals import TypedInterval
from scheduling.errors import (
    AboveLimit,
    BudgetTooSmall,
    OwnApproval,
    QuoteExpired,
    RequestNotEditable,
    SeatsTaken,
    ShiftNotOpen,
)
from scheduling.models import CapacityRequest, Quote, ReleaseWave, SchedulingRules, Shift
from scheduling.queries.commitments import committed_minor, price_of_seats
from scheduling.queries.rules import rules_of
from scheduling.queries.sweeps import quotes_to_expire, requests_to_quote
from scheduling.states import DesignState, RequestState, ShiftState, WaveMode
from tests import cast
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DESIGNER = SystemActor("designer")


@pytest.fixture
def planner(acme_owner: BrandActor) -> BrandActor:
    """Pia, who plans for Acme; April owns it."""
    return cast.make_member(acme_owner.brand, "Pia Planner", role="planner")


@pytest.fixture
def quote(chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime) -> Quote:
    """The price of two agents, nine to one, next Monday."""
    return priced(chat, acme_owner, at)


def priced(
    program: Program, by: BrandActor, at: datetime, *, agents: int = 2, monday: date = date(2026, 11, 23)
) -> Quote:
    draft = actions.draft_request(program_id=program.pk, channel="chat", week_starts_on=monday, by=by, at=at)
    nine = datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC)
    given = [TypedInterval(nine, nine + 4 * HOUR, agents)]
    actions.set_intervals(request_id=draft.pk, intervals=given, by=by, at=at)
    actions.design_request_shifts(request_id=draft.pk, by=by, at=at)
    actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at, iterations=2)
    return Quote.objects.for_brand(program.brand_id).get(request=draft)


def limit(program: Program, minor: int | None, by: BrandActor, at: datetime) -> SchedulingRules:
    changes = {"approval_above_minor": minor}
    version = rules_of(program).version
    return actions.save_rules(program_id=program.pk, changes=changes, seen_version=version, by=by, at=at)


def accepted(quote: Quote, by: BrandActor, at: datetime, **given: Any) -> CapacityRequest:
    return actions.accept_quote(quote_id=quote.pk, by=by, at=at, **{"is_draw_first": False, **given})


class Ledger:
    """Remembers what is held for which source."""

    def __init__(self) -> None:
        self.held: dict[Any, Money] = {}

    def hold(self, **given: Any) -> None:
        self.held[given["source_id"]] = given["amount"]

    def release(self, **given: Any) -> None:
        self.held.pop(given["source_id"], None)


@pytest.fixture
def ledger() -> Any:
    before, books = registries.funds_gate(), Ledger()
    registries.set_funds_gate(books)
    yield books
    registries.set_funds_gate(before)


# what a quote carries


def test_a_quote_carries_price_floor_odds_ways_and_what_it_assumes(quote: Quote) -> None:
    assert quote.bill_minor == sum(line["bill_minor"] for line in quote.lines)
    assert quote.floor_exposure_minor > 0
    assert 0 < quote.fill["share"] <= 1
    assert {"raise", "cost_minor", "currency", "is_enough"} <= set(quote.fill["certainty"])
    assert [one["kind"] for one in quote.strategies["strategies"]] == ["peak", "average", "rota", "on_demand"]
    assert quote.strategies["required_hours"] == 8
    assert {"bench", "draws", "show_rate", "brand_kept", "own_hour_minor", "rate_card"} <= set(quote.assumptions)
    assert quote.expires_at - quote.created_at == 72 * HOUR
    assert all({"expected", "full", "is_prior"} <= set(line["odds"]) for line in quote.lines)


def test_a_single_shift_is_played_often_enough_that_small_odds_are_seen(quote: Quote) -> None:
    assert quote.assumptions["draws"] == quote.fill["draws"] == 4_000
    assert quote.fill["share"] == pytest.approx(0.0147, abs=0.0125)  # ten standard errors


def test_a_small_pool_says_how_many_agents_would_do(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    found = priced(chat, acme_owner, at, agents=9).fill["ramp"]
    assert found["is_small"]
    assert found["needed"] > found["bench"] == 1


def test_a_quote_never_changes(quote: Quote) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.for_brand(quote.brand_id).filter(pk=quote.pk).update(bill_minor=1)


def test_a_week_with_a_clock_change_is_named(acme_owner: BrandActor, at: datetime) -> None:
    from scheduling.queries.fill_odds import PlannedShift
    from scheduling.queries.outlooks import clock_changes

    request = CapacityRequest(timezone="Europe/London", week_starts_on=date(2027, 3, 22))
    night = PlannedShift(datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 5, tzinfo=UTC), 3)
    day = PlannedShift(datetime(2027, 3, 26, 9, tzinfo=UTC), datetime(2027, 3, 26, 13, tzinfo=UTC), 3)
    assert clock_changes(request, [night, day]) == [{"on": "2027-03-28", "hours": 23, "shifts": 1}]


def test_shifts_without_a_price_are_priced_by_the_sweep_once(quote: Quote, at: datetime) -> None:
    request = quote.request
    CapacityRequest.objects.across_brands().filter(pk=request.pk).update(
        state=RequestState.DRAFT, version=request.version + 1
    )
    assert requests_to_quote() == [request.pk]
    again = actions.quote_request(request_id=request.pk, by=DESIGNER, at=at)
    assert again is not None
    assert again.bill_minor == quote.bill_minor
    assert actions.quote_request(request_id=request.pk, by=DESIGNER, at=at) is None
    request.refresh_from_db()
    assert (request.state, request.design_state) == (RequestState.QUOTED, DesignState.DONE)


# accepting, and the second person


def test_accepting_publishes_in_the_chosen_way_and_holds_price_and_budgets(
    quote: Quote, acme_owner: BrandActor, at: datetime, ledger: Ledger
) -> None:
    actions.set_budgets(
        request_id=quote.request_id, work_minor=None, incentive_minor=700, remedy_minor=300, by=acme_owner, at=at
    )
    done = accepted(quote, acme_owner, at)
    assert done.state == RequestState.PUBLISHED
    assert ledger.held[done.pk].amount_minor == quote.bill_minor + 1000
    waves = ReleaseWave.objects.for_brand(done.brand_id).filter(request=done)
    assert {wave.mode for wave in waves} == {WaveMode.FIRST_COME}


def test_a_price_above_the_work_budget_is_not_accepted(
    quote: Quote, acme_owner: BrandActor, at: datetime, ledger: Ledger
) -> None:
    actions.set_budgets(
        request_id=quote.request_id,
        work_minor=quote.bill_minor - 1,
        incentive_minor=0,
        remedy_minor=0,
        by=acme_owner,
        at=at,
    )
    with pytest.raises(BudgetTooSmall) as refused:
        accepted(quote, acme_owner, at)
    assert refused.value.shortfall_minor == 1
    assert not ledger.held


def test_budgets_are_set_before_the_promise_and_not_after(quote: Quote, acme_owner: BrandActor, at: datetime) -> None:
    accepted(quote, acme_owner, at)
    with pytest.raises(RequestNotEditable):
        actions.set_budgets(
            request_id=quote.request_id, work_minor=1, incentive_minor=0, remedy_minor=0, by=acme_owner, at=at
        )


def test_above_the_limit_the_price_waits_for_a_second_person(
    quote: Quote, chat: Program, planner: BrandActor, acme_owner: BrandActor, at: datetime, ledger: Ledger
) -> None:
    limit(chat, quote.bill_minor - 1, acme_owner, at)
    waiting = accepted(quote, planner, at, publish_at=at + HOUR)
    assert waiting.state == RequestState.AWAITING_APPROVAL
    assert waiting.pk in ledger.held
    assert not Shift.objects.for_brand(quote.brand_id).exclude(state=ShiftState.DRAFT).exists()
    with pytest.raises(OwnApproval):
        actions.approve_request(request_id=waiting.pk, by=planner, at=at)
    done = actions.approve_request(request_id=waiting.pk, by=acme_owner, at=at)
    assert (done.state, done.accepted_by) == (RequestState.PUBLISHED, planner.user.pk)
    shift = Shift.objects.for_brand(quote.brand_id).first()
    assert shift is not None
    assert (shift.state, shift.publish_at) == (ShiftState.ANNOUNCED, at + HOUR)
    assert actions.approve_request(request_id=waiting.pk, by=acme_owner, at=at).pk == done.pk
    assert OutboxEvent.objects.filter(type="scheduling.request_published").count() == 1


def test_at_the_limit_one_person_is_enough(quote: Quote, chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    limit(chat, quote.bill_minor, acme_owner, at)
    assert accepted(quote, acme_owner, at).state == RequestState.PUBLISHED


def test_refusing_needs_a_reason_and_lets_the_money_go(
    quote: Quote, chat: Program, planner: BrandActor, acme_owner: BrandActor, at: datetime, ledger: Ledger
) -> None:
    limit(chat, 1, acme_owner, at)
    accepted(quote, planner, at)
    with pytest.raises(Invalid):
        actions.refuse_request(request_id=quote.request_id, reason="  ", by=acme_owner, at=at)
    with pytest.raises(OwnApproval):
        actions.refuse_request(request_id=quote.request_id, reason="Too much", by=planner, at=at)
    back = actions.refuse_request(request_id=quote.request_id, reason="Too much", by=acme_owner, at=at)
    assert (back.state, back.accepted_by, ledger.held) == (RequestState.DRAFT, None, {})
    line = AuditEntry.objects.get(action="scheduling.refuse_request")
    assert line.reason == "Too much"
    with pytest.raises(Stale):
        actions.approve_request(request_id=quote.request_id, by=acme_owner, at=at)


def test_an_approval_that_nobody_gives_runs_out_with_the_price(
    quote: Quote, chat: Program, planner: BrandActor, acme_owner: BrandActor, at: datetime, ledger: Ledger
) -> None:
    limit(chat, 1, acme_owner, at)
    accepted(quote, planner, at)
    later = at + 73 * HOUR
    with pytest.raises(QuoteExpired):
        actions.approve_request(request_id=quote.request_id, by=acme_owner, at=later)
    assert quotes_to_expire(at=later) == [quote.request_id]
    actions.expire_quote(request_id=quote.request_id, by=SystemActor("clock"), at=later)
    quote.request.refresh_from_db()
    assert (quote.request.state, ledger.held) == (RequestState.DRAFT, {})


def test_who_may_not_accept_prices_or_belongs_elsewhere_approves_nothing(
    quote: Quote, chat: Program, planner: BrandActor, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    limit(chat, 1, acme_owner, at)
    accepted(quote, planner, at)
    trainer = cast.make_member(acme_owner.brand, "Tess Trainer", role="trainer")
    with pytest.raises(NotAllowed):
        actions.approve_request(request_id=quote.request_id, by=trainer, at=at)
    with pytest.raises(NotFound):
        actions.approve_request(request_id=quote.request_id, by=globex_owner, at=at)
    key = BrandActor(acme_owner.user, acme_owner.brand, "owner", api_key_id=quote.pk)
    with pytest.raises(NotAllowed):
        actions.approve_request(request_id=quote.request_id, by=key, at=at)


# rules


def test_rules_are_saved_once_and_a_stale_page_is_refused(chat: Program, planner: BrandActor, at: datetime) -> None:
    saved = actions.save_rules(program_id=chat.pk, changes={"draw_hours": 36}, seen_version=0, by=planner, at=at)
    assert (saved.version, rules_of(chat).draw_hours) == (1, 36)
    with pytest.raises(Stale):
        actions.save_rules(program_id=chat.pk, changes={"draw_hours": 12}, seen_version=0, by=planner, at=at)
    line = AuditEntry.objects.get(action="scheduling.save_rules")
    assert line.changes == {"draw_hours": [24, 36]}


def test_only_an_owner_changes_the_limit_that_binds_planners(chat: Program, planner: BrandActor, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        limit(chat, None if rules_of(chat).approval_above_minor else 5, planner, at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hot_below_hours": 20}, "hot_below_hours"),
        ({"draw_hours": 0}, "draw_hours"),
        ({"open_week_minutes": 60}, "open_week_minutes"),
        ({"incentive_step_bp": 9_000}, "incentive_step_bp"),
        ({"favorites_share_bp": 10_001}, "favorites_share_bp"),
        ({"approval_above_minor": -1}, "approval_above_minor"),
    ],
)
def test_rules_that_contradict_each_other_name_the_field(
    chat: Program, acme_owner: BrandActor, at: datetime, changes: dict[str, int], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.save_rules(program_id=chat.pk, changes=changes, seen_version=0, by=acme_owner, at=at)
    assert refused.value.field == field
    assert rules_of(chat).version == 0


# seats after publication


@pytest.fixture
def shift(quote: Quote, acme_owner: BrandActor, at: datetime) -> Shift:
    """A published shift of two seats."""
    accepted(quote, acme_owner, at)
    found = Shift.objects.for_brand(quote.brand_id).select_related("rate_card", "program").first()
    assert found is not None
    return found


def test_seats_are_added_at_the_shown_price_and_held(
    shift: Shift, acme_owner: BrandActor, at: datetime, ledger: Ledger
) -> None:
    price = price_of_seats(shift, 3).amount_minor
    with pytest.raises(Stale):
        actions.add_seats(shift_id=shift.pk, seats=3, accepted_minor=price - 1, by=acme_owner, at=at)
    before = committed_minor(shift.request)
    done = actions.add_seats(shift_id=shift.pk, seats=3, accepted_minor=price, by=acme_owner, at=at)
    assert done.seats == shift.seats + 3
    assert ledger.held[shift.request_id].amount_minor == before + price == committed_minor(shift.request)


def test_seats_beyond_budget_or_limit_are_refused_and_nothing_is_added(
    shift: Shift, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    committed = committed_minor(shift.request)
    rows = CapacityRequest.objects.across_brands().filter(pk=shift.request_id)
    rows.update(work_budget_minor=committed)
    with pytest.raises(BudgetTooSmall):
        actions.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=acme_owner, at=at)
    rows.update(work_budget_minor=None)
    limit(chat, committed, acme_owner, at)
    with pytest.raises(AboveLimit):
        actions.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=acme_owner, at=at)
    shift.refresh_from_db()
    assert committed_minor(shift.request) == committed


def test_free_seats_are_taken_back_and_held_ones_stay(
    shift: Shift, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    actions.add_seats(shift_id=shift.pk, seats=2, accepted_minor=None, by=acme_owner, at=at)
    shift.refresh_from_db()
    plan.make_claim(ada, shift)
    free = shift.seats - 1
    Shift.objects.across_brands().filter(pk=shift.pk).update(reserved=1)
    with pytest.raises(SeatsTaken):
        actions.reduce_seats(shift_id=shift.pk, seats=free, by=acme_owner, at=at)
    done = actions.reduce_seats(shift_id=shift.pk, seats=free - 1, by=acme_owner, at=at)
    assert done.seats == 2
    fact = OutboxEvent.objects.get(type="scheduling.capacity_reduced")
    assert fact.payload["seats"] == free - 1


def test_the_last_seat_is_not_taken_back_and_an_ended_shift_keeps_its_seats(
    shift: Shift, acme_owner: BrandActor, at: datetime
) -> None:
    with pytest.raises(Invalid):
        actions.reduce_seats(shift_id=shift.pk, seats=shift.seats, by=acme_owner, at=at)
    Shift.objects.across_brands().filter(pk=shift.pk).update(state=ShiftState.ENDED)
    with pytest.raises(ShiftNotOpen):
        actions.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=acme_owner, at=at)


def test_another_brand_changes_no_seats(shift: Shift, globex_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(NotFound):
        actions.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=globex_owner, at=at)
    with pytest.raises(NotFound):
        actions.reduce_seats(shift_id=shift.pk, seats=1, by=globex_owner, at=at)
