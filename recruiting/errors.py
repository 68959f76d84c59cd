"""What this stage refuses, and why."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class AlreadyAgent(DomainError):
    code = "already_agent"
    default_message = _("You already have an agent profile.")


class AgentNotActive(DomainError):
    code = "agent_not_active"
    default_message = _("Finish your profile first: it takes about three minutes.")


class HandleTaken(Invalid):
    code = "handle_taken"
    status = 409
    default_message = _("Somebody already goes by this handle. Try another.")


class ProgramNotRecruiting(DomainError):
    code = "program_not_recruiting"
    default_message = _("This program takes no applications now.")


class ProgramNotReady(DomainError):
    """What is missing is in `context["missing"]`."""

    code = "program_not_ready"
    default_message = _("The program is not ready yet.")


class AlreadyEngaged(DomainError):
    code = "already_engaged"
    default_message = _("You already have an open application or place in this program.")


class ReapplyLater(DomainError):
    """The date is in `context["reapply_at"]`."""

    code = "reapply_later"
    default_message = _("You may apply again later.")


class BlockedByBrand(DomainError):
    code = "program_not_open_to_you"
    default_message = _("This program is not open to you.")


class TermsOutdated(DomainError):
    code = "terms_outdated"
    default_message = _("The terms changed since you opened them. Read the new version, then accept.")


class NameDoesNotMatch(Invalid):
    code = "name_does_not_match"
    default_message = _("Type your full name as it stands in your account.")


class BillBelowPay(Invalid):
    code = "bill_below_pay"
    default_message = _("What the brand pays cannot be below what the agent earns.")


class UnknownSkill(Invalid):
    code = "unknown_skill"
    default_message = _("There is no such skill.")
