"""What a brand may read: its certifications, and who may work. Identity is met or not met, nothing more."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from recruiting.queries import open_engagements, program_for
from vetting.api.serializers import CertificationSerializer, EligibilitySerializer
from vetting.models import Certification
from vetting.queries import Eligibility, certifications_for, eligibilities
from vetting.states import VersionState

_MOST = 500


class CertificationList(BrandApiView):
    """The brand's certifications."""

    permissions = {"GET": Permission.VIEW}
    serializer_class = CertificationSerializer

    @extend_schema(operation_id="certifications", tags=["certifications"], responses=CertificationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """This function will list the brand's certifications with what the version in force asks for."""
        rows = certifications_for(self.actor).prefetch_related("versions__requirements")
        return Response(CertificationSerializer([_certification(one) for one in rows], many=True).data)


class EligibilityList(BrandApiView):
    """Who may work in a program."""

    permissions = {"GET": Permission.VIEW}
    serializer_class = EligibilitySerializer

    @extend_schema(operation_id="eligibility", tags=["eligibility"], responses=EligibilitySerializer(many=True))
    def get(self, request: Request, program_id: UUID) -> Response:
        """This function will say of everybody in the program (at most 500) whether they may work now, and why not."""
        program, at = program_for(self.actor, program_id), clock.now()
        agents = [engagement.agent for engagement in open_engagements(program.pk)[:_MOST]]
        answers = eligibilities(agents, program, at)
        rows = [_answer(agent.pk, agent.handle, answers[agent.pk]) for agent in agents]
        return Response(EligibilitySerializer(rows, many=True).data)


def _certification(row: Certification) -> dict[str, Any]:
    live = next((one for one in row.versions.all() if one.state == VersionState.LIVE), None)
    requirements = sorted(live.requirements.all(), key=lambda one: one.position) if live else []
    return {
        "id": row.pk,
        "name": row.name,
        "program_id": row.program_id,
        "version": live.n if live else None,
        "holders": getattr(row, "holders", 0),
        "requirements": requirements,
    }


def _answer(agent_id: UUID, handle: str, answer: Eligibility) -> dict[str, Any]:
    reasons = [
        {"code": "identity_not_met", "sentence": "Identity is not met.", "since": None}
        if reason.code.startswith("identity_")
        else {"code": reason.code, "sentence": reason.sentence, "since": reason.since}
        for reason in answer.reasons
    ]
    return {
        "agent_id": agent_id,
        "handle": handle,
        "is_eligible": answer.is_eligible,
        "certificate_id": answer.certificate_id,
        "lapses_at": answer.lapses_at,
        "reasons": reasons,
    }
