"""From the first document to a certificate, and what happens to it later."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from recruiting.actions import StandingReport, accept_terms, record_standing
from recruiting.models import Agent, Engagement, Program
from recruiting.states import EngagementState
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from vetting import actions
from vetting.errors import OwnCase, ReasonRequired, SamePerson
from vetting.models import Candidacy, Certificate, Evidence, IdentityCheck
from vetting.queries import eligibility
from vetting.states import CertificateState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORKER = SystemActor("test")
Deliver = Callable[[datetime], None]

DETAILS = actions.IdentityDetails(
    legal_name="Ada Obi",
    birth_date=date(1995, 4, 2),
    country="US",
    document_type="passport",
    last4="4821",
    document_expires_on=date(2031, 1, 1),
)


def hand_in(actor: AgentActor, photo: bytes, at: datetime) -> IdentityCheck:
    return actions.hand_in_identity(
        agent_id=actor.agent_id, purpose="first", details=DETAILS, images={"front": photo}, by=actor, at=at
    )


def approve(check: IdentityCheck, by: OpsActor, at: datetime) -> None:
    actions.review_identity(check_id=check.pk, verdict="approve", checklist={"name": True}, by=by, at=at)


def sit(actor: AgentActor, assessment_id: object, answer: str, at: datetime) -> None:
    attempt = actions.open_attempt(agent_id=actor.agent_id, assessment_id=assessment_id, by=actor, at=at)  # type: ignore[arg-type]
    attempt = actions.begin_attempt(attempt_id=attempt.pk, by=actor, at=at)
    for item in attempt.items.order_by("position"):
        actions.save_response(
            attempt_id=attempt.pk,
            position=item.position,
            payload={"options": [answer]},
            client_seq=1,
            seat=attempt.seat,
            by=actor,
            at=at,
        )
    actions.submit_attempt(attempt_id=attempt.pk, seat=attempt.seat, by=actor, at=at)
    actions.grade_attempt(attempt_id=attempt.pk, at=at)


def test_an_agent_goes_from_first_document_to_work(
    *,
    ada: Agent,
    ada_acts: AgentActor,
    program: Program,
    acme_owner: BrandActor,
    olu: OpsActor,
    oma: OpsActor,
    photo: bytes,
    deliver: Deliver,
    at: datetime,
) -> None:
    test = make.make_assessment(program.brand)
    draft = actions.create_certification(program_id=program.pk, name="Holiday Chat", by=acme_owner, at=at)
    asks = [actions.RequirementPlan("tone", "assessment", "Tone of voice", {"subject_key": str(test.assessment_id)})]
    actions.draft_certification(certification_id=draft.certification_id, requirements=asks, by=acme_owner, at=at)
    actions.publish_certification_version(version_id=draft.pk, by=acme_owner, at=at)
    terms = recruit.make_terms(program, at=at)
    engagement = recruit.make_engagement(ada, program, state=EngagementState.ACCEPTED)
    actions.open_candidacy(agent_id=ada.pk, program_id=program.pk, at=at)

    check = hand_in(ada_acts, photo, at)
    approve(check, olu, at)
    approve(check, oma, at)
    accept_terms(agent_id=ada.pk, terms_version_id=terms.pk, name_typed="Ada Obi", ip=None, by=ada_acts, at=at)
    deliver(at)
    assert not Certificate.objects.across_brands().exists()
    sit(ada_acts, test.assessment_id, "a", at)
    deliver(at)

    engagement.refresh_from_db()
    certificate = Certificate.objects.across_brands().get()
    assert engagement.state == EngagementState.CERTIFIED
    assert certificate.state == CertificateState.ACTIVE
    assert certificate.expires_at == at.replace(year=at.year + 1)
    assert eligibility(ada, program, at).is_eligible
    types = set(OutboxEvent.objects.values_list("type", flat=True))
    assert {"vetting.certificate_issued", "vetting.eligibility_gained", "vetting.result_released"} <= types


@pytest.fixture
def certified(ada: Agent, program: Program, at: datetime) -> Candidacy:
    """Ada holds a certificate that rests on a test she passed."""
    test = make.make_assessment(program.brand)
    make.make_certification(
        program,
        [
            {"kind": "identity"},
            {"kind": "assessment", "key": "tone", "params": {"subject_key": str(test.assessment_id)}},
        ],
    )
    make.make_identity(ada, at=at)
    make.make_evidence(ada, "identity", at=at, valid_until=at + 300 * DAY, assurance="server")
    make.make_evidence(ada, "assessment", str(test.assessment_id), at=at)
    recruit.make_engagement(ada, program, state=EngagementState.ACCEPTED)
    recruit.accept_terms_directly(ada, program)
    candidacy = actions.open_candidacy(agent_id=ada.pk, program_id=program.pk, at=at)[0]
    return actions.evaluate_candidacy(candidacy_id=candidacy.pk, at=at)


def certificate() -> Certificate:
    return Certificate.objects.across_brands().order_by("-issued_at", "-pk")[0]


def test_judging_again_changes_nothing(certified: Candidacy, at: datetime) -> None:
    events = OutboxEvent.objects.count()
    for _time in range(3):
        actions.evaluate_candidacy(candidacy_id=certified.pk, at=at)
    assert Certificate.objects.across_brands().count() == 1
    assert OutboxEvent.objects.count() == events


def test_a_certificate_ends_no_later_than_what_it_rests_on_plus_grace(certified: Candidacy, at: datetime) -> None:
    assert certificate().expires_at == at + 307 * DAY


def test_lost_evidence_suspends_after_the_days_of_grace_and_comes_back_without_sitting_again(
    certified: Candidacy, ada: Agent, program: Program, at: datetime
) -> None:
    evidence = Evidence.objects.across_brands().get(kind="identity")
    actions.withdraw_evidence(evidence_id=evidence.pk, reason="Asked for again", by=WORKER, at=at)
    waiting = actions.evaluate_candidacy(candidacy_id=certified.pk, at=at)
    assert certificate().state == CertificateState.ACTIVE
    assert waiting.next_check_at == at + 7 * DAY
    actions.evaluate_candidacy(candidacy_id=certified.pk, at=at + 7 * DAY)
    assert certificate().state == CertificateState.SUSPENDED
    assert Engagement.objects.across_brands().get().state == EngagementState.LAPSED
    assert not eligibility(ada, program, at + 7 * DAY).is_eligible

    make.make_evidence(ada, "identity", at=at + 8 * DAY)
    actions.evaluate_candidacy(candidacy_id=certified.pk, at=at + 8 * DAY)
    assert certificate().state == CertificateState.ACTIVE
    assert Certificate.objects.across_brands().count() == 1
    assert Engagement.objects.across_brands().get().state == EngagementState.CERTIFIED
    assert eligibility(ada, program, at + 8 * DAY).is_eligible


def test_a_certificate_is_due_in_its_window_renewed_by_new_evidence_and_keeps_its_old_end(
    certified: Candidacy, ada: Agent, at: datetime
) -> None:
    make.make_evidence(ada, "identity", at=at)
    first = certificate()
    in_window = first.expires_at - 30 * DAY
    actions.evaluate_candidacy(candidacy_id=certified.pk, at=in_window)
    assert certificate().state == CertificateState.DUE_FOR_RENEWAL
    subject = Evidence.objects.across_brands().get(kind="assessment").subject_key
    make.make_evidence(ada, "assessment", subject, at=in_window)
    actions.evaluate_candidacy(candidacy_id=certified.pk, at=in_window)
    first.refresh_from_db()
    renewed = certificate()
    assert first.state == CertificateState.SUPERSEDED
    assert renewed.pk != first.pk
    assert renewed.state == CertificateState.ACTIVE
    assert renewed.expires_at == first.expires_at.replace(year=first.expires_at.year + 1)


def test_a_certificate_expires_at_its_end_and_the_engagement_lapses(
    certified: Candidacy, ada: Agent, program: Program, at: datetime
) -> None:
    end = certificate().expires_at
    actions.evaluate_candidacy(candidacy_id=certified.pk, cause="expiry", at=end)
    assert certificate().state == CertificateState.EXPIRED
    assert Engagement.objects.across_brands().get().state == EngagementState.LAPSED
    lost = OutboxEvent.objects.filter(type="vetting.eligibility_lost").order_by("-occurred_at").first()
    assert lost is not None
    assert lost.payload["cause"] == "expiry"


def test_a_suspension_of_standing_takes_eligibility_and_leaves_the_certificate(
    certified: Candidacy, ada: Agent, program: Program, deliver: Deliver, at: datetime
) -> None:
    deliver(at)
    engagement = Engagement.objects.across_brands().get()
    report = StandingReport(
        tier="new", trust_level=0, standing="suspended", reason="Safety", score=None, low=None, high=None
    )
    record_standing(engagement_id=engagement.pk, report=report, by=WORKER, at=at)
    deliver(at)
    assert certificate().state == CertificateState.ACTIVE
    assert OutboxEvent.objects.filter(type="vetting.eligibility_lost", payload__cause="standing").exists()


def test_revoking_takes_two_people_and_the_same_tests_bring_nothing_back(
    *, certified: Candidacy, ada: Agent, program: Program, olu: OpsActor, oma: OpsActor, at: datetime
) -> None:
    proposal = actions.propose_revocation(
        certificate_id=certificate().pk, reason_code="safety", reason="Shared her account.", by=olu, at=at
    )
    assert certificate().state == CertificateState.ACTIVE
    with pytest.raises(SamePerson):
        actions.revoke_certificate(proposal_id=proposal.pk, by=olu, at=at)
    actions.revoke_certificate(proposal_id=proposal.pk, by=oma, at=at)
    assert certificate().state == CertificateState.REVOKED
    assert Engagement.objects.across_brands().get().state == EngagementState.LAPSED
    actions.evaluate_candidacy(candidacy_id=certified.pk, at=at + DAY)
    assert Certificate.objects.across_brands().count() == 1
    assert [reason.code for reason in eligibility(ada, program, at).reasons] == [
        "not_certified",
        "certificate_revoked",
    ]


def test_a_revocation_needs_a_reason_and_never_ones_own_certificate(
    certified: Candidacy, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    with pytest.raises(NotFound):
        actions.propose_revocation(
            certificate_id=certificate().pk, reason_code="safety", reason="No.", by=acme_owner, at=at
        )
    with pytest.raises(OwnCase):
        actions.propose_revocation(
            certificate_id=certificate().pk, reason_code="safety", reason="Me.", by=OpsActor(ada.user), at=at
        )


def test_a_revocation_without_words_is_refused(certified: Candidacy, olu: OpsActor, at: datetime) -> None:
    with pytest.raises(ReasonRequired):
        actions.propose_revocation(certificate_id=certificate().pk, reason_code="safety", reason="  ", by=olu, at=at)


def test_a_failed_audit_line_rolls_the_certificate_back(
    ada: Agent, program: Program, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_certification(program, [{"kind": "identity"}])
    make.make_evidence(ada, "identity", at=at)
    recruit.make_engagement(ada, program, state=EngagementState.ACCEPTED)
    candidacy = actions.open_candidacy(agent_id=ada.pk, program_id=program.pk, at=at)[0]
    monkeypatch.setattr(AuditEntry.objects, "create", _fail)
    with pytest.raises(RuntimeError):
        actions.evaluate_candidacy(candidacy_id=candidacy.pk, at=at)
    assert not Certificate.objects.across_brands().exists()
    assert Engagement.objects.across_brands().get().state == EngagementState.ACCEPTED


def _fail(**fields: object) -> None:
    raise RuntimeError("the audit table is full")
