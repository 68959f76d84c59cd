"""Targets, requirements and the demand that is pencilled from them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling import actions
from scheduling.errors import NothingToCompute
from scheduling.models import InHouseCoverage, RequestedInterval, ServiceTarget, StaffingRequirement
from scheduling.queries.requirements import requirement_of
from scheduling.queries.targets import target_of
from scheduling.states import RequestState, StaffingModel
from tests import cast
from tests.factories import scheduling as make
from tests.scheduling.staffing.conftest import AT, PLAIN, TEN, WEEK, Forecaster

pytestmark = pytest.mark.django_db


def _target(program: Program, by: BrandActor, *, channel: str = "voice", **parts: Any) -> ServiceTarget:
    return actions.save_target(program_id=program.pk, channel=channel, by=by, at=AT, **{**PLAIN, **parts})


def _compute(program: Program, by: BrandActor, channel: str = "voice") -> StaffingRequirement:
    return actions.compute_requirement(program_id=program.pk, channel=channel, week_starts_on=WEEK, by=by, at=AT)


def test_every_save_of_a_target_is_a_version_and_no_change_is_none(program: Program, planner: BrandActor) -> None:
    assert target_of(program, "voice").version == 0
    first = _target(program, planner)
    assert _target(program, planner) == first
    second = _target(program, planner, shrinkage_bp=2_500)
    assert (first.version, second.version, target_of(program, "voice")) == (1, 2, second)
    assert (second.threshold_seconds, second.created_by) == (20, planner.label)
    assert target_of(program, "email").model == StaffingModel.DEFERRED
    assert AuditEntry.objects.filter(action="scheduling.save_target").count() == 2


def test_a_target_seen_before_a_newer_one_is_refused(program: Program, planner: BrandActor) -> None:
    _target(program, planner)
    with pytest.raises(Stale):
        _target(program, planner, seen_version=0, target_bp=9_000)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("model", "crystal_ball"),
        ("definition", "answered"),
        ("target_bp", 10_001),
        ("shrinkage_bp", 9_500),
        ("concurrency", 0),
        ("concurrency_factor_bp", 17_000),
        ("due_minutes", 0),
    ],
)
def test_a_senseless_target_is_refused_by_name(program: Program, planner: BrandActor, part: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        _target(program, planner, **{part: value})
    assert refused.value.field == part
    assert not ServiceTarget.objects.across_brands().exists()


def test_targets_and_requirements_are_the_brand_s_alone(
    program: Program, planner: BrandActor, forecast: Forecaster
) -> None:
    _target(program, planner)
    forecast((TEN, 30, 100, 180))
    kept = _compute(program, planner)
    stranger = cast.make_member(cast.make_brand("Globex"), "Gil Globex")
    for call in (
        lambda: _target(program, stranger),
        lambda: _compute(program, stranger),
        lambda: actions.pencil_requirement(requirement_id=kept.pk, by=stranger, at=AT),
    ):
        with pytest.raises(NotFound):
            call()
    viewer = cast.make_member(program.brand, "Vera Viewer", "viewer")
    with pytest.raises(NotAllowed):
        _compute(program, viewer)
    with pytest.raises(NotFound):
        actions.pencil_requirement(requirement_id=uuid4(), by=planner, at=AT)


def test_a_requirement_needs_a_published_forecast_and_a_saved_target(program: Program, planner: BrandActor) -> None:
    with pytest.raises(NothingToCompute):
        _compute(program, planner)
    _target(program, planner)
    with pytest.raises(NothingToCompute):
        _compute(program, planner)
    assert requirement_of(program.pk, "voice", WEEK) is None


def test_a_week_of_the_call_centre_helper_s_example_needs_20_seats(
    program: Program, planner: BrandActor, forecast: Forecaster
) -> None:
    target = _target(program, planner)
    forecast((TEN, 30, 100, 180))
    kept = _compute(program, planner)
    points = list(kept.points.order_by("starts_at"))
    assert [(one.agents, one.seats, one.to_book) for one in points] == [(14, 20, 20)] * 2
    assert (points[0].service_level_bp, points[0].occupancy_bp, points[0].abandoned_bp) == (8_884, 7_143, 0)
    assert points[0].asa_seconds == Decimal("7.84")
    assert (kept.target, kept.version, requirement_of(program.pk, "voice", WEEK)) == (target, 1, kept)
    assert kept.summary["contacts"] == 100
    assert kept.summary["seat_hours"] == 10


def test_own_staff_is_taken_off_and_figures_are_those_of_the_rounded_seats(
    program: Program, planner: BrandActor, forecast: Forecaster
) -> None:
    _target(program, planner)
    forecast((TEN, 30, 110, 180))
    for start, heads in ((TEN, 6), (TEN + timedelta(minutes=15), 40)):
        InHouseCoverage.objects.create(
            brand=program.brand, program=program, channel="voice", starts_at=start, heads=heads
        )
    first, second = _compute(program, planner).points.order_by("starts_at")
    assert (first.agents, first.seats, first.in_house, first.to_book) == (15, 22, 6, 16)
    assert (second.seats, second.in_house, second.to_book) == (22, 40, 0)
    assert second.service_level_bp == 10_000
    assert second.occupancy_bp == round(11 / 28 * 10_000)


def test_the_computed_agents_become_demand_once_and_what_is_published_is_taken_off(
    program: Program, planner: BrandActor, forecast: Forecaster
) -> None:
    _target(program, planner)
    forecast((TEN, 60, 200, 180))
    kept = _compute(program, planner)
    published = make.make_request(program, TEN)
    make.ask_for(published, TEN, hours=0.25, agents=5)
    request = actions.pencil_requirement(requirement_id=kept.pk, by=planner, at=AT)
    assert (request.requirement, request.state) == (kept, RequestState.DRAFT)
    assert [one.agents for one in request.intervals.order_by("starts_at")] == [15, 20, 20, 20]
    again = actions.pencil_requirement(requirement_id=kept.pk, by=planner, at=TEN + timedelta(minutes=20))
    assert again.pk == request.pk
    assert RequestedInterval.objects.across_brands().filter(request=request).count() == 4
    forecast((TEN + timedelta(minutes=45), 15, 50, 180))
    actions.pencil_requirement(requirement_id=_compute(program, planner).pk, by=planner, at=AT)
    assert [one.agents for one in request.intervals.all()] == [20]


def test_a_week_that_is_over_is_not_pencilled(program: Program, planner: BrandActor, forecast: Forecaster) -> None:
    _target(program, planner)
    forecast((TEN, 60, 200, 180))
    kept = _compute(program, planner)
    with pytest.raises(Invalid):
        actions.pencil_requirement(requirement_id=kept.pk, by=planner, at=AT + timedelta(days=30))


def test_e_mail_fills_idle_voice_hours_first_and_carries_its_backlog_into_the_next_week(
    program: Program, planner: BrandActor, forecast: Forecaster
) -> None:
    mail = {"model": StaffingModel.DEFERRED, "due_minutes": 120, "max_occupancy_bp": 8_000, "shrinkage_bp": 0}
    _target(program, planner, channel="email", **mail)
    forecast((TEN, 15, 24, 600), channel="email")
    alone = _compute(program, planner, "email")
    assert sum(one.agents for one in alone.points.all()) * 0.25 * 0.8 >= 4
    assert alone.points.first().service_level_bp is None  # type: ignore[union-attr]  # it has points
    assert alone.summary["is_kept"]
    _target(program, planner)
    forecast((TEN, 60, 200, 180))
    _compute(program, planner)
    beside = _compute(program, planner, "email")
    assert beside.summary["idle_hours"] > 0
    assert beside.summary["agent_hours"] < alone.summary["agent_hours"]
    sunday = datetime.fromisoformat("2026-11-30T04:30:00+00:00")
    forecast((sunday, 15, 24, 600), channel="email")
    late = _compute(program, planner, "email")
    left = late.summary["backlog_hours"]
    assert left > 3
    forecast((sunday + timedelta(hours=12), 60, 1, 60), channel="email", week=WEEK + timedelta(days=7))
    following = actions.compute_requirement(
        program_id=program.pk, channel="email", week_starts_on=WEEK + timedelta(days=7), by=planner, at=AT
    )
    assert following.summary["carried_in_hours"] == pytest.approx(left)


def test_a_failed_audit_leaves_no_requirement(
    program: Program, planner: BrandActor, forecast: Forecaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    _target(program, planner)
    forecast((TEN, 60, 200, 180))

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("gigcx.audit.trail.record", fail)
    with pytest.raises(RuntimeError):
        _compute(program, planner)
    assert not StaffingRequirement.objects.across_brands().exists()


def test_typed_agents_are_kept_as_a_requirement_with_predicted_figures(
    program: Program, planner: BrandActor, forecast: Forecaster
) -> None:
    bare = make.make_request(program, TEN, state=RequestState.DRAFT, published_at=None)
    with pytest.raises(NothingToCompute):
        actions.keep_typed_requirement(request_id=bare.pk, by=planner, at=AT)
    make.ask_for(bare, TEN, hours=0.5, agents=20)
    silent = actions.keep_typed_requirement(request_id=bare.pk, by=planner, at=AT)
    assert [(one.seats, one.service_level_bp) for one in silent.points.all()] == [(20, None)] * 2
    _target(program, planner)
    forecast((TEN, 30, 100, 180))
    kept = actions.keep_typed_requirement(request_id=bare.pk, by=planner, at=AT)
    assert (kept.kind, kept.version) == ("typed", 2)
    assert [(one.agents, one.to_book, one.service_level_bp) for one in kept.points.all()] == [(14, 20, 8_884)] * 2
    stranger = cast.make_member(cast.make_brand("Globex"), "Gil Globex")
    with pytest.raises(NotFound):
        actions.keep_typed_requirement(request_id=bare.pk, by=stranger, at=AT)
