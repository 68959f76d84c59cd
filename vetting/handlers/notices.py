"""What people are told, and in which words."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, kind, tell
from recruiting.models import Agent, Program
from vetting import events


def register() -> None:
    """This function will register the kinds of notices and who gets them."""
    kind(Kind("identity", _("Your identity check"), is_mandatory=True))
    kind(Kind("test_result", _("Results of your tests"), stale_after=timedelta(days=7)))
    kind(Kind("certificate", _("Your certificates")))
    kind(Kind("work_closed", _("Work closed to you"), is_mandatory=True))
    tell(events.IdentityVerified, "identity", identity_verified)
    tell(events.IdentityRejected, "identity", identity_rejected)
    tell(events.ResultReleased, "test_result", result_released)
    tell(events.CertificateIssued, "certificate", certificate_issued)
    tell(events.CertificateDueForRenewal, "certificate", certificate_due)
    tell(events.CertificateSuspended, "work_closed", certificate_suspended)
    tell(events.CertificateRevoked, "work_closed", certificate_revoked)


def identity_verified(fact: events.IdentityVerified, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that they are verified."""
    return _to(fact.agent_id, _("You are verified"), _("It counts for every program."), "vetting:learn", _("Your path"))


def identity_rejected(fact: events.IdentityRejected, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent where the reasons stand and that they may try again."""
    words = _("Two people looked at your documents. Read why, and from when you can send them again.")
    return _to(fact.agent_id, _("Your documents were not accepted"), words, "vetting:identity", _("Read why"))


def result_released(fact: events.ResultReleased, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that the result is out."""
    words = _("You passed.") if fact.is_passed else _("It was not enough this time. See what to work on.")
    title, label = _("Your test is graded"), _("See the result")
    return _to(fact.agent_id, title, words, "vetting:attempt", label, attempt_id=fact.attempt_id)


def certificate_issued(fact: events.CertificateIssued, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that work is open."""
    title = _("You are certified for %(program)s") % _program(fact.program_id)
    return _to(fact.agent_id, title, _("Its shifts are open to you."), "vetting:certificates", _("Your certificates"))


def certificate_due(fact: events.CertificateDueForRenewal, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent to renew."""
    title = _("Renew your certificate for %(program)s") % _program(fact.program_id)
    return _to(fact.agent_id, title, _("Renewing early loses no day."), "vetting:learn", _("Your path"))


def certificate_suspended(fact: events.CertificateSuspended, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent what closed and how it comes back."""
    title = _("Your certificate for %(program)s is suspended") % _program(fact.program_id)
    words = _("Something it rests on ran out. Bring it back and work opens again; nothing else is asked twice.")
    return _to(fact.agent_id, title, words, "vetting:learn", _("What is missing"))


def certificate_revoked(fact: events.CertificateRevoked, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that the certificate was taken away."""
    title = _("Your certificate for %(program)s was taken away") % _program(fact.program_id)
    words = _("Two people of ours decided it. Write to us if you see it differently.")
    return _to(fact.agent_id, title, words, "vetting:certificates", _("Your certificates"))


def _program(program_id: UUID) -> dict[str, Any]:
    name = Program.objects.across_brands().filter(pk=program_id).values_list("name", flat=True).first()
    return {"program": name or ""}


def _to(agent_id: UUID, title: Any, words: Any, route: str, label: Any, **ids: UUID) -> Iterable[Message]:
    user_id = Agent.objects.across_brands().filter(pk=agent_id).values_list("user_id", flat=True).first()
    if user_id is None:
        return []
    return [Message(user_id, title, words, reverse(route, kwargs=ids or None), label)]
