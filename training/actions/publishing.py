"""From draft to catalogue: review, approval by a second person, publishing with a stated effect, closing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import BrandActor, require
from gigcx.tenancy.roles import Permission
from training.actions.courses import lock_version
from training.actions.learning import call_back
from training.errors import (
    ApprovedAlready,
    CommentRequired,
    EffectChanged,
    NotAlone,
    SamePerson,
    SoloReasonRequired,
    VersionInvalid,
)
from training.events import CourseVersionPublished
from training.models import CourseVersion
from training.policies import has_written
from training.queries import (
    agents_done,
    current_version,
    modules_of,
    other_approvers,
    problems_of_version,
    publish_effect,
    version_checksum,
    version_for,
)
from training.states import COURSE_VERSION_MOVES, ChangeClass, CourseVersionState


@transaction.atomic
def request_review(*, course_version_id: UUID, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will hand a draft to a reviewer.

    Raises:
        VersionInvalid: something has to be put right first; carries page, line and what to do.
        MoveRefused: it is no draft.
    """
    version = _locked(course_version_id, Permission.AUTHOR_CONTENT, by)
    require_move(COURSE_VERSION_MOVES, version.state, CourseVersionState.IN_REVIEW)
    if problems := problems_of_version(modules_of(version)):
        raise VersionInvalid(problems)
    version.review_comment = ""
    return _move(version, CourseVersionState.IN_REVIEW, "training.request_review", by=by, at=at)


@transaction.atomic
def return_version(*, course_version_id: UUID, comment: str, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will give a version back to its authors with a comment.

    Raises:
        CommentRequired: nothing was said.
        ApprovedAlready: it is approved; the first edit takes that back.
        MoveRefused: it is not in review.
    """
    version = _locked(course_version_id, Permission.AUTHOR_CONTENT, by)
    if version.state == CourseVersionState.APPROVED:
        raise ApprovedAlready
    if not comment.strip():
        raise CommentRequired(field="comment")
    version.review_comment = comment.strip()[:4000]
    return _move(
        version, CourseVersionState.DRAFT, "training.return_version", by=by, at=at, reason=version.review_comment
    )


@transaction.atomic
def approve_version(*, course_version_id: UUID, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will approve a version in review.

    Raises:
        SamePerson: the approver wrote in it.
        MoveRefused: it is not in review.
    """
    version = _locked(course_version_id, Permission.APPROVE_CONTENT, by)
    if has_written(by, version):
        raise SamePerson
    return _approve(version, "training.approve_version", by=by, at=at)


@transaction.atomic
def approve_own_version(*, course_version_id: UUID, reason: str, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will approve one's own version in a brand where nobody else can; that and why stay on record.

    Raises:
        NotAlone: somebody else may approve.
        SoloReasonRequired: no word on why nobody else looks at it.
        MoveRefused: it is not in review.
    """
    version = _locked(course_version_id, Permission.APPROVE_CONTENT, by)
    if other_approvers(version.brand_id, by.user.pk):
        raise NotAlone
    if not reason.strip():
        raise SoloReasonRequired(field="reason")
    version.is_self_approved = True
    return _approve(version, "training.approve_own_version", by=by, at=at, reason=reason.strip()[:500])


@transaction.atomic
def publish_course_version(
    *, course_version_id: UUID, change: str, effect_digest: str, change_note: str = "", by: BrandActor, at: datetime
) -> CourseVersion:
    """This function will put an approved version into the catalogue; the one before leaves it.

    Nobody is certified, paid or stripped of anything by it. After a material or breaking change those who had finished get a
    new enrolment; what they have proved counts until the deadline.

    Raises:
        EffectChanged: `effect_digest` is not that of the present effect.
        VersionInvalid: something has to be put right first.
        MoveRefused: it is not approved.
    """
    version = _locked(course_version_id, Permission.APPROVE_CONTENT, by)
    if change not in ChangeClass.values:
        raise Invalid(_("Choose what kind of change this is."), field="change")
    require_move(COURSE_VERSION_MOVES, version.state, CourseVersionState.PUBLISHED)
    effect = publish_effect(version, change=change, at=at)
    if effect.digest != effect_digest:
        raise EffectChanged
    _put_in_catalogue(version, change=change, change_note=change_note, deadline=effect.due_at, by=by, at=at)
    if effect.due_at:
        call_back(version=version, agents=agents_done(version.course_id), due_at=effect.due_at, by=by, at=at)
    outbox.publish(CourseVersionPublished(course_version_id=version.pk), at=at, brand_id=version.brand_id)
    return version


def _put_in_catalogue(
    version: CourseVersion, *, change: str, change_note: str, deadline: datetime | None, by: BrandActor, at: datetime
) -> None:
    modules = modules_of(version)
    if problems := problems_of_version(modules):
        raise VersionInvalid(problems)
    before = current_version(version.course_id)
    if before:
        before.left_catalogue_at = at
        before.save(update_fields=["left_catalogue_at"])
    version.change, version.change_note = change, change_note.strip()[:300]
    version.checksum = version_checksum(version, modules)
    version.grandfather_until = deadline
    version.published_at, version.published_by = at, by.user
    version.save(
        update_fields=["change", "change_note", "checksum", "grandfather_until", "published_at", "published_by"]
    )
    _move(version, CourseVersionState.PUBLISHED, "training.publish_course_version", by=by, at=at, reason=change)


def _approve(version: CourseVersion, action: str, *, by: BrandActor, at: datetime, reason: str = "") -> CourseVersion:
    version.approved_at, version.approved_by = at, by.user
    return _move(version, CourseVersionState.APPROVED, action, by=by, at=at, reason=reason)


def _move(
    version: CourseVersion, target: CourseVersionState, action: str, *, by: BrandActor, at: datetime, reason: str = ""
) -> CourseVersion:
    require_move(COURSE_VERSION_MOVES, version.state, target)
    before, version.state = version.state, target
    version.save(update_fields=["state", "review_comment", "approved_at", "approved_by", "is_self_approved"])
    trail.record(action, version, by=by, at=at, from_state=before, to_state=target, reason=reason)
    return version


def _locked(course_version_id: UUID, permission: Permission, by: BrandActor) -> CourseVersion:
    seen = version_for(by, course_version_id)
    require(by, permission, brand_id=seen.brand_id)
    return lock_version(seen)
