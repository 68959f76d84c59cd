"""Document images: taking them in, showing them to a reviewer, erasing them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor, OpsActor
from vetting import vault
from vetting.errors import CheckNotInReview, DocumentRefused, DocumentUnreadable, OwnCase
from vetting.models import DocumentView, IdentityCheck, IdentityDocument
from vetting.policies import can_view_document
from vetting.states import CheckState, ScanState


@transaction.atomic
def attach_document(*, check_id: UUID, side: str, content: bytes, by: Actor, at: datetime) -> IdentityDocument:
    """This function will check an upload and keep it encrypted; an earlier one of the same side is erased.

    The ciphertext is written before the row. If the transaction fails, the file stays behind without its key: noise.

    Raises:
        NotFound: somebody else's check, or an unknown side.
        CheckNotInReview: the check takes no more documents.
        DocumentRefused: see `vault.clean_upload`; `field` is the side.
    """
    check = _own_open_check(check_id, by)
    if side not in IdentityDocument.Side.values:
        raise NotFound
    picture = _cleaned(content, side)
    for earlier in check.documents.filter(side=side, deleted_at__isnull=True):
        _erase(earlier, by=by, at=at)
    document = _kept(check, side, picture, at)
    trail.record("vetting.attach_document", document, by=by, at=at, changes={"side": side, "bytes": document.byte_size})
    return document


def open_document(*, document_id: UUID, reason: str, by: Actor, at: datetime) -> tuple[IdentityDocument, bytes]:
    """This function will write down who looks, and only then read and decrypt the image.

    The line about the view is committed first, so it stands even when reading fails.

    Raises:
        NotFound: no such document, or the asker is not ops.
        OwnCase: the document is the asker's own.
        DocumentUnreadable: erased, or the vault cannot open it.
    """
    document = _viewed(document_id=document_id, reason=reason, by=by, at=at)
    if document.wrapped_key is None:
        raise DocumentUnreadable(_("The image was erased. The attempt to look at it is on record."))
    try:
        sealed = vault.Sealed(vault.fetch(document.object_key), bytes(document.wrapped_key), document.kek_version)
        return document, vault.open_sealed(sealed, context=document.object_key)
    except vault.VaultFault as fault:
        raise DocumentUnreadable from fault


@transaction.atomic
def erase_document(*, document_id: UUID, by: Actor, at: datetime) -> bool:
    """This function will erase an image whose time is over and tell whether it did: key first, then the file."""
    rows = (
        IdentityDocument.objects.across_brands().due_for_erasure(at).select_for_update(of=("self",), skip_locked=True)
    )
    document = rows.select_related("check_of").filter(pk=document_id).first()
    if document is None:
        return False
    _erase(document, by=by, at=at)
    check = document.check_of
    if check.redaction == IdentityCheck.Redaction.REQUESTED and not check.documents.filter(deleted_at=None).exists():
        check.redaction = IdentityCheck.Redaction.DONE
        check.save(update_fields=["redaction"])
    return True


@transaction.atomic
def _viewed(*, document_id: UUID, reason: str, by: Actor, at: datetime) -> IdentityDocument:
    if not isinstance(by, OpsActor):
        raise NotFound
    rows = IdentityDocument.objects.across_brands().select_related("check_of__agent")
    document = rows.filter(pk=document_id).first()
    if document is None:
        raise NotFound
    if not can_view_document(by, document.check_of):
        raise OwnCase
    DocumentView.objects.create(
        document=document, agent_id=document.agent_id, viewed_by=by.user, reason=reason[:120], viewed_at=at
    )
    trail.record("vetting.view_document", document, by=by, at=at, reason=reason)
    return document


def _own_open_check(check_id: UUID, by: Actor) -> IdentityCheck:
    if not isinstance(by, AgentActor):
        raise NotFound
    check = IdentityCheck.objects.for_actor(by).select_for_update(of=("self",)).filter(pk=check_id).first()
    if check is None:
        raise NotFound
    if check.state != CheckState.AWAITING_INPUT:
        raise CheckNotInReview(_("Your documents are with the reviewers already."))
    return check


def _cleaned(content: bytes, side: str) -> vault.Picture:
    try:
        return vault.clean_upload(content)
    except vault.Refused as refused:
        raise DocumentRefused(str(refused), field=side) from refused


def _kept(check: IdentityCheck, side: str, picture: vault.Picture, at: datetime) -> IdentityDocument:
    object_key = vault.new_object_key()
    sealed = vault.seal(picture.content, context=object_key)
    vault.put(object_key, sealed.ciphertext)
    return IdentityDocument.objects.create(
        check_of=check,
        agent_id=check.agent_id,
        side=side,
        object_key=object_key,
        wrapped_key=sealed.wrapped_key,
        kek_version=sealed.kek_version,
        digest=vault.digest_of(picture.content),
        content_type=picture.content_type,
        byte_size=len(picture.content),
        scan=ScanState.CLEAN,
        uploaded_at=at,
    )


def _erase(document: IdentityDocument, *, by: Actor, at: datetime) -> None:
    document.wrapped_key, document.deleted_at = None, at
    document.save(update_fields=["wrapped_key", "deleted_at"])
    trail.record("vetting.erase_document", document, by=by, at=at)
    object_key = document.object_key
    transaction.on_commit(lambda: vault.discard(object_key))
