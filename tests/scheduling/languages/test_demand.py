"""Two languages live beside each other in one week of a channel, from forecast to shifts."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import Period
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Agent, Program
from recruiting.queries import active_rate_card, language_name
from scheduling import actions
from scheduling.actions.actuals import ActualInterval, OwnStaff
from scheduling.actions.forecasts import TypedVolume
from scheduling.actions.intervals import TypedInterval
from scheduling.models import CapacityRequest, Forecast, Remedy, Shift
from scheduling.queries.designs import demand_of, need_beyond
from scheduling.queries.fill_odds import PlannedShift
from scheduling.queries.forecasts import actuals_of, newest_forecast, published_forecast
from scheduling.queries.heads import heads_of
from scheduling.queries.history import history_before
from scheduling.queries.intraday import outlook, programs_on_the_day
from scheduling.queries.outlooks import outlook_of
from scheduling.queries.published import published_of
from scheduling.queries.requirements import in_house_of, requirement_of
from scheduling.queries.targets import target_of
from scheduling.queries.wallboard import wallboard, work_of_the_day
from scheduling.states import ClaimState, DemandSource, RequestState, StaffingModel
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db

WEEK = date(2026, 11, 23)
TEN = datetime.fromisoformat("2026-11-24T10:00:00+00:00")
HALF = timedelta(minutes=30)
PLAIN: dict[str, Any] = {"model": StaffingModel.ERLANG_C, "max_occupancy_bp": 8_500, "shrinkage_bp": 3_000}


def expect(program: Program, by: BrandActor, at: datetime, volume: int, language: str = "", **more: Any) -> Forecast:
    made = actions.save_forecast(
        program_id=program.pk,
        channel="chat",
        week_starts_on=more.pop("week", WEEK),
        volumes=[TypedVolume(TEN, TEN + HALF, Decimal(volume), Decimal(300))],
        source=DemandSource.TYPED,
        language=language,
        by=by,
        at=at,
        **more,
    )
    return actions.publish_forecast(forecast_id=made.pk, by=by, at=at)


def ask(program: Program, by: BrandActor, at: datetime, agents: int, language: str = "") -> CapacityRequest:
    drafted = actions.draft_request(
        program_id=program.pk, channel="chat", week_starts_on=WEEK, by=by, at=at, language=language
    )
    interval = TypedInterval(TEN, TEN + HALF, agents)
    return actions.set_intervals(request_id=drafted.pk, intervals=[interval], by=by, at=at)


def test_each_language_has_its_own_published_forecast_and_versions(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    whole, english = (expect(chat, acme_owner, at, 100, tag) for tag in ("", "en"))
    german = [expect(chat, acme_owner, at, volume, "de") for volume in (40, 50)]
    assert [one.version for one in (whole, english, *german)] == [1, 1, 1, 2]
    found = {tag: published_forecast(chat.pk, "chat", WEEK, language=tag) for tag in ("", "en", "de")}
    assert found == {"": whole, "en": english, "de": german[1]}


def test_a_week_is_copied_and_forecast_from_its_own_language_alone(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    expect(chat, acme_owner, at, 100)
    german = expect(chat, acme_owner, at, 40, "de")
    after = WEEK + timedelta(days=7)
    copied = actions.copy_week(
        program_id=chat.pk,
        channel="chat",
        source_week=WEEK,
        week_starts_on=after,
        language="de",
        by=acme_owner,
        at=at,
    )
    assert (copied.language, copied.parent, sum(one.volume for one in copied.points.all())) == ("de", german, 40)
    with pytest.raises(Invalid) as refused:
        actions.copy_week(
            program_id=chat.pk,
            channel="chat",
            source_week=WEEK,
            week_starts_on=after,
            language="en",
            by=acme_owner,
            at=at,
        )
    assert refused.value.field == "source_week"


def test_what_came_in_one_language_is_no_history_of_another(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    before = at - timedelta(days=1)
    for tag, offered in (("de", 7), ("", 30)):
        came = [ActualInterval(before, before + HALF, offered)]
        actions.record_actuals(program_id=chat.pk, channel="chat", actuals=came, by=acme_owner, at=at, language=tag)
    week = before.date() - timedelta(days=before.weekday())
    german = actuals_of(chat, "chat", week, language="de")
    assert sum(one.offered for one in german.values()) == 7
    assert history_before(chat, "chat", WEEK, at=at, language="en").weeks == ()
    made = actions.baseline_forecast(
        program_id=chat.pk, channel="chat", week_starts_on=WEEK, by=acme_owner, at=at, language="de", level_percent=100
    )
    assert (made.language, sum(one.volume for one in made.points.all())) == ("de", 7)


def test_a_language_goes_by_its_own_target_else_the_channel_s_else_the_usual_one(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    assert target_of(chat, "chat", language="de").version == 0
    save: dict[str, Any] = {"program_id": chat.pk, "channel": "chat", "by": acme_owner, "at": at}
    channel = actions.save_target(**save, **PLAIN)
    assert target_of(chat, "chat", language="de") == channel
    assert actions.save_target(**save, language="de") == channel  # no change: it goes on following the channel
    own = actions.save_target(**save, language="de", seen_version=0, threshold_seconds=60)
    assert (own.language, own.version, own.shrinkage_bp) == ("de", 1, 3_000)
    newer = actions.save_target(**save, threshold_seconds=30)
    found = [target_of(chat, "chat", language=tag) for tag in ("de", "en", "")]
    assert found == [own, newer, newer]


def test_a_requirement_cites_the_target_that_held_and_keeps_its_language(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    save: dict[str, Any] = {"program_id": chat.pk, "channel": "chat", "by": acme_owner, "at": at}
    channel, german = (
        actions.save_target(**save, **PLAIN, language=tag, target_bp=bp) for tag, bp in (("", 8_000), ("de", 9_500))
    )
    for tag in ("de", "en"):
        expect(chat, acme_owner, at, 100, tag)
    compute: dict[str, Any] = {
        "program_id": chat.pk,
        "channel": "chat",
        "week_starts_on": WEEK,
        "by": acme_owner,
        "at": at,
    }
    kept = {tag: actions.compute_requirement(**compute, language=tag) for tag in ("de", "en")}
    assert {tag: (one.target, one.version) for tag, one in kept.items()} == {"de": (german, 1), "en": (channel, 1)}
    assert requirement_of(chat.pk, "chat", WEEK, language="de") == kept["de"]
    assert requirement_of(chat.pk, "chat", WEEK) is None
    with pytest.raises(Invalid) as refused:
        actions.compute_requirement(**compute, language="en", target_id=german.pk)
    assert refused.value.field == "target_id"


def test_cover_and_own_staff_of_one_language_are_never_taken_off_another(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    english = plan.make_request(chat, TEN, language="en")
    plan.ask_for(english, TEN, hours=0.5, agents=6)
    plan.make_shift(chat, TEN, hours=0.5, seats=9, request=english)
    heads = [OwnStaff(TEN, TEN + HALF, 4)]
    actions.record_in_house(program_id=chat.pk, channel="chat", heads=heads, by=acme_owner, at=at, language="en")
    assert (heads_of(chat, "chat", WEEK), heads_of(chat, "chat", WEEK, language="de")) == ({}, {})
    assert [in_house_of(chat, "chat", Period(TEN, TEN + HALF), language=tag) for tag in ("", "de")] == [{}, {}]
    assert published_of(chat, "chat", WEEK, language="de").cover(TEN) == 0
    assert published_of(chat, "chat", WEEK, language="en").cover(TEN) == 9
    german, more = ask(chat, acme_owner, at, 5, "de"), ask(chat, acme_owner, at, 5, "en")
    assert (demand_of(german, at=at).left[TEN], demand_of(more, at=at).left[TEN]) == (5, 2)


def test_a_pencilled_requirement_becomes_demand_in_its_own_language(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    other = plan.make_request(chat, TEN, language="en")
    plan.ask_for(other, TEN, hours=0.5, agents=500)
    actions.save_target(program_id=chat.pk, channel="chat", by=acme_owner, at=at, **PLAIN)
    expect(chat, acme_owner, at, 60, "de")
    kept = actions.compute_requirement(
        program_id=chat.pk, channel="chat", week_starts_on=WEEK, by=acme_owner, at=at, language="de"
    )
    planned = actions.pencil_requirement(requirement_id=kept.pk, by=acme_owner, at=at)
    assert (planned.language, planned.languages) == ("de", ["de"])
    needs = dict(kept.points.values_list("starts_at", "to_book"))
    assert dict(planned.intervals.values_list("starts_at", "agents")) == needs != {}
    typed = actions.keep_typed_requirement(request_id=planned.pk, by=acme_owner, at=at)
    assert (typed.language, typed.version) == ("de", 2)


def test_one_request_of_each_language_is_planned_at_a_time(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    whole, german, again = (
        ask(chat, acme_owner, at, 1),
        ask(chat, acme_owner, at, 2, "de"),
        ask(chat, acme_owner, at, 3, "DE"),
    )
    assert german == again != whole
    assert (whole.languages, german.languages) == (["en", "de"], ["de"])
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.make_request(chat, TEN, state=RequestState.DRAFT, language="de")


REFUSED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a request": lambda given: actions.draft_request(**given, week_starts_on=WEEK),
    "a forecast": lambda given: actions.save_forecast(
        **given, week_starts_on=WEEK, volumes=[], source=DemandSource.TYPED
    ),
    "a copy": lambda given: actions.copy_week(**given, source_week=WEEK, week_starts_on=WEEK),
    "a baseline": lambda given: actions.baseline_forecast(**given, week_starts_on=WEEK),
    "a target": lambda given: actions.save_target(**given),
    "a requirement": lambda given: actions.compute_requirement(**given, week_starts_on=WEEK),
    "what came": lambda given: actions.record_actuals(**given, actuals=[]),
    "own staff": lambda given: actions.record_in_house(**given, heads=[]),
    "a file": lambda given: actions.receive_upload(**given, kind="forecast", file_name="a.csv", content=b"x"),
    "a template": lambda given: actions.save_template(
        **given, name="Days", anchor_on=WEEK, rows=[{"weekdays": [1], "from": "09:00", "to": "17:00", "agents": 2}]
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_language_that_the_program_does_not_serve_is_refused_by_name(
    chat: Program, acme_owner: BrandActor, at: datetime, what: str
) -> None:
    given: dict[str, Any] = {"program_id": chat.pk, "channel": "chat", "language": "fr", "by": acme_owner, "at": at}
    with pytest.raises(Invalid) as refused:
        REFUSED[what](given)
    assert refused.value.field == "language"
    assert "en, de" in refused.value.message


def test_demand_in_a_language_that_the_program_has_dropped_stays_to_be_planned(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    german = ask(chat, acme_owner, at, 2, "de")
    chat.languages = chat.languages[:1]
    chat.save(update_fields=["languages"])
    assert ask(chat, acme_owner, at, 3, "de") == german


def test_a_template_fills_its_own_language_whatever_others_ask_for(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    ask(chat, acme_owner, at, 9)
    row = {"weekdays": [2], "from": "10:00", "to": "10:30", "agents": 4}
    save: dict[str, Any] = {"program_id": chat.pk, "channel": "chat", "name": "Days", "rows": [row], "anchor_on": WEEK}
    made = {tag: actions.save_template(**save, by=acme_owner, at=at, language=tag) for tag in ("de", "en")}
    filled = actions.materialize_template(template_id=made["de"].pk, week_starts_on=WEEK, by=acme_owner, at=at)
    assert filled is not None
    assert (filled.language, dict(filled.intervals.values_list("starts_at", "agents"))[TEN]) == ("de", 4)


def test_a_file_is_of_one_language_and_the_same_file_may_hold_for_another(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    content = b"Start;Contacts;AHT\n2026-11-24 10:00;12;300\n2026-11-24 10:30;14;300\n"
    receive: dict[str, Any] = {"program_id": chat.pk, "channel": "chat", "kind": "forecast", "file_name": "week.csv"}
    for tag in ("de", "en", "de"):
        batch = actions.receive_upload(**receive, content=content, by=acme_owner, at=at, language=tag)
        actions.apply_upload(batch_id=batch.pk, by=acme_owner, at=at)
    found = Forecast.objects.across_brands().order_by("language").values_list("language", "version")
    assert list(found) == [("de", 1), ("en", 1)]
    assert newest_forecast(chat.pk, "chat", WEEK) is None


def test_the_board_tells_gaps_of_languages_apart_and_remedies_stay_in_theirs(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    for tag, agents in (("de", 3), ("en", 1)):
        request = plan.make_request(chat, at, language=tag, remedy_budget_minor=100_000)
        plan.ask_for(request, at, hours=4, agents=agents)
        plan.make_shift(chat, at + HALF, hours=3, seats=1, request=request)
    assert programs_on_the_day(at=at) == [(chat.pk, "chat", "de"), (chat.pk, "chat", "en")]
    assert work_of_the_day(chat, at=at) == [("chat", ""), ("chat", "de"), ("chat", "en")]
    assert [outlook(chat, "chat", at=at, language=tag).steps[0].needed for tag in ("", "de", "en")] == [0, 3, 1]
    clockwork = SystemActor("intraday")
    actions.run_intraday(program_id=chat.pk, channel="chat", language="de", by=clockwork, at=at)
    proposed = Remedy.objects.across_brands().values_list("request__language", flat=True).distinct()
    assert list(proposed) == ["de"]
    actions.run_intraday(program_id=chat.pk, channel="chat", language="en", by=clockwork, at=at)
    board = wallboard(chat, at=at)
    assert board.required == 4
    told = {one.language: {remedy.request.language for remedy in one.remedies} for one in board.gaps}
    assert told == {"de": {"de"}, "en": {"en"}}


def test_an_extended_shift_is_of_the_language_it_follows(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    request = plan.make_request(chat, at, language="de")
    shift = plan.make_shift(chat, at - timedelta(hours=2), hours=3, request=request)
    remedy = Remedy.objects.create(
        brand_id=chat.brand_id,
        request=request,
        program=chat,
        shift=shift,
        kind="extend",
        starts_at=shift.ends_at,
        ends_at=shift.ends_at + HALF,
        seats=1,
        covered_minutes=30,
        cost_minor=0,
        currency=shift.rate_card.bill_currency,
        details={"from": shift.ends_at.isoformat(), "to": (shift.ends_at + HALF).isoformat()},
        proposed_at=at,
    )
    actions.act_on_remedy(remedy_id=remedy.pk, by=acme_owner, at=at)
    assert Shift.objects.across_brands().get(starts_at=shift.ends_at).language == "de"


def test_designed_shifts_and_the_night_beyond_are_of_the_request_s_language(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    after = datetime(2026, 11, 30, tzinfo=UTC)
    for tag, agents in (("en", 50), ("de", 2)):
        plan.ask_for(plan.make_request(chat, after, language=tag), after, hours=1, agents=agents)
    german = actions.draft_request(
        program_id=chat.pk, channel="chat", week_starts_on=WEEK, by=acme_owner, at=at, language="de"
    )
    interval = TypedInterval(TEN, TEN + 8 * HALF, 2)
    german = actions.set_intervals(request_id=german.pk, intervals=[interval], by=acme_owner, at=at)
    assert set(need_beyond(german).values()) == {2, 0}
    actions.design_request_shifts(request_id=german.pk, by=acme_owner, at=at)
    made = SystemActor("shift designer")
    actions.make_designed_shifts(request_id=german.pk, by=made, at=at, seconds=math.inf, iterations=1)
    assert set(german.shifts.values_list("language", flat=True)) == {"de"}


def test_a_price_reads_the_handling_time_of_its_own_language(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    expect(chat, acme_owner, at, 100, "de")
    card = active_rate_card(chat.pk, at)
    assert card is not None
    found = {}
    for tag in ("de", "en"):
        request = ask(chat, acme_owner, at, 1, tag)
        planned = PlannedShift(TEN, TEN + 4 * HALF, 1)
        found[tag] = outlook_of(request, [planned], card, at=at).assumptions["contacts_per_hour"]
    assert found == {"de": 10.2, "en": 8.5}  # 300 seconds are forecast in German, 360 are usual


def test_who_holds_or_works_a_seat_covers_the_language_of_the_seat(
    chat: Program, german: Agent, bo: Agent, at: datetime
) -> None:
    later = at + HALF
    shifts = {
        tag: plan.make_shift(chat, at, hours=2, request=plan.make_request(chat, at, language=tag))
        for tag in ("de", "en")
    }
    working = plan.make_claim(german, shifts["de"], state=ClaimState.CHECKED_IN)
    plan.make_session(working)
    plan.make_claim(bo, plan.make_shift(chat, later, hours=1, request=shifts["en"].request))
    found = {tag: outlook(chat, "chat", at=at, language=tag) for tag in ("", "de", "en")}
    assert {tag: one.present for tag, one in found.items()} == {"": 0, "de": 1, "en": 0}
    assert {tag: one.steps[2].claimed for tag, one in found.items()} == {"": 0, "de": 1, "en": 1}


@pytest.mark.parametrize("tag", ["nan", "xx-nowhere", "-5"])
def test_a_tag_that_is_no_language_is_named_as_it_was_typed(tag: str) -> None:
    assert language_name(tag) == tag
