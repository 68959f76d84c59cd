"""One requirement let go for one agent: with a reason, for a time, by a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.tenancy.actors import BrandActor, OpsActor
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from vetting import actions
from vetting.errors import OwnCase, ReasonRequired, WaiverRefused
from vetting.models import Candidacy, Certificate, Requirement, Waiver
from vetting.queries import eligibility, paths_of
from vetting.states import CertificateState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONTH = 30 * DAY


@pytest.fixture
def way(ada: Agent, program: Program, at: datetime) -> Candidacy:
    """Ada, verified and with terms accepted, still owes a test that may be let go."""
    test = make.make_assessment(program.brand, name="Tone of voice")
    make.make_certification(
        program,
        [
            {"kind": "identity"},
            {"kind": "terms", "params": {"subject_key": str(program.pk)}},
            {
                "kind": "assessment",
                "key": "tone",
                "params": {"subject_key": str(test.assessment_id)},
                "is_waivable": True,
            },
        ],
    )
    recruit.make_engagement(ada, program, state=EngagementState.ACCEPTED)
    make.make_identity(ada, at=at)
    make.make_evidence(ada, "identity", at=at, valid_until=at + make.YEAR)
    recruit.accept_terms_directly(ada, program)
    make.make_evidence(ada, "terms", str(program.pk), at=at)
    opened = actions.open_candidacy(agent_id=ada.pk, program_id=program.pk, at=at)[0]
    return actions.evaluate_candidacy(candidacy_id=opened.pk, at=at)


def grant(way: Candidacy, by: Any, at: datetime, **other: Any) -> Waiver:
    given = {"requirement_key": "tone", "reason": "Led our chat team for six years.", "until": at + MONTH, **other}
    return actions.grant_waiver(candidacy_id=way.pk, by=by, at=at, **given)


def test_a_waiver_opens_work_until_its_end_and_then_the_requirement_is_asked_for_again(
    way: Candidacy, ada: Agent, program: Program, acme_owner: BrandActor, at: datetime
) -> None:
    assert way.progress["blockers"] == ["tone"]
    waiver = grant(way, acme_owner, at)
    certificate = Certificate.objects.across_brands().get()
    assert certificate.state == CertificateState.ACTIVE
    assert eligibility(ada, program, at).is_eligible
    assert {one.requirement.key: one.status for one in paths_of(ada, at)[0].steps}["tone"] == "waived"
    way.refresh_from_db()
    assert way.next_check_at == waiver.until
    over = actions.evaluate_candidacy(candidacy_id=way.pk, at=at + MONTH)
    assert over.progress["blockers"] == ["tone"]
    told = AuditEntry.objects.get(action="vetting.grant_waiver")
    assert (told.reason, told.changes["requirement"]) == ("Led our chat team for six years.", "tone")


def test_a_waiver_that_is_ended_is_kept_and_asks_for_the_requirement_again(
    way: Candidacy, olu: OpsActor, at: datetime
) -> None:
    waiver = grant(way, olu, at)
    with pytest.raises(ReasonRequired):
        actions.end_waiver(waiver_id=waiver.pk, reason=" ", by=olu, at=at + DAY)
    actions.end_waiver(waiver_id=waiver.pk, reason="It was for somebody else.", by=olu, at=at + DAY)
    way.refresh_from_db()
    assert way.progress["blockers"] == ["tone"]
    with pytest.raises(WaiverRefused, match="ended"):
        actions.end_waiver(waiver_id=waiver.pk, reason="Again.", by=olu, at=at + 2 * DAY)
    again = grant(way, olu, at + 2 * DAY)
    assert (again.pk, again.until) == (waiver.pk, at + 2 * DAY + MONTH)
    assert Waiver.objects.across_brands().count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": "  "}, ReasonRequired),
        ({"requirement_key": "identity-1"}, WaiverRefused),
        ({"requirement_key": "nothing"}, WaiverRefused),
        ({"until": timedelta(0)}, Invalid),
        ({"until": 14 * MONTH}, Invalid),
    ],
)
def test_a_waiver_needs_words_an_end_and_a_requirement_that_may_be_let_go(
    given: dict[str, Any], refusal: type[Exception], way: Candidacy, olu: OpsActor, at: datetime
) -> None:
    given = {name: at + value if name == "until" else value for name, value in given.items()}
    with pytest.raises(refusal):
        grant(way, olu, at, **given)
    assert not Waiver.objects.across_brands().exists()
    assert not Certificate.objects.across_brands().exists()


def test_only_people_with_the_right_grant_waivers_and_nobody_to_themselves(
    way: Candidacy, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    stranger = cast.make_member(cast.make_brand("Globex"), "Gina", "owner")
    planner = cast.make_member(acme_owner.brand, "Paul", "planner")
    key = BrandActor(acme_owner.user, acme_owner.brand, "owner", api_key_id=acme_owner.brand.pk)
    for by, refusal in (
        (stranger, NotFound),
        (planner, NotAllowed),
        (key, NotAllowed),
        (recruit.agent_actor(ada), NotFound),
        (OpsActor(ada.user), OwnCase),
    ):
        with pytest.raises(refusal):
            grant(way, by, at)
    assert not Waiver.objects.across_brands().exists()


def test_identity_and_terms_are_asked_of_everybody_however_the_draft_is_written(
    program: Program, acme_owner: BrandActor, at: datetime
) -> None:
    draft = actions.create_certification(program_id=program.pk, name="Entry", by=acme_owner, at=at)
    actions.draft_certification(
        certification_id=draft.certification_id,
        requirements=[actions.RequirementPlan("who", "identity", "Identity", is_waivable=True)],
        by=acme_owner,
        at=at,
    )
    asked = Requirement.objects.across_brands().filter(version=draft)
    assert set(asked.values_list("kind", "is_waivable")) == {("identity", False), ("terms", False)}


def test_a_brand_grants_and_ends_waivers_on_a_page(
    way: Candidacy, acme_owner: BrandActor, program: Program, at: datetime
) -> None:
    browser = Client()
    browser.force_login(acme_owner.user)
    where = {"slug": "acme", "certification_id": way.certification_id}
    page = reverse("vetting:waivers", kwargs=where)
    assert page in browser.get(reverse("vetting:certification", kwargs=where)).content.decode()
    typed = {"candidacy": str(way.pk), "requirement": "tone", "reason": "Six years of chat.", "until": "2020-01-01"}
    with time_machine.travel(at, tick=False):
        refused = browser.post(page, typed)
        assert refused.status_code == 422
        assert "Choose a day that is still to come." in refused.content.decode()
        assert "Six years of chat." in refused.content.decode()
        until = (at + MONTH).date().isoformat()
        assert "Six years of chat." in browser.post(page, {**typed, "until": until}, follow=True).content.decode()
        waiver = Waiver.objects.across_brands().get()
        assert browser.post(page, {"waiver": str(program.pk), "reason": "No."}).status_code == 404
        ended = browser.post(page, {"waiver": str(waiver.pk), "reason": "A mistake."}, follow=True)
        assert "None. Everybody is asked for everything." in ended.content.decode()


def test_ops_grant_and_end_waivers_in_the_admin(way: Candidacy, olu: OpsActor, at: datetime) -> None:
    browser = Client()
    browser.force_login(olu.user)
    page = reverse("admin:vetting_candidacy_waive", args=[way.pk])
    with time_machine.travel(at, tick=False):
        assert page in browser.get(reverse("admin:vetting_candidacy_changelist")).content.decode()
        assert browser.post(page, {}).status_code == 422
        typed = {"candidacy": str(way.pk), "requirement": "tone", "reason": "Known to us.", "until": "2027-01-01"}
        assert browser.post(page, typed).status_code == 302
        waiver = Waiver.objects.across_brands().get()
        decide = reverse("admin:vetting_waiver_decide", args=[str(waiver.pk), "end"])
        assert browser.post(decide, {"reason": "Not known."}).status_code == 302
    waiver.refresh_from_db()
    assert waiver.until == at
