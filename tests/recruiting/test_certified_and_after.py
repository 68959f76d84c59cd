"""What later stages write down about an engagement."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting import actions
from recruiting.models import Engagement
from recruiting.queries import engagement_of
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as make

PRODUCT = SystemActor("vetting")
CALLS: dict[str, tuple[Callable[..., Engagement], str, set[str]]] = {
    "certify": (actions.certify_engagement, "certified", {"accepted", "lapsed"}),
    "lapse": (lambda **ids: actions.lapse_engagement(reason="expired", **ids), "lapsed", {"certified", "productive"}),
    "productive": (actions.mark_productive, "productive", {"certified"}),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("state", EngagementState.values)
def test_a_stage_moves_an_engagement_from_the_right_states_alone(
    acme: Brand, at: datetime, name: str, state: str
) -> None:
    engagement = make.make_engagement(make.make_agent("Ada Obi"), make.make_program(acme), state=state)
    call, target, allowed = CALLS[name]
    if state in allowed:
        assert call(engagement_id=engagement.pk, by=PRODUCT, at=at).state == target
        return
    with pytest.raises(MoveRefused):
        call(engagement_id=engagement.pk, by=PRODUCT, at=at)
    engagement.refresh_from_db()
    assert engagement.state == state
    assert not OutboxEvent.objects.exists()


def test_only_the_product_moves_engagements_so(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    ada = make.make_agent("Ada Obi")
    engagement = make.make_engagement(ada, make.make_program(acme), state="accepted")
    report = actions.StandingReport(tier="lead")
    for actor in (acme_owner, make.agent_actor(ada), cast.outsider()):
        for call, _target, _allowed in CALLS.values():
            with pytest.raises(NotFound):
                call(engagement_id=engagement.pk, by=actor, at=at)
        with pytest.raises(NotFound):
            actions.record_standing(engagement_id=engagement.pk, report=report, by=actor, at=at)


def test_a_program_goes_live_with_the_last_agent_it_needs(acme: Brand, at: datetime) -> None:
    program = make.make_program(acme, state="recruiting", launch_minimum=2)
    people = [
        make.make_engagement(make.make_agent(name), program, state="accepted") for name in ("Ada Obi", "Bo Lindqvist")
    ]
    actions.certify_engagement(engagement_id=people[0].pk, by=PRODUCT, at=at)
    program.refresh_from_db()
    assert program.state == "recruiting"
    actions.certify_engagement(engagement_id=people[1].pk, by=PRODUCT, at=at)
    program.refresh_from_db()
    assert program.state == "live"
    assert OutboxEvent.objects.filter(type="recruiting.program_launched").count() == 1


def test_a_brand_may_launch_by_itself_instead(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    program = make.make_program(acme, state="recruiting", is_launched_at_minimum=False)
    one = make.make_engagement(make.make_agent("Ada Obi"), program, state="accepted")
    actions.certify_engagement(engagement_id=one.pk, by=PRODUCT, at=at)
    program.refresh_from_db()
    assert program.state == "ready"
    assert actions.launch_program(program_id=program.pk, by=acme_owner, at=at).state == "live"


def test_a_lapsed_engagement_is_still_open_and_an_ended_one_is_not(acme: Brand, at: datetime) -> None:
    ada, program = make.make_agent("Ada Obi"), make.make_program(acme)
    engagement = make.make_engagement(ada, program, state="lapsed")
    assert engagement_of(ada.pk, program.pk) == engagement
    actions.end_engagement(engagement_id=engagement.pk, reason="Season over.", by=PRODUCT, at=at)
    assert engagement_of(ada.pk, program.pk) is None


def test_standing_is_kept_with_its_reason_and_never_changes_the_state(acme: Brand, at: datetime) -> None:
    engagement = make.make_engagement(make.make_agent("Ada Obi"), make.make_program(acme))
    report = actions.StandingReport(
        tier="trusted",
        standing="suspended",
        trust_level=2,
        score=Decimal("81.50"),
        low=Decimal("77.00"),
        high=Decimal("85.00"),
        reason="Shared a customer's address.",
    )
    actions.record_standing(engagement_id=engagement.pk, report=report, by=PRODUCT, at=at)
    engagement.refresh_from_db()
    assert (engagement.state, engagement.standing, engagement.tier) == ("certified", "suspended", "trusted")
    assert OutboxEvent.objects.filter(type="recruiting.standing_recorded").count() == 1


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (actions.StandingReport(tier="galactic"), "tier"),
        (actions.StandingReport(standing="bad"), "standing"),
        (actions.StandingReport(standing="restricted"), "reason"),
        (actions.StandingReport(trust_level=4), "trust_level"),
    ],
)
def test_a_standing_that_cannot_be_is_refused(
    acme: Brand, at: datetime, report: actions.StandingReport, field: str
) -> None:
    engagement = make.make_engagement(make.make_agent("Ada Obi"), make.make_program(acme))
    with pytest.raises(Invalid) as refusal:
        actions.record_standing(engagement_id=engagement.pk, report=report, by=PRODUCT, at=at)
    assert refusal.value.field == field
