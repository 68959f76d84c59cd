"""The kinds of requirements this stage knows: identity, terms, assessment, a person's approval."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid
from recruiting.models import Agent
from vetting.models import Assessment, AssessmentVersion
from vetting.registries import EvidenceKind, NextStep, route
from vetting.states import VersionState


class IdentityKind(EvidenceKind):
    """The person is who they say."""

    code = "identity"

    @property
    def name(self) -> str:
        """What the builder calls it."""
        return _("Verified identity")

    def next_step(self, agent: Agent, params: Mapping[str, Any], at: datetime) -> NextStep:
        """This function will send the agent to the identity page."""
        return NextStep("identity", _("Verify your identity"), "agent", route("vetting:identity"))


class TermsKind(EvidenceKind):
    """The program's terms were accepted once; whether they still hold is eligibility's to say."""

    code = "terms"

    @property
    def name(self) -> str:
        """What the builder calls it."""
        return _("Accepted terms")

    def next_step(self, agent: Agent, params: Mapping[str, Any], at: datetime) -> NextStep:
        """This function will send the agent to the program's terms."""
        program_id = params.get("subject_key", "")
        url = route("recruiting:terms", program_id=program_id) if program_id else ""
        return NextStep("terms", _("Read and accept the terms"), "agent", url or route("vetting:learn"))


class AssessmentKind(EvidenceKind):
    """A test of the brand was passed."""

    code = "assessment"

    @property
    def name(self) -> str:
        """What the builder calls it."""
        return _("Passed test")

    def clean_params(self, raw: Mapping[str, Any], *, brand_id: UUID) -> dict[str, Any]:
        """This function will keep the id of one of the brand's tests, or of the house's.

        Raises:
            Invalid: there is no such test.
        """
        key = str(raw.get("subject_key", ""))
        if key not in {known for known, _label in self.choices(brand_id=brand_id)}:
            raise Invalid(_("Choose one of your tests."), field="subject_key")
        return {"subject_key": key}

    def choices(self, *, brand_id: UUID) -> Sequence[tuple[str, str]]:
        """This function will list the published tests of the brand and of the house."""
        rows = Assessment.objects.across_brands().filter(versions__state=VersionState.LIVE)
        own = rows.filter(brand_id=brand_id) | rows.filter(brand__is_house=True)
        return [(str(one.pk), one.name) for one in own.distinct().order_by("name", "pk")]

    def minutes(self, params: Mapping[str, Any]) -> int:
        """This function will return the time limit of the version that agents sit now."""
        rows = AssessmentVersion.objects.across_brands().filter(assessment_id=params["subject_key"])
        limit = rows.filter(state=VersionState.LIVE).values_list("limit_seconds", flat=True).first()
        return (limit or 0) // 60

    def next_step(self, agent: Agent, params: Mapping[str, Any], at: datetime) -> NextStep:
        """This function will send the agent to the page before the test."""
        url = route("vetting:test-intro", assessment_id=params["subject_key"])
        return NextStep("assessment", _("Take the test"), "agent", url)


class ApprovalKind(EvidenceKind):
    """A person of the brand said yes."""

    code = "manual_approval"

    @property
    def name(self) -> str:
        """What the builder calls it."""
        return _("Approval by a person")

    def next_step(self, agent: Agent, params: Mapping[str, Any], at: datetime) -> NextStep:
        """This function will say that the brand acts."""
        return NextStep("manual_approval", _("The brand has a look at you"), "brand")
