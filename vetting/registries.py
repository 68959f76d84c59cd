"""Where later stages plug in: kinds of requirements, booked work, identity providers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from vetting.graph import Verdict

if TYPE_CHECKING:
    from recruiting.models import Agent, Program
    from vetting.models import Evidence, IdentityCheck

# requirements -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next and who has to act: agent, ops, brand or provider. `url` is where, "" when nothing is to be clicked."""

    code: str
    label: str
    who_acts: str
    url: str = ""
    due_at: datetime | None = None


def route(name: str, **kwargs: object) -> str:
    """This function will return the address of a page by name, or "" where no such page is installed."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


class RequirementKind(Protocol):
    """A kind of thing a certification may ask for.

    `clean_params` returns params in canonical shape or raises `Invalid`. `context` reads whatever judging needs, once for
    many agents. `judge` is pure: it gets one agent's evidence of this kind (not withdrawn, newest first) and must be
    monotone, that is, more evidence never unmeets it.
    """

    code: str

    @property
    def name(self) -> str:
        """What the builder calls it, in plain words."""
        ...

    def clean_params(self, raw: Mapping[str, Any], *, brand_id: UUID) -> dict[str, Any]: ...

    def choices(self, *, brand_id: UUID) -> Sequence[tuple[str, str]]:
        """The subjects a brand may choose from, as (subject_key, label); empty when there is nothing to choose."""
        ...

    def minutes(self, params: Mapping[str, Any]) -> int:
        """About how long it takes the agent; 0 where nobody can say."""
        ...

    def context(self, params: Mapping[str, Any], at: datetime) -> Any: ...

    def judge(
        self, evidence: Sequence["Evidence"], params: Mapping[str, Any], context: Any, at: datetime
    ) -> Verdict: ...

    def next_step(self, agent: "Agent", params: Mapping[str, Any], at: datetime) -> NextStep | None: ...


class EvidenceKind:
    """A kind that is met by evidence about one subject, `params["subject_key"]`. Stages derive theirs from it."""

    code = ""

    def clean_params(self, raw: Mapping[str, Any], *, brand_id: UUID) -> dict[str, Any]:
        """This function will keep the subject and nothing else."""
        subject = str(raw.get("subject_key", ""))
        return {"subject_key": subject} if subject else {}

    def choices(self, *, brand_id: UUID) -> Sequence[tuple[str, str]]:
        """This function will return nothing to choose from."""
        return ()

    def minutes(self, params: Mapping[str, Any]) -> int:
        """This function will say nothing about how long it takes."""
        return 0

    def context(self, params: Mapping[str, Any], at: datetime) -> Any:
        """This function will return None: judging needs nothing more."""
        return None

    def judge(self, evidence: Sequence["Evidence"], params: Mapping[str, Any], context: Any, at: datetime) -> Verdict:
        """This function will rest on the evidence about the subject that holds longest at that moment."""
        subject = params.get("subject_key", "")
        return resting_on([row for row in evidence if row.subject_key == subject], at)


def resting_on(evidence: Sequence["Evidence"], at: datetime) -> Verdict:
    """This function will return the verdict that the evidence which holds longest gives."""
    holding = [row for row in evidence if row.valid_until is None or row.valid_until > at]
    if not holding:
        return Verdict(False, blocker="expired" if evidence else "missing")
    longest = max(holding, key=lambda row: (row.valid_until is None, row.valid_until or at, str(row.pk)))
    return Verdict(True, longest.valid_until, "", str(longest.pk))


_kinds: dict[str, RequirementKind] = {}


def register_kind(kind: RequirementKind) -> None:
    """This function will make a kind of requirement known. Stages call it in their app's `ready`."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> RequirementKind:
    """This function will return the kind of that code.

    Raises:
        LookupError: nobody registered it.
    """
    try:
        return _kinds[code]
    except KeyError as missing:
        raise LookupError(f"no stage registered the requirement kind {code!r}") from missing


def kinds() -> list[RequirementKind]:
    """This function will return the registered kinds by code."""
    return [_kinds[code] for code in sorted(_kinds)]


# booked work --------------------------------------------------------------------------------------------------------


class BookedWork(Protocol):
    """How much work is booked for people who may lose the right to do it. Scheduling fills it."""

    def count(self, *, agent_ids: Iterable[UUID], program: "Program", since: datetime) -> int: ...


class NothingBooked:
    """Before scheduling plugs in, nothing is booked."""

    def count(self, *, agent_ids: Iterable[UUID], program: "Program", since: datetime) -> int:
        """This function will return 0."""
        return 0


_booked: list[BookedWork] = [NothingBooked()]


def set_booked_work(source: BookedWork) -> None:
    """This function will plug in the source of booked work."""
    _booked[0] = source


def booked_work() -> BookedWork:
    """This function will return the source of booked work."""
    return _booked[0]


# identity -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProviderSession:
    """Where the person goes next: our own upload page, or the provider's address."""

    provider_ref: str | None
    url: str


@dataclass(frozen=True, slots=True)
class ProviderOutcome:
    """What a provider found: awaiting_input, processing, verified or needs_review, with reasons in its own codes."""

    state: str
    reason_codes: tuple[str, ...] = field(default=())


class IdentityProvider(Protocol):
    """Somebody who checks identities. A webhook only ever leads to a `fetch`."""

    code: str

    def start(self, check: "IdentityCheck") -> ProviderSession: ...

    def fetch(self, check: "IdentityCheck") -> ProviderOutcome: ...

    def cancel(self, check: "IdentityCheck") -> None: ...

    def redact(self, check: "IdentityCheck") -> None: ...


_providers: dict[str, IdentityProvider] = {}


def register_provider(provider: IdentityProvider) -> None:
    """This function will make an identity provider known."""
    _providers[provider.code] = provider


def provider_of(code: str) -> IdentityProvider:
    """This function will return the provider of that code.

    Raises:
        LookupError: nobody registered it.
    """
    try:
        return _providers[code]
    except KeyError as missing:
        raise LookupError(f"no identity provider is called {code!r}") from missing
