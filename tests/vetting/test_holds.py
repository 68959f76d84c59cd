"""Holding an identity, what a check becomes when a verification ends, and how often anybody may look certificates up."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from recruiting.models import Agent, AgentSkill, Program, Skill
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from tests.vetting.conftest import draw_photo
from vetting import actions
from vetting.actions.skills import level_of, record_certified_skills
from vetting.errors import HoldRefused, OwnCase, ReasonRequired
from vetting.models import AgentIdentity, Candidacy, Certificate, CertificationVersion, IdentityCheck
from vetting.panels.needs import certification_page, missing_certification
from vetting.queries import eligibility
from vetting.states import CertificateState, CheckState, IdentityState, VersionState

pytestmark = pytest.mark.django_db
SWEEP = SystemActor("sweep")
PASSPORT = actions.IdentityDetails("Ada Obi", date(1995, 4, 2), "NG", "passport", "4821", date(2027, 3, 1))


def verified(actor: AgentActor, reviewers: tuple[OpsActor, OpsActor], at: datetime) -> IdentityCheck:
    check = actions.hand_in_identity(
        agent_id=actor.agent_id, purpose="first", details=PASSPORT, images={"front": draw_photo()}, by=actor, at=at
    )
    for reviewer in reviewers:
        actions.review_identity(check_id=check.pk, verdict="approve", checklist={}, by=reviewer, at=at)
    return check


def test_when_a_verification_runs_out_its_check_says_so_too(
    ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.VAULT_ROOT = tmp_path
    check = verified(ada_acts, (olu, oma), at)
    identity = AgentIdentity.objects.across_brands().get()
    assert not actions.expire_identity(identity_id=identity.pk, by=SWEEP, at=at)
    later = datetime(2027, 3, 2, tzinfo=at.tzinfo)
    assert actions.expire_identity(identity_id=identity.pk, by=SWEEP, at=later)
    identity.refresh_from_db()
    check.refresh_from_db()
    assert (identity.state, check.state) == (IdentityState.EXPIRED, CheckState.EXPIRED)
    assert not actions.expire_identity(identity_id=identity.pk, by=SWEEP, at=later)


def test_a_check_under_way_outlives_the_verification_before_it(
    ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.VAULT_ROOT = tmp_path
    verified(ada_acts, (olu, oma), at)
    later = datetime(2027, 3, 2, tzinfo=at.tzinfo)
    renewal = actions.request_identity_check(agent_id=ada_acts.agent_id, purpose="renewal", by=ada_acts, at=later)
    actions.expire_identity(identity_id=AgentIdentity.objects.across_brands().get().pk, by=SWEEP, at=later)
    renewal.refresh_from_db()
    assert renewal.state == CheckState.AWAITING_INPUT


@pytest.fixture
def working(ada: Agent, program: Program, at: datetime) -> Candidacy:
    """Ada works in the program."""
    make.make_eligible(ada, program, at)
    candidacy = Candidacy.objects.across_brands().get()
    return actions.evaluate_candidacy(candidacy_id=candidacy.pk, at=at)


def test_a_hold_closes_work_at_once_and_letting_go_opens_it_again(
    working: Candidacy, ada: Agent, program: Program, olu: OpsActor, at: datetime
) -> None:
    identity = AgentIdentity.objects.across_brands().get()
    assert eligibility(ada, program, at).is_eligible
    actions.hold_identity(identity_id=identity.pk, reason="Two accounts, one face", by=olu, at=at)
    assert [reason.code for reason in eligibility(ada, program, at).reasons] == ["identity_held"]
    lost = OutboxEvent.objects.get(type="vetting.eligibility_lost")
    assert lost.payload["cause"] == "safety"
    assert Certificate.objects.across_brands().get().state == CertificateState.ACTIVE
    with pytest.raises(HoldRefused):
        actions.hold_identity(identity_id=identity.pk, reason="Again", by=olu, at=at)
    page = Client()
    page.force_login(ada.user)
    with time_machine.travel(at, tick=False):
        assert "Your identity is being looked at again." in page.get("/work/learn/identity/").content.decode()
    actions.let_identity_go(identity_id=identity.pk, reason="A twin", by=olu, at=at)
    assert eligibility(ada, program, at).is_eligible
    with pytest.raises(HoldRefused):
        actions.let_identity_go(identity_id=identity.pk, reason="Again", by=olu, at=at)


def test_a_hold_takes_ops_a_reason_and_never_ones_own_identity(
    working: Candidacy, ada: Agent, ada_acts: AgentActor, acme_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    identity = AgentIdentity.objects.across_brands().get()
    for stranger in (ada_acts, acme_owner):
        with pytest.raises(NotFound):
            actions.hold_identity(identity_id=identity.pk, reason="Why not", by=stranger, at=at)
    with pytest.raises(ReasonRequired):
        actions.hold_identity(identity_id=identity.pk, reason=" ", by=olu, at=at)
    with pytest.raises(OwnCase):
        actions.hold_identity(identity_id=identity.pk, reason="Me", by=OpsActor(ada.user), at=at)


def test_ops_hold_and_let_go_from_the_identitys_page(working: Candidacy, olu: OpsActor, at: datetime) -> None:
    identity = AgentIdentity.objects.across_brands().get()
    page = Client()
    page.force_login(olu.user)
    address = f"/admin/vetting/agentidentity/{identity.pk}"
    shown = page.get(f"{address}/change/").content.decode()
    assert "Hold the identity" in shown
    assert "Let the identity go" not in shown
    page.post(f"{address}/decide/hold/", {"reason": "Two accounts, one face"})
    identity.refresh_from_db()
    assert identity.is_held
    assert "Two accounts, one face" in page.get(f"{address}/change/").content.decode()


# skills -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "level"), [("0", 1), ("20", 1), ("20.0001", 2), ("69.5", 4), ("80", 4), ("80.0001", 5), ("100", 5)]
)
def test_a_share_of_the_points_is_a_level_of_five(percent: str, level: int) -> None:
    assert level_of(Decimal(percent)) == level


def test_a_certificate_proves_the_skills_it_rests_on_and_leaves_out_words_that_nobody_knows(
    ada: Agent, program: Program, at: datetime
) -> None:
    skill = Skill.objects.order_by("key")[0]
    shown = make.make_evidence(ada, "assessment", "a", skills={skill.key: "75.0000", "our-own-word": "100.0000"})
    more = make.make_evidence(ada, "assessment", "b", skills={skill.key: "50.0000"})
    certificate = make.make_certificate(ada, program, at=at)
    levels = record_certified_skills(certificate, [str(shown.pk), str(more.pk)], by=SWEEP, at=at)
    assert levels == {skill.key: 4}
    kept = AgentSkill.objects.across_brands().get(agent=ada)
    assert (kept.skill_id, kept.level, kept.proved_by) == (skill.pk, 4, "certified")
    assert kept.evidence_ref == f"certificate:{certificate.pk}"


# the public page ----------------------------------------------------------------------------------------------------


def test_whoever_looks_up_too_many_certificates_waits_a_minute_and_others_do_not(
    ada: Agent, program: Program, at: datetime, settings: Any
) -> None:
    settings.API_RATES = {"verify": 2}
    certificate = make.make_certificate(ada, program, at=at)
    address = f"/verify/{certificate.public_id}/"
    with time_machine.travel(at, tick=False) as clock:
        answers = [Client(REMOTE_ADDR="192.0.2.7").get(address).status_code for _number in range(3)]
        assert answers == [200, 200, 429]
        assert Client(REMOTE_ADDR="192.0.2.8").get(address).status_code == 200
        clock.shift(timedelta(seconds=60))
        assert Client(REMOTE_ADDR="192.0.2.7").get(address).status_code == 200


# what a program lacks -----------------------------------------------------------------------------------------------


def test_a_program_lacks_a_certification_until_one_is_in_force(program: Program, at: datetime) -> None:
    assert missing_certification(program, at) == "No certification in force: nobody could be certified."
    assert certification_page(program) == f"/b/{program.brand.slug}/training/certifications/"
    certification = make.make_certification(program, state="draft")
    assert missing_certification(program, at) is not None
    assert str(certification.pk) in certification_page(program)
    CertificationVersion.objects.across_brands().update(
        state=VersionState.LIVE, published_at=at, effective_at=at, published_by=make.writer()
    )
    assert missing_certification(program, at) is None
    assert missing_certification(recruit.make_program(program.brand, name="Another"), at) is not None
