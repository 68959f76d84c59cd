"""What to do about each reason: who acts, and where."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from recruiting.models import Program
from vetting.registries import NextStep, route

_AGENT, _BRAND, _OPS = "agent", "brand", "ops"
_Route = Callable[[Program], str]


def _page(name: str) -> _Route:
    return lambda program: route(name)


def _opportunity(program: Program) -> str:
    return f"/o/{program.public_slug}/"


def _terms(program: Program) -> str:
    return route("recruiting:terms", program_id=program.pk) or route("vetting:learn")


def _abilities(program: Program) -> str:
    return route("recruiting:profile-edit", part="abilities")


def _nowhere(program: Program) -> str:
    return ""


_STEPS: Final[dict[str, tuple[object, str, _Route]]] = {
    "agent_paused": (_("End the pause in your profile"), _AGENT, _page("recruiting:profile")),
    "agent_not_active": (_("Finish your profile"), _AGENT, _page("recruiting:profile")),
    "program_paused": (_("The brand opens the program again"), _BRAND, _nowhere),
    "no_engagement": (_("Apply to the program"), _AGENT, _opportunity),
    "application_open": (_("The brand answers your application"), _BRAND, _nowhere),
    "not_certified": (_("Your certificate opens work within minutes"), _OPS, _nowhere),
    "blocked_by_brand": (_("Look for other programs"), _AGENT, _page("recruiting:opportunities")),
    "standing_suspended": (_("Ask ops about the suspension"), _OPS, _nowhere),
    "standing_restricted": (_("Ask ops about the restriction"), _OPS, _nowhere),
    "identity_missing": (_("Verify your identity"), _AGENT, _page("vetting:identity")),
    "identity_in_review": (
        _("Two people look at your documents, within a working day"),
        _OPS,
        _page("vetting:identity"),
    ),
    "identity_rejected": (_("Read why, and send documents again"), _AGENT, _page("vetting:identity")),
    "identity_expired": (_("Verify your identity again"), _AGENT, _page("vetting:identity")),
    "identity_held": (_("Ops finishes looking at your identity"), _OPS, _page("vetting:identity")),
    "certificate_missing": (_("Go on with your path"), _AGENT, _page("vetting:learn")),
    "certificate_pending": (_("Wait for the certificate to start"), _BRAND, _page("vetting:certificates")),
    "certificate_suspended": (_("Bring back what ran out"), _AGENT, _page("vetting:learn")),
    "certificate_expired": (_("Certify again"), _AGENT, _page("vetting:learn")),
    "certificate_revoked": (_("Ask ops about the certificate"), _OPS, _page("vetting:certificates")),
    "language_missing": (_("Add the language to your profile"), _AGENT, _abilities),
    "language_too_low": (_("Bring the level in your profile up to date"), _AGENT, _abilities),
    "terms_not_accepted": (_("Read and accept the terms"), _AGENT, _terms),
    "terms_changed": (_("Read and accept the new terms"), _AGENT, _terms),
}


def next_step_of(code: str, program: Program, subject: str = "") -> NextStep | None:
    """This function will return what has to happen about a reason, or None when nothing can be done."""
    if code not in _STEPS:
        return None
    label, who_acts, find = _STEPS[code]
    return NextStep(code, str(label), who_acts, find(program))
