"""Recurring demand fills each week once, ahead of time, and changes nothing that people decided."""

from datetime import date, datetime, timedelta

import pytest

from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound, Stale
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.intervals import TypedInterval
from scheduling.errors import IntervalsInvalid
from scheduling.models import CapacityRequest, DemandTemplate, RequestedInterval, TemplateWeek
from scheduling.queries.templates import clock_warnings, coming_weeks, weeks_to_materialize
from scheduling.states import RequestState
from tests import cast
from tests.factories import scheduling as plan
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
CLOCK = SystemActor("demand templates")
NINE = datetime.fromisoformat("2026-11-23T09:00:00+00:00")


def written(program: Program, by: BrandActor, at: datetime, **given: object) -> DemandTemplate:
    fields: dict[str, object] = {
        "program_id": program.pk,
        "channel": "chat",
        "name": "Weekdays",
        "rows": [{"weekdays": [1], "from": "09:00", "to": "10:00", "agents": 5}],
        "anchor_on": MONDAY,
        "by": by,
        "at": at,
        **given,
    }
    return actions.save_template(**fields)  # type: ignore[arg-type]


def fill(template: DemandTemplate, at: datetime, week: date = MONDAY) -> CapacityRequest | None:
    return actions.materialize_template(template_id=template.pk, week_starts_on=week, by=CLOCK, at=at)


def asked() -> list[int]:
    rows = RequestedInterval.objects.across_brands().filter(request__state=RequestState.DRAFT)
    return list(rows.order_by("starts_at").values_list("agents", flat=True))


def test_a_week_is_filled_once(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    template = written(chat, acme_owner, at)
    request = fill(template, at)
    assert request is not None
    assert (request.template_id, asked()) == (template.pk, [5, 5, 5, 5])
    assert fill(template, at) is None
    assert TemplateWeek.objects.across_brands().count() == 1


def test_four_weeks_ahead_are_due_and_then_no_more(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    template = written(chat, acme_owner, at, every_weeks=2)
    due = weeks_to_materialize(at=at)
    assert due == [(template.pk, MONDAY), (template.pk, MONDAY + timedelta(weeks=2))]
    for _template, week in due:
        fill(template, at, week)
    assert weeks_to_materialize(at=at) == []
    assert [one.is_made for one in coming_weeks(template, at=at)] == [True, True]


def test_a_sunday_night_of_every_second_week_ends_in_the_week_between(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    rows = [{"weekdays": [7], "from": "22:00", "to": "02:00", "agents": 4}]
    template = written(chat, acme_owner, at, every_weeks=2, rows=rows)
    between = MONDAY + timedelta(weeks=1)
    assert [week for _template, week in weeks_to_materialize(at=at)] == [MONDAY + timedelta(weeks=n) for n in range(4)]
    request = fill(template, at, between)
    assert request is not None
    midnight = datetime.fromisoformat("2026-11-30T00:00:00+00:00")
    assert list(request.intervals.order_by("starts_at").values_list("starts_at", "agents")) == [
        (midnight + timedelta(minutes=15 * step), 4) for step in range(8)
    ]
    last = written(chat, acme_owner, at, name="Once", rows=rows, ends_on=MONDAY + timedelta(days=5))
    assert [one.week_starts_on for one in coming_weeks(last, at=at)] == [MONDAY]


def test_what_a_planner_pencilled_stays_and_promised_agents_are_not_asked_for_again(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    published = plan.make_request(chat, NINE)
    plan.ask_for(published, NINE + timedelta(minutes=30), hours=0.25, agents=3)
    mine = actions.draft_request(program_id=chat.pk, channel="chat", week_starts_on=MONDAY, by=acme_owner, at=at)
    typed = TypedInterval(NINE, NINE + timedelta(minutes=15), 9)
    actions.set_intervals(request_id=mine.pk, intervals=[typed], by=acme_owner, at=at)
    fill(written(chat, acme_owner, at), at)
    assert asked() == [9, 5, 2, 5]


def test_a_priced_week_is_left_alone_until_it_is_decided(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    request = plan.make_request(chat, NINE, state=RequestState.QUOTED)
    template = written(chat, acme_owner, at)
    assert fill(template, at) is None
    assert not TemplateWeek.objects.across_brands().exists()
    request.state = RequestState.CANCELLED
    request.save()
    assert fill(template, at) is not None


def test_skipped_days_and_the_end_are_kept(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    template = written(chat, acme_owner, at, skip_dates=[MONDAY], ends_on=date(2026, 12, 1))
    assert fill(template, at) is None
    assert [one.week_starts_on for one in coming_weeks(template, at=at)] == [MONDAY, MONDAY + timedelta(weeks=1)]


def test_a_paused_template_fills_nothing(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    template = written(chat, acme_owner, at)
    actions.pause_template(template_id=template.pk, by=acme_owner, at=at)
    assert weeks_to_materialize(at=at) == []
    with pytest.raises(MoveRefused):
        fill(template, at)
    actions.resume_template(template_id=template.pk, by=acme_owner, at=at)
    assert fill(template, at) is not None


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": " "}, Invalid),
        ({"rows": []}, Invalid),
        ({"every_weeks": 0}, Invalid),
        ({"channel": "voice-mail"}, Invalid),
        ({"rows": [{"weekdays": [], "from": "09:00", "to": "10:00", "agents": 5}]}, IntervalsInvalid),
        ({"rows": [{"weekdays": [8], "from": "09:00", "to": "10:00", "agents": 5}]}, IntervalsInvalid),
        ({"rows": [{"weekdays": [1], "from": "09:10", "to": "10:00", "agents": 5}]}, IntervalsInvalid),
        ({"rows": [{"weekdays": [1], "from": "9", "to": "10:00", "agents": 5}]}, IntervalsInvalid),
        ({"rows": [{"weekdays": [1], "from": "09:00", "to": "10:00", "agents": 0}]}, IntervalsInvalid),
        ({"rows": [{"weekdays": [1], "from": "09:00", "to": "10:00", "agents": 5}] * 2}, IntervalsInvalid),
    ],
)
def test_senseless_templates_are_refused(
    chat: Program, acme_owner: BrandActor, at: datetime, given: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        written(chat, acme_owner, at, **given)


def test_a_template_changed_meanwhile_is_not_overwritten(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    template = written(chat, acme_owner, at)
    written(chat, acme_owner, at, template_id=template.pk, name="Other", seen_version=1)
    with pytest.raises(Stale):
        written(chat, acme_owner, at, template_id=template.pk, seen_version=1)
    with pytest.raises(Invalid):
        written(chat, acme_owner, at, name="Other")


def test_clock_changes_are_told_of_ahead(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    program = made_program(acme, "Night Chat", timezone="America/New_York", channels=["chat"])
    rows = [{"weekdays": [6], "from": "22:00", "to": "06:00", "agents": 2}]
    template = written(program, acme_owner, at, rows=rows)
    (warning,) = clock_warnings(template, at=at)
    assert (warning.on, warning.flag, warning.seconds) == (date(2027, 3, 13), "shorter", 7 * 3600)


def test_others_cannot_write_or_end_templates(
    chat: Program, acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    template = written(chat, acme_owner, at)
    viewer = cast.make_member(acme, "Vera Viewer", role="viewer")
    for actor, error in ((globex_owner, NotFound), (viewer, NotAllowed)):
        with pytest.raises(error):
            written(chat, actor, at, name="Mine")
        with pytest.raises(error):
            actions.end_template(template_id=template.pk, by=actor, at=at)
