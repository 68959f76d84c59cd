"""Documents, two reviewers, and what is erased when."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, PersonActor
from tests import cast
from tests.vetting.conftest import draw_photo
from vetting import actions, tasks, vault
from vetting.errors import (
    AlreadyReviewed,
    CheckNotInReview,
    DocumentsMissing,
    DocumentUnreadable,
    OpenCheckExists,
    OwnCase,
    ReapplyLater,
    ReasonRequired,
    TooManyTries,
)
from vetting.models import AgentIdentity, Evidence, IdentityCheck, IdentityDocument
from vetting.queries import identity_check_for
from vetting.states import CheckState, IdentityState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CARD = actions.IdentityDetails("Ada Obi", date(1995, 4, 2), "NG", "id_card", "4821", date(2027, 3, 1))


@pytest.fixture(autouse=True)
def own_vault(settings: Any, tmp_path: Any) -> None:
    """Each story has an empty vault."""
    settings.VAULT_ROOT = tmp_path


def hand_in(actor: AgentActor, at: datetime, **images: bytes) -> IdentityCheck:
    given = images or {"front": draw_photo(), "back": draw_photo(500, 400)}
    return actions.hand_in_identity(
        agent_id=actor.agent_id, purpose="first", details=CARD, images=given, by=actor, at=at
    )


def review(check: IdentityCheck, by: Any, at: datetime, verdict: str = "approve") -> IdentityCheck:
    reasons = ["unreadable"] if verdict == "reject" else []
    return actions.review_identity(check_id=check.pk, verdict=verdict, checklist={}, reasons=reasons, by=by, at=at)


def test_one_approval_decides_nothing_and_the_second_verifies(
    ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime
) -> None:
    check = hand_in(ada_acts, at)
    assert review(check, olu, at).state == CheckState.NEEDS_REVIEW
    assert review(check, oma, at).state == CheckState.VERIFIED
    identity = AgentIdentity.objects.across_brands().get()
    assert identity.state == IdentityState.VERIFIED
    assert identity.verified_until is not None
    assert identity.verified_until.date() == CARD.document_expires_on
    assert Evidence.objects.across_brands().get().kind == "identity"
    assert OutboxEvent.objects.filter(type="vetting.identity_verified").count() == 1


def test_two_rejections_reject_with_reasons_and_a_date(
    ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime
) -> None:
    check = hand_in(ada_acts, at)
    review(check, olu, at, "reject")
    rejected = review(check, oma, at, "reject")
    assert rejected.state == CheckState.REJECTED
    assert rejected.reason_codes == ["unreadable"]
    with pytest.raises(ReapplyLater):
        hand_in(ada_acts, at + timedelta(hours=5))
    assert hand_in(ada_acts, at + DAY).state == CheckState.NEEDS_REVIEW


def test_after_two_who_differ_a_third_decides(ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime) -> None:
    check = hand_in(ada_acts, at)
    review(check, olu, at, "approve")
    assert review(check, oma, at, "reject").state == CheckState.NEEDS_REVIEW
    assert review(check, cast.ops("Ott Ops"), at, "approve").state == CheckState.VERIFIED


def test_nobody_gives_two_verdicts_or_judges_themselves(ada_acts: AgentActor, olu: OpsActor, at: datetime) -> None:
    check = hand_in(ada_acts, at)
    review(check, olu, at)
    with pytest.raises(AlreadyReviewed):
        review(check, olu, at)
    with pytest.raises(OwnCase):
        review(check, OpsActor(ada_acts.user), at)


def test_a_rejection_needs_a_reason_and_a_run_out_document_cannot_be_approved(
    ada_acts: AgentActor, olu: OpsActor, at: datetime
) -> None:
    check = hand_in(ada_acts, at)
    with pytest.raises(ReasonRequired):
        actions.review_identity(check_id=check.pk, verdict="reject", checklist={}, by=olu, at=at)
    with pytest.raises(Invalid):
        review(check, olu, at + 200 * DAY)


def test_a_decided_check_takes_no_more_verdicts(
    ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime
) -> None:
    check = hand_in(ada_acts, at)
    review(check, olu, at)
    review(check, oma, at)
    with pytest.raises(CheckNotInReview):
        review(check, cast.ops("Ott Ops"), at, "reject")


def test_only_ops_review_and_only_the_agent_and_ops_see_a_check(
    *,
    ada_acts: AgentActor,
    bo_acts: AgentActor,
    acme_owner: BrandActor,
    mallory: PersonActor,
    olu: OpsActor,
    at: datetime,
) -> None:
    check = hand_in(ada_acts, at)
    for stranger in (bo_acts, acme_owner, mallory):
        with pytest.raises(NotFound):
            identity_check_for(stranger, check.pk)
        with pytest.raises(NotFound):
            review(check, stranger, at)
    assert identity_check_for(ada_acts, check.pk) == identity_check_for(olu, check.pk) == check


def test_a_card_needs_its_back(ada_acts: AgentActor, at: datetime) -> None:
    with pytest.raises(DocumentsMissing) as missing:
        hand_in(ada_acts, at, front=draw_photo())
    assert missing.value.field == "back"
    assert not IdentityCheck.objects.across_brands().exists()


def test_a_fourth_check_in_a_day_and_a_second_open_one_are_refused(ada_acts: AgentActor, at: datetime) -> None:
    for hours in range(3):
        moment = at + timedelta(hours=hours)
        check = actions.request_identity_check(agent_id=ada_acts.agent_id, purpose="first", by=ada_acts, at=moment)
        with pytest.raises(OpenCheckExists):
            actions.request_identity_check(agent_id=ada_acts.agent_id, purpose="first", by=ada_acts, at=moment)
        actions.cancel_identity_check(check_id=check.pk, by=ada_acts, at=moment)
    with pytest.raises(TooManyTries):
        actions.request_identity_check(agent_id=ada_acts.agent_id, purpose="first", by=ada_acts, at=at + DAY / 2)


def test_what_the_person_wrote_is_unreadable_in_the_table(ada_acts: AgentActor, at: datetime) -> None:
    check = hand_in(ada_acts, at)
    stored = IdentityCheck.objects.across_brands().get()
    assert b"Ada" not in bytes(stored.sealed_name or b"")
    assert vault.open_text(stored.sealed_name, context=f"{check.pk}:name") == "Ada Obi"
    with pytest.raises(vault.VaultFault):
        vault.open_text(stored.sealed_name, context="another:name")


def test_images_are_erased_thirty_days_after_the_decision_and_their_key_goes_first(
    *,
    ada_acts: AgentActor,
    olu: OpsActor,
    oma: OpsActor,
    at: datetime,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    check = hand_in(ada_acts, at)
    review(check, olu, at)
    review(check, oma, at)
    for days, left in ((29, 2), (30, 0)):
        monkeypatch.setattr("vetting.tasks.clock.now", lambda moment=at + days * DAY: moment)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.erase_document_images()
        assert IdentityDocument.objects.across_brands().kept().count() == left
        assert sum(1 for file in tmp_path.rglob("*") if file.is_file()) == left
    document = IdentityDocument.objects.across_brands().order_by("pk")[0]
    assert document.wrapped_key is None
    check.refresh_from_db()
    assert check.redaction == IdentityCheck.Redaction.DONE
    with pytest.raises(DocumentUnreadable):
        actions.open_document(document_id=document.pk, reason="late", by=olu, at=at + 31 * DAY)


def test_a_verification_runs_out_with_its_document(
    ada_acts: AgentActor, olu: OpsActor, oma: OpsActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = hand_in(ada_acts, at)
    review(check, olu, at)
    review(check, oma, at)
    monkeypatch.setattr("vetting.tasks.clock.now", lambda: at + 200 * DAY)
    tasks.expire_identities()
    tasks.expire_identities()
    assert AgentIdentity.objects.across_brands().get().state == IdentityState.EXPIRED
    assert OutboxEvent.objects.filter(type="vetting.identity_expired").count() == 1


def test_a_failed_audit_line_rolls_the_verdict_back(
    ada_acts: AgentActor, olu: OpsActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = hand_in(ada_acts, at)
    monkeypatch.setattr(AuditEntry.objects, "create", _fail)
    with pytest.raises(RuntimeError):
        review(check, olu, at)
    assert check.reviews.count() == 0


def _fail(**fields: Any) -> None:
    raise RuntimeError("the audit table is full")


def test_a_changed_bit_does_not_open_and_another_key_does_not_either(settings: Any) -> None:
    sealed = vault.seal(b"picture", context="one")
    assert vault.open_sealed(sealed, context="one") == b"picture"
    bent = vault.Sealed(
        sealed.ciphertext[:-1] + bytes([sealed.ciphertext[-1] ^ 1]), sealed.wrapped_key, sealed.kek_version
    )
    with pytest.raises(vault.VaultFault):
        vault.open_sealed(bent, context="one")
    with pytest.raises(vault.VaultFault):
        vault.open_sealed(sealed, context="two")


def test_an_older_key_still_opens_what_it_wrapped_after_a_new_one_came(settings: Any) -> None:
    sealed = vault.seal(b"picture", context="one")
    settings.VAULT_KEYS = ["bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=", *settings.VAULT_KEYS]
    assert vault.open_sealed(sealed, context="one") == b"picture"
    assert vault.seal(b"x", context="one").kek_version != sealed.kek_version
    settings.VAULT_KEYS = settings.VAULT_KEYS[:1]
    with pytest.raises(vault.VaultFault):
        vault.open_sealed(sealed, context="one")


def test_a_picture_loses_where_it_was_taken(photo: bytes) -> None:
    import io

    from PIL import Image

    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (48.0, 8.0, 0.0)}
    exif[0x010F] = "Some Camera"
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG", exif=exif)
    assert b"Some Camera" in out.getvalue()
    cleaned = vault.clean_upload(out.getvalue())
    assert b"Some Camera" not in cleaned.content
    with Image.open(io.BytesIO(cleaned.content)) as picture:
        assert dict(picture.getexif()) == {}
