"""Incidents: suspected by reports, declared by people, excusing and paying by themselves."""

import itertools
from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.errors import ExcuseClosed
from scheduling.models import Claim, Excusal, Incident, OutageReport
from scheduling.queries.incidents import incidents_to_settle, preview_incident
from scheduling.queries.work import EXCUSED, payable_minutes
from scheduling.states import CauseOwner, ClaimState, ExcusalState, IncidentState, Payer, SessionState, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    """Ada's four hours from now on."""
    return plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))


def declared(brand: Brand, by: OpsActor, starts_at: datetime, at: datetime, **fields: object) -> Incident:
    given = {"cause_owner": CauseOwner.PLATFORM, "title": "Sign-in is down", **fields}
    return actions.declare_incident(brand_id=brand.pk, starts_at=starts_at, by=by, at=at, **given)  # type: ignore[arg-type]


def missed(claim: Claim, at: datetime) -> Claim:
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at)
    claim.refresh_from_db()
    return claim


def in_full(claim: Claim) -> tuple[int, dict[str, int]]:
    """Seconds worked, and seconds excused by cause."""
    work = payable_minutes(claim.pk)
    excused: dict[str, int] = {}
    for span in work.spans:
        if span.state == EXCUSED:
            excused[span.cause] = excused.get(span.cause, 0) + span.seconds
    return work.worked_seconds, excused


def test_five_reports_of_a_region_in_15_minutes_raise_one_suspicion_for_each_brand_struck(
    chat: Program, voice: Program, acme: Brand, globex: Brand, at: datetime
) -> None:
    shifts = [plan.make_shift(program, at, seats=9, state=ShiftState.STARTED) for program in (chat, voice)]
    for number in range(5):
        agent = recruit.make_agent(f"Agent{number} North")
        claim = plan.make_claim(agent, shifts[number % 2])
        assert not Incident.objects.across_brands().exists()
        actions.report_outage(
            claim_id=claim.pk,
            kind=CauseOwner.REGION,
            region=" lagos" if number else "Lagos",
            by=recruit.agent_actor(agent),
            at=at + number * MINUTE,
        )
    found = Incident.objects.across_brands().order_by("brand__name")
    assert [(one.brand_id, one.state) for one in found] == [
        (acme.pk, IncidentState.SUSPECTED),
        (globex.pk, IncidentState.SUSPECTED),
    ]
    assert len({one.group_id for one in found}) == 1
    assert OutageReport.objects.across_brands().filter(incident__isnull=True).count() == 0


def test_five_reports_of_one_agent_are_one_voice(claim: Claim, as_ada: AgentActor, at: datetime) -> None:
    for number in range(5):
        actions.report_outage(
            claim_id=claim.pk,
            kind=CauseOwner.PROVIDER,
            provider=f"Net{number % 2}",
            by=as_ada,
            at=at + number * MINUTE,
        )
    assert OutageReport.objects.across_brands().count() == 2
    assert not Incident.objects.across_brands().exists()


def test_an_outage_is_reported_for_ones_own_shift_around_its_time_only(
    claim: Claim, as_ada: AgentActor, as_bo: AgentActor, at: datetime
) -> None:
    with pytest.raises(NotFound):
        actions.report_outage(claim_id=claim.pk, kind=CauseOwner.REGION, region="Lagos", by=as_bo, at=at)
    with pytest.raises(ExcuseClosed):
        actions.report_outage(claim_id=claim.pk, kind=CauseOwner.REGION, by=as_ada, at=at - 2 * HOUR)
    with pytest.raises(Invalid):
        actions.report_outage(claim_id=claim.pk, kind="weather", by=as_ada, at=at)


def test_a_brand_declares_its_own_tools_and_nothing_else(
    acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor, as_ada: AgentActor, at: datetime
) -> None:
    brands = {"brand_id": acme.pk, "title": "CRM down", "starts_at": at, "at": at}
    incident = actions.declare_incident(cause_owner=CauseOwner.BRAND, by=acme_owner, **brands)  # type: ignore[arg-type]
    assert incident.state == IncidentState.DECLARED
    with pytest.raises(NotAllowed):
        actions.declare_incident(cause_owner=CauseOwner.PLATFORM, by=acme_owner, **brands)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        actions.declare_incident(cause_owner=CauseOwner.BRAND, by=globex_owner, **brands)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        actions.resolve_incident(incident_id=incident.pk, by=globex_owner, at=at + HOUR)
    with pytest.raises((NotAllowed, NotFound)):
        actions.declare_incident(cause_owner=CauseOwner.BRAND, by=as_ada, **brands)  # type: ignore[arg-type]


def test_the_preview_counts_and_writes_nothing(acme: Brand, claim: Claim, olu: OpsActor, at: datetime) -> None:
    missed(claim, at + 10 * MINUTE)
    drafted = Incident(
        brand=acme, cause_owner=CauseOwner.PLATFORM, title="x", starts_at=at, created_at=at, scope={}, ends_at=at + HOUR
    )
    seen = preview_incident(drafted, at=at + HOUR)
    assert (seen.claims, seen.missed, seen.points_void, seen.floor_minutes) == (1, 1, -50, 60)
    claim.refresh_from_db()
    assert claim.points == -50
    assert not Excusal.objects.across_brands().exists()


def test_a_missed_shift_is_excused_by_an_incident_declared_later_and_its_floor_is_paid(
    acme: Brand, claim: Claim, olu: OpsActor, at: datetime
) -> None:
    missed(claim, at + 10 * MINUTE)
    incident = declared(acme, olu, at - 5 * MINUTE, at + 20 * MINUTE)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.NO_SHOW, 0)
    actions.resolve_incident(incident_id=incident.pk, by=olu, at=at + HOUR)
    assert incidents_to_settle(at=at + 2 * HOUR) == [incident.pk]
    actions.settle_incident(incident_id=incident.pk, by=CLOCK, at=at + 2 * HOUR)
    claim.refresh_from_db()
    excusal = Excusal.objects.across_brands().get()
    assert (claim.state, claim.points, excusal.points_void) == (ClaimState.EXCUSED, 0, -50)
    assert (excusal.floor_seconds, excusal.payer) == (3600, Payer.PLATFORM)
    assert in_full(claim) == (0, {"platform": 3600})
    stated = OutboxEvent.objects.get(type="scheduling.claim_excused").payload
    assert stated["points_void"] == -50
    assert OutboxEvent.objects.filter(type="scheduling.incident_settled").count() == 1
    with pytest.raises(MoveRefused):
        actions.settle_incident(incident_id=incident.pk, by=CLOCK, at=at + 3 * HOUR)


def test_nobody_is_marked_as_missed_while_an_incident_keeps_them_away(
    acme: Brand, claim: Claim, as_ada: AgentActor, olu: OpsActor, at: datetime
) -> None:
    incident = declared(acme, olu, at - 5 * MINUTE, at)
    assert missed(claim, at + 30 * MINUTE).state == ClaimState.CLAIMED
    actions.resolve_incident(incident_id=incident.pk, by=olu, at=at + 40 * MINUTE)
    assert missed(claim, at + 45 * MINUTE).state == ClaimState.CLAIMED
    actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at + 46 * MINUTE)
    actions.recompute_incident(incident_id=incident.pk, by=CLOCK, at=at + 47 * MINUTE)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.CHECKED_IN, 0)
    assert Excusal.objects.across_brands().get().evidence == {"why": "late"}


def test_who_does_not_come_after_an_incident_is_over_has_missed_the_shift(
    acme: Brand, claim: Claim, olu: OpsActor, at: datetime
) -> None:
    incident = declared(acme, olu, at - 5 * MINUTE, at)
    actions.resolve_incident(incident_id=incident.pk, by=olu, at=at + 30 * MINUTE)
    assert missed(claim, at + 40 * MINUTE).points == -50
    actions.recompute_incident(incident_id=incident.pk, by=CLOCK, at=at + 50 * MINUTE)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.NO_SHOW, -50)


def test_two_overlapping_incidents_pay_a_floor_once_each_idle_minute_has_one_cause_and_payer(
    acme: Brand, claim: Claim, as_ada: AgentActor, olu: OpsActor, acme_owner: BrandActor, at: datetime
) -> None:
    """Ada waits for contacts for an hour, her network goes for one, and the brand's tools are down for three."""
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    for minute in (*range(1, 61), *range(120, 241)):
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + minute * MINUTE)
    actions.close_claim(claim_id=claim.pk, by=CLOCK, at=at + 4 * HOUR)
    tools = actions.declare_incident(
        brand_id=acme.pk,
        cause_owner=CauseOwner.BRAND,
        title="CRM is slow",
        starts_at=at + 30 * MINUTE,
        ends_at=at + 3 * HOUR + 30 * MINUTE,
        by=acme_owner,
        at=at + 4 * HOUR,
    )
    network = declared(
        acme,
        olu,
        at + HOUR,
        at + 4 * HOUR + MINUTE,
        ends_at=at + 2 * HOUR,
        cause_owner=CauseOwner.PROVIDER,
        title="Network down",
    )
    rows = {one.incident_id: one for one in Excusal.objects.across_brands()}
    assert rows[tools.pk].floor_seconds == 3600
    assert rows[network.pk].floor_seconds == 0
    work = payable_minutes(claim.pk)
    stretches = sorted((span.starts_at, span.ends_at) for span in work.spans)
    assert all(one[1] <= later[0] for one, later in itertools.pairwise(stretches))
    by_cause: dict[tuple[str, str], int] = {}
    for span in work.spans:
        by_cause[span.cause, span.payer] = by_cause.get((span.cause, span.payer), 0) + span.seconds
    assert by_cause == {("volume", "brand"): 3600, ("brand", "brand"): 3 * 3600}
    assert work.worked_seconds == 3 * 3600


def test_a_rescoped_incident_is_computed_again_and_lets_go_of_whom_it_does_not_cover(
    acme: Brand, chat: Program, claim: Claim, bo: Agent, olu: OpsActor, at: datetime
) -> None:
    billing = made_program(acme, "Billing Chat")
    vet.make_eligible(bo, billing, at)
    other = plan.make_claim(bo, plan.make_shift(billing, at, state=ShiftState.STARTED))
    for one in (claim, other):
        missed(one, at + 10 * MINUTE)
    incident = declared(acme, olu, at, at + 30 * MINUTE)
    rows = Excusal.objects.across_brands().filter(incident=incident)
    assert {one.state for one in rows} == {ExcusalState.GRANTED}
    for _again in range(2):
        actions.rescope_incident(
            incident_id=incident.pk, scope={"program_ids": [str(chat.pk)]}, by=olu, at=at + 31 * MINUTE
        )
    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.points, other.points) == (0, -50)
    assert {one.claim_id: one.state for one in rows.all()} == {
        claim.pk: ExcusalState.GRANTED,
        other.pk: ExcusalState.VOID,
    }
    actions.rescope_incident(incident_id=incident.pk, scope={}, by=olu, at=at + 32 * MINUTE)
    other.refresh_from_db()
    assert other.points == 0
    assert rows.count() == 2


def test_a_regional_incident_touches_those_of_the_region_only(
    acme: Brand, claim: Claim, bo: Agent, as_ada: AgentActor, olu: OpsActor, at: datetime
) -> None:
    other = plan.make_claim(bo, claim.shift)
    actions.report_outage(claim_id=claim.pk, kind=CauseOwner.REGION, region="Port Harcourt", by=as_ada, at=at)
    incident = declared(acme, olu, at, at + MINUTE, cause_owner=CauseOwner.REGION, scope={"regions": ["port harcourt"]})
    touched = Excusal.objects.across_brands().filter(incident=incident).values_list("claim_id", flat=True)
    assert list(touched) == [claim.pk]
    assert other.pk not in touched


def test_a_seat_given_back_during_an_incident_costs_nothing_once_it_is_settled(
    acme: Brand, chat: Program, ada: Agent, olu: OpsActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + HOUR)
    claim = plan.make_claim(ada, shift, state=ClaimState.RELEASED, points=-30)
    Claim.objects.across_brands().filter(pk=claim.pk).update(left_at=at + 5 * MINUTE)
    incident = declared(acme, olu, at, at + 6 * MINUTE)
    actions.resolve_incident(incident_id=incident.pk, by=olu, at=at + HOUR)
    actions.settle_incident(incident_id=incident.pk, by=olu, at=at + 2 * HOUR)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.EXCUSED, 0)
    assert in_full(claim) == (0, {})


def test_minutes_verified_before_are_verified_again_with_their_floor(
    acme: Brand, claim: Claim, as_ada: AgentActor, acme_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    actions.record_state(
        session_id=session.pk, device="laptop", state=SessionState.ON_CONTACT, by=as_ada, at=at + MINUTE
    )
    actions.end_lost_session(session_id=session.pk, by=CLOCK, at=at + HOUR)
    actions.close_claim(claim_id=claim.pk, by=CLOCK, at=at + 4 * HOUR)
    actions.verify_claim(claim_id=claim.pk, by=acme_owner, at=at + 5 * HOUR)
    incident = declared(acme, olu, at + 2 * HOUR, at + 6 * HOUR, ends_at=at + 3 * HOUR)
    actions.resolve_incident(incident_id=incident.pk, by=olu, at=at + 6 * HOUR)
    actions.settle_incident(incident_id=incident.pk, by=olu, at=at + 7 * HOUR)
    claim.refresh_from_db()
    assert (claim.state, claim.version) == (ClaimState.VERIFIED, 2)
    assert in_full(claim)[1] == {"platform": 3600}
    assert OutboxEvent.objects.filter(type="scheduling.shift_verified").count() == 2


def test_a_suspicion_is_dismissed_with_a_reason_or_declared_once(
    acme: Brand, acme_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    rows = [
        Incident.objects.create(
            brand=acme, cause_owner=CauseOwner.REGION, title=f"Outage {n}", scope={}, starts_at=at, created_at=at
        )
        for n in range(2)
    ]
    with pytest.raises(Invalid):
        actions.dismiss_incident(incident_id=rows[0].pk, reason=" ", by=olu, at=at)
    with pytest.raises(NotAllowed):
        actions.confirm_incident(incident_id=rows[0].pk, by=acme_owner, at=at)
    actions.dismiss_incident(incident_id=rows[0].pk, reason="One street only", by=olu, at=at)
    actions.confirm_incident(incident_id=rows[1].pk, by=olu, at=at)
    for row in rows:
        with pytest.raises(MoveRefused):
            actions.confirm_incident(incident_id=row.pk, by=olu, at=at)
