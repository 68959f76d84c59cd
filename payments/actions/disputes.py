"""Something is wrong with a line: said by the agent or the brand, answered by the other side, appealed once."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, require
from gigcx.tenancy.roles import Permission
from payments.actions.earnings import hold_earning, lift_hold
from payments.actions.splits import split_line
from payments.errors import MoreThanLine, NotDisputable
from payments.events import LineDisputeOpened
from payments.models import Charge, Earning, EarningHold, LineDispute
from payments.policies import (
    AGENT_WINDOW,
    DISPUTE_HOLD,
    OPS_WINDOW,
    answer_due_at,
    can_answer_dispute,
    can_dispute_charge,
    default_cap,
    is_in_agents_window,
    is_in_brands_window,
)
from payments.queries.disputes import is_disputed, missing_minor, part_minor, part_seconds
from payments.states import LINE_DISPUTE_MOVES, EarningKind, EarningState, LineDisputeState, PartyKind

_LONGEST_STRETCH: Final = timedelta(days=1)


@transaction.atomic
def dispute_earning(
    *,
    earning_id: UUID,
    reason: str,
    by: AgentActor,
    at: datetime,
    claimed_minor: int | None = None,
    part_from: datetime | None = None,
    part_to: datetime | None = None,
) -> LineDispute:
    """This function will note that the agent calls a line wrong and says what it should be, in minor units.

    Without a figure the minutes named say it: what is not paid of `[part_from, part_to)` is priced like the line. With one
    they are kept beside it. Nothing the agent gets is held for it. Of a clawback `claimed_minor` is what may rightly be
    taken back (positive), and the clawback waits meanwhile. Three business days of silence make the agent's figure stand,
    up to the cap.

    Raises:
        NotFound: somebody else's line.
        NotDisputable: the two weeks are over, the line was replaced, or it is disputed already.
        MoreThanLine: the figure changes nothing for the better, or the stretch is paid.
        Invalid: no reason, neither figure nor minutes, or minutes that cannot be.
    """
    _require_stretch(part_from, part_to)
    earning = _locked(earning_id)
    if earning.agent_id != by.agent_id:
        raise NotFound
    if not is_in_agents_window(earning, at=at) or is_disputed(earning.pk):
        raise NotDisputable
    is_clawback = earning.kind == EarningKind.CLAWBACK
    figure = abs(earning.amount_minor)
    if claimed_minor is None:
        claimed_minor = claimed_by_minutes(earning, part_from, part_to)
    if not (0 <= claimed_minor < figure if is_clawback else claimed_minor > figure):
        raise MoreThanLine(
            _("Say less than what is taken back.") if is_clawback else _("Say more than the line pays now."),
            field="claimed",
        )
    part = {"part_from": part_from, "part_to": part_to}
    dispute = _opened(earning, by, reason, at, disputed=figure if is_clawback else 0, claimed=claimed_minor, **part)
    if is_clawback and earning.state in (EarningState.ACCRUED, EarningState.HELD):
        _hold(dispute, earning, by=by, at=at)
    return dispute


@transaction.atomic
def dispute_charge(
    *,
    charge_id: UUID,
    reason: str,
    by: BrandActor,
    at: datetime,
    part_from: datetime | None = None,
    part_to: datetime | None = None,
) -> LineDispute:
    """This function will hold the disputed minutes of a line in review, and only those, until they are decided.

    Without ends the whole line is disputed. Three business days of silence pay the agent, up to the cap.

    Raises:
        NotFound: another brand's charge. NotAllowed: the role does not cover it.
        NotDisputable: the review is over, or the line is disputed already.
        MoreThanLine: there are no paid minutes in the stretch.
        Invalid: no reason, or the stretch ends before it begins.
    """
    require(by, Permission.DISPUTE_CHARGES, brand_id=by.brand_id)
    charge = Charge.objects.for_brand(by.brand_id).filter(pk=charge_id).first()
    if charge is None or not can_dispute_charge(by, charge):
        raise NotFound
    earning = _locked(charge.earning_id)
    charge.refresh_from_db(fields=["state"], from_queryset=Charge.objects.across_brands())
    if not is_in_brands_window(charge) or is_disputed(earning.pk):
        raise NotDisputable
    minor = _disputed_minor(earning, part_from, part_to)
    dispute = _opened(
        earning, by, reason, at, disputed=minor, claimed=earning.amount_minor, part_from=part_from, part_to=part_to
    )
    part = earning
    if minor < earning.amount_minor:
        seconds = part_seconds(earning, part_from, part_to)
        part, _rest = split_line(earning, minor=minor, seconds=seconds, reason="part disputed", by=by, at=at)
    _hold(dispute, part, by=by, at=at)
    return dispute


def claimed_by_minutes(earning: Earning, part_from: datetime | None, part_to: datetime | None) -> int:
    """This function will return what a line comes to with the minutes an agent misses in it, in minor units.

    Raises:
        Invalid: no minutes are named, or nothing is missing on a clawback. MoreThanLine: every minute of them is paid.
    """
    if part_from is None or part_to is None or earning.kind == EarningKind.CLAWBACK:
        raise Invalid(_("Say what it should be, or name the minutes that are missing."), field="claimed")
    minor = missing_minor(earning, part_from, part_to)
    if minor <= 0:
        raise MoreThanLine(
            _("These minutes are paid, or not paid by time. Say what the line should be."), field="claimed"
        )
    return earning.amount_minor + minor


def _require_stretch(part_from: datetime | None, part_to: datetime | None) -> None:
    if (part_from is None) != (part_to is None):
        raise Invalid(_("Say both where the stretch begins and where it ends."), field="part_to")
    if part_from and part_to and part_to <= part_from:
        raise Invalid(_("The stretch ends before it begins."), field="part_to")
    if part_from and part_to and part_to - part_from > _LONGEST_STRETCH:
        raise Invalid(_("Name minutes of one day."), field="part_to")


def _disputed_minor(earning: Earning, part_from: datetime | None, part_to: datetime | None) -> int:
    _require_stretch(part_from, part_to)
    minor = part_minor(earning, part_from, part_to)
    if minor <= 0:
        raise MoreThanLine(_("There are no paid minutes in this stretch."), field="part_from")
    return minor


def _opened(
    earning: Earning,
    by: AgentActor | BrandActor,
    reason: str,
    at: datetime,
    *,
    disputed: int,
    claimed: int,
    **more: Any,
) -> LineDispute:
    if not reason.strip():
        raise Invalid(_("Say what is wrong."), field="reason")
    stake = disputed or claimed - earning.amount_minor
    kind = PartyKind.AGENT if isinstance(by, AgentActor) else PartyKind.BRAND
    given = {"disputed_minor": disputed, "claimed_minor": claimed, "opened_by_kind": kind, **more}
    dispute = _saved(
        LineDispute(
            brand_id=earning.brand_id,
            agent_id=earning.agent_id,
            earning=earning,
            opened_by=by.label,
            opened_by_user=by.user,
            reason=reason.strip(),
            currency=earning.currency,
            opened_at=at,
            due_at=answer_due_at(at, earning.brand.timezone),
            needs_ops=stake > default_cap(earning.currency),
            **given,
        )
    )
    trail.record("payments.open_dispute", dispute, by=by, at=at, to_state=dispute.state, reason=dispute.reason)
    outbox.publish(
        LineDisputeOpened(dispute_id=dispute.pk, agent_id=dispute.agent_id),
        at=at,
        brand_id=dispute.brand_id,
        agent_id=dispute.agent_id,
    )
    return dispute


def _saved(dispute: LineDispute) -> LineDispute:
    try:
        with transaction.atomic():
            dispute.save(force_insert=True)
    except IntegrityError as known:  # somebody else opened one a moment ago
        raise NotDisputable from known
    return dispute


def _hold(dispute: LineDispute, part: Earning, *, by: Actor, at: datetime) -> None:
    """Until the answer is due; where silence decides nothing, so much longer, and then the hold ends like any other."""
    until = dispute.due_at + OPS_WINDOW if dispute.needs_ops else dispute.due_at
    hold_earning(earning_id=part.pk, reason=DISPUTE_HOLD, note=dispute.reason, until=until, by=by, at=at)
    dispute.held_earning = part
    dispute.save(update_fields=["held_earning"])


@transaction.atomic
def answer_dispute(*, dispute_id: UUID, text: str, by: Actor, at: datetime) -> LineDispute:
    """This function will keep what the other side says; ops read it when they decide.

    Raises:
        NotFound, NotAllowed: not the other side. MoveRefused: it is decided. Invalid: nothing was said.
    """
    dispute = locked_dispute(dispute_id)
    require_answerer(dispute, by)
    require_move(LINE_DISPUTE_MOVES, dispute.state, LineDisputeState.DECIDED)
    if not text.strip():
        raise Invalid(_("Say what you know about it."), field="answer")
    dispute.answer = text.strip()
    dispute.save(update_fields=["answer"])
    trail.record("payments.answer_dispute", dispute, by=by, at=at, reason=dispute.answer)
    return dispute


@transaction.atomic
def withdraw_dispute(*, dispute_id: UUID, by: Actor, at: datetime) -> LineDispute:
    """This function will take a dispute back; the line goes on as it stood.

    Raises:
        NotFound, NotAllowed: another party's. MoveRefused: it is decided.
    """
    dispute = locked_dispute(dispute_id)
    _require_opener(dispute, by)
    require_move(LINE_DISPUTE_MOVES, dispute.state, LineDisputeState.WITHDRAWN)
    dispute.state = LineDisputeState.WITHDRAWN
    dispute.save(update_fields=["state"])
    trail.record("payments.withdraw_dispute", dispute, by=by, at=at, to_state=dispute.state)
    lift_dispute_hold(dispute, by=by, at=at)
    return dispute


@transaction.atomic
def appeal_dispute(*, dispute_id: UUID, reason: str, by: AgentActor | BrandActor, at: datetime) -> LineDispute:
    """This function will ask for another person's look at a decision, within two weeks and once.

    What was decided holds meanwhile. Silence gives the agent what the agent asked for, up to the cap, and a brand
    nothing.

    Raises:
        NotFound: not a party. NotDisputable: the two weeks are over, or it was an appeal.
        MoveRefused: it is open, withdrawn or was appealed. Invalid: no reason.
    """
    first = locked_dispute(dispute_id)
    _require_party(first, by)
    require_move(LINE_DISPUTE_MOVES, first.state, LineDisputeState.APPEALED)
    if first.appeal_of_id is not None or first.decided_at is None or at > first.decided_at + AGENT_WINDOW:
        raise NotDisputable(_("This decision cannot be appealed any more."))
    before, first.state = first.state, LineDisputeState.APPEALED
    first.save(update_fields=["state"])
    trail.record(
        "payments.appeal_dispute", first, by=by, at=at, from_state=before, to_state=first.state, reason=reason.strip()
    )
    decided = first.claimed_minor if first.decided_minor is None else first.decided_minor
    claimed = first.claimed_minor if isinstance(by, AgentActor) else decided
    return _opened(first.earning, by, reason, at, disputed=abs(claimed - decided), claimed=claimed, appeal_of=first)


def lift_dispute_hold(dispute: LineDispute, *, by: Actor, at: datetime) -> None:
    """This function will let the disputed part go on, where a hold still keeps it."""
    if dispute.held_earning_id is None:
        return
    holds = EarningHold.objects.across_brands().filter(
        earning_id=dispute.held_earning_id, reason=DISPUTE_HOLD, lifted_at__isnull=True
    )
    for hold_id in list(holds.order_by("pk").values_list("pk", flat=True)):
        lift_hold(hold_id=hold_id, by=by, at=at)


def locked_dispute(dispute_id: UUID) -> LineDispute:
    """This function will return a dispute under a lock, after its line: lines are locked before what speaks of them.

    Raises:
        NotFound: no such dispute.
    """
    rows = LineDispute.objects.across_brands().select_related("earning__brand", "held_earning", "appeal_of__earning")
    known = rows.filter(pk=dispute_id).values_list("earning_id", "held_earning_id").first()
    if known is None:
        raise NotFound
    lines = Earning.objects.across_brands().filter(pk__in=[one for one in known if one])
    list(lines.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return rows.select_for_update(of=("self",)).get(pk=dispute_id)


def require_answerer(dispute: LineDispute, by: Actor) -> None:
    """This function will refuse whoever is not the other side.

    Raises:
        NotFound: not a party at all. NotAllowed: the own side, or the role does not cover it.
    """
    _require_party(dispute, by)
    if not can_answer_dispute(by, dispute):
        raise NotAllowed


def _require_opener(dispute: LineDispute, by: Actor) -> None:
    _require_party(dispute, by)
    if dispute.opened_by_kind != by.kind or (isinstance(by, BrandActor) and not by.can(Permission.DISPUTE_CHARGES)):
        raise NotAllowed


def _require_party(dispute: LineDispute, by: Actor) -> None:
    is_agents = isinstance(by, AgentActor) and by.agent_id == dispute.agent_id
    if is_agents:
        return
    if not isinstance(by, BrandActor) or by.brand_id != dispute.brand_id:
        raise NotFound
    if not by.can(Permission.DISPUTE_CHARGES):
        raise NotAllowed


def _locked(earning_id: UUID) -> Earning:
    rows = Earning.objects.across_brands().select_related("brand").filter(pk=earning_id)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
