"""Roles and permissions as one matrix; docs and tests are made from it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing a brand member may do."""

    VIEW = "view"
    MANAGE_BRAND = "manage_brand"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_API_KEYS = "manage_api_keys"
    MANAGE_PROGRAMS = "manage_programs"
    PUBLISH_PAY = "publish_pay"
    MANAGE_ENGAGEMENTS = "manage_engagements"
    AUTHOR_CONTENT = "author_content"
    APPROVE_CONTENT = "approve_content"
    MANAGE_CERTIFICATIONS = "manage_certifications"
    PLAN_CAPACITY = "plan_capacity"
    ACCEPT_QUOTES = "accept_quotes"
    CONFIRM_WORK = "confirm_work"
    DISPUTE_CHARGES = "dispute_charges"
    VIEW_BILLING = "view_billing"
    MANAGE_BILLING = "manage_billing"
    REVIEW_QUALITY = "review_quality"
    WORK_ESCALATIONS = "work_escalations"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions."""

    code: str
    name: "str | Promise"
    description: "str | Promise"
    permissions: frozenset[Permission]
    needs_second_factor: bool = False


P = Permission

ROLES: Final[dict[str, Role]] = {
    role.code: role
    for role in (
        Role(
            "owner",
            _("Owner"),
            _("Everything, members and money included."),
            frozenset(Permission),
            needs_second_factor=True,
        ),
        Role(
            "planner",
            _("Planner"),
            _("Programs, people, capacity and the day."),
            frozenset(
                {
                    P.VIEW,
                    P.MANAGE_PROGRAMS,
                    P.MANAGE_ENGAGEMENTS,
                    P.PLAN_CAPACITY,
                    P.ACCEPT_QUOTES,
                    P.CONFIRM_WORK,
                    P.DISPUTE_CHARGES,
                    P.EXPORT,
                }
            ),
        ),
        Role(
            "trainer",
            _("Trainer"),
            _("Courses, item banks and certifications."),
            frozenset({P.VIEW, P.AUTHOR_CONTENT, P.APPROVE_CONTENT, P.MANAGE_CERTIFICATIONS}),
        ),
        Role(
            "quality_reviewer",
            _("Quality reviewer"),
            _("Scores, reviews and disputes about quality."),
            frozenset({P.VIEW, P.REVIEW_QUALITY}),
        ),
        Role(
            "finance",
            _("Finance"),
            _("Charges, invoices and budgets."),
            frozenset({P.VIEW, P.VIEW_BILLING, P.MANAGE_BILLING, P.DISPUTE_CHARGES, P.CONFIRM_WORK, P.EXPORT}),
            needs_second_factor=True,
        ),
        Role(
            "support_lead",
            _("Support lead"),
            _("Takes escalations from the floor."),
            frozenset({P.VIEW, P.WORK_ESCALATIONS, P.REVIEW_QUALITY}),
        ),
        Role("viewer", _("Viewer"), _("Looks, changes nothing."), frozenset({P.VIEW})),
    )
}
ROLE_CHOICES: Final = [(role.code, role.name) for role in ROLES.values()]


def permissions_of(role: str) -> frozenset[Permission]:
    """This function will return what a role may do; an unknown role may do nothing."""
    known = ROLES.get(role)
    return known.permissions if known else frozenset()
