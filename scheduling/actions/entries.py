"""Wishes for a draw: entering, changing them, withdrawing. All of it until the closing time, none of it after."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent
from scheduling.allocation import MOST_WISHES, receipt_of
from scheduling.errors import NotEligible, WindowNotOpen
from scheduling.models import ClaimWindow, DrawEntry
from scheduling.queries.draws import engagement_in, entry_of, is_for, shifts_of_window, takes_wishes, window_for
from scheduling.queries.languages import work_of
from scheduling.states import DRAW_ENTRY_MOVES, DrawEntryState
from vetting.queries.eligibility import eligibility

_RANDOM_BYTES: Final = 16
_LONGEST: Final = 7 * 24 * 60


def enter_draw(
    *,
    window_id: UUID,
    agent: Agent,
    wishes: Sequence[UUID],
    by: Actor,
    at: datetime,
    max_minutes: int | None = None,
) -> DrawEntry:
    """Seal the agent's wishes for a draw, best first, or seal them anew; the entry carries the receipt.

    Entering early, late or twice changes nothing about the odds.

    Raises:
        NotFound: not one's own, or no draw of the agent's programs. WindowNotOpen: it takes no wishes, or not the agent's.
        NotEligible: with the reasons. Invalid: no wish, one twice, or one that the draw does not give.
    """
    window = _window_of(window_id, agent, by)
    _refuse_unwelcome(window, agent, at)
    wanted = _checked(window, wishes, max_minutes)
    try:
        return _sealed(window, agent, wanted, max_minutes=max_minutes, by=by, at=at)
    except IntegrityError:  # the same agent entered from another device a moment ago: the later press stands
        return _sealed(window, agent, wanted, max_minutes=max_minutes, by=by, at=at)


def withdraw_entry(*, window_id: UUID, agent: Agent, by: Actor, at: datetime) -> DrawEntry:
    """Take the agent's wishes out of a draw; entering again is possible until it closes.

    Raises:
        NotFound: not one's own, or nothing was entered. WindowNotOpen: the draw has closed. MoveRefused: withdrawn already.
    """
    window = _window_of(window_id, agent, by)
    if entry_of(agent.pk, window.pk) is None:
        raise NotFound
    return _withdrawn(window, agent, by, at)


def _window_of(window_id: UUID, agent: Agent, by: Actor) -> ClaimWindow:
    if isinstance(by, AgentActor) and by.agent_id != agent.pk:
        raise NotFound
    return window_for(by, window_id)


def _refuse_unwelcome(window: ClaimWindow, agent: Agent, at: datetime) -> None:
    engagement = engagement_in(agent.pk, window)
    if not takes_wishes(window, at):
        raise WindowNotOpen
    if engagement is None or not is_for(window, engagement):
        raise WindowNotOpen(_("This draw is for the brand's favorites. The draw for everyone follows."))
    request = window.wave.request
    answer = eligibility(agent, request.program, at, work=work_of(request))
    if not answer.is_eligible:
        raise NotEligible(reasons=answer.reasons, next_steps=answer.next_steps)


def _checked(window: ClaimWindow, wishes: Sequence[UUID], max_minutes: int | None) -> list[str]:
    wanted = [str(wish) for wish in wishes]
    given = {str(pk) for pk in shifts_of_window(window).values_list("pk", flat=True)}
    if not wanted:
        raise Invalid(_("Choose at least one shift."), field="wishes")
    if len(wanted) > MOST_WISHES:
        raise Invalid(_("Rank at most %(most)s shifts.") % {"most": MOST_WISHES}, field="wishes")
    if len(set(wanted)) < len(wanted):
        raise Invalid(_("Each shift can be ranked once."), field="wishes")
    if not given.issuperset(wanted):
        raise Invalid(
            _("One of these shifts is not part of this draw any more. Look at the list again."), field="wishes"
        )
    if max_minutes is not None and not 0 < max_minutes <= _LONGEST:
        raise Invalid(_("Ask for at least a quarter of an hour and at most a week."), field="max_minutes")
    return wanted


@transaction.atomic
def _sealed(
    window: ClaimWindow, agent: Agent, wishes: list[str], *, max_minutes: int | None, by: Actor, at: datetime
) -> DrawEntry:
    _hold_open(window.pk, at)
    entry = DrawEntry.objects.across_brands().select_for_update(of=("self",)).filter(window=window, agent=agent).first()
    if entry is None:
        entry = DrawEntry(
            brand_id=window.brand_id,
            window=window,
            agent=agent,
            pseudonym=secrets.token_hex(_RANDOM_BYTES),
            entered_at=at,
        )
    before = "" if entry._state.adding else entry.state
    if before:
        require_move(DRAW_ENTRY_MOVES, before, DrawEntryState.ENTERED)
    entry.state, entry.changed_at = DrawEntryState.ENTERED, at
    entry.wishes, entry.max_minutes, entry.nonce = wishes, max_minutes, secrets.token_hex(_RANDOM_BYTES)
    entry.receipt = receipt_of(str(window.pk), entry.pseudonym, wishes, entry.nonce, max_minutes=max_minutes)
    entry.save()
    trail.record(
        "scheduling.enter_draw",
        entry,
        by=by,
        at=at,
        from_state=before,
        to_state=entry.state,
        changes={"receipt": entry.receipt},
    )
    return entry


@transaction.atomic
def _withdrawn(window: ClaimWindow, agent: Agent, by: Actor, at: datetime) -> DrawEntry:
    _hold_open(window.pk, at)
    entry = DrawEntry.objects.across_brands().select_for_update(of=("self",)).get(window=window, agent=agent)
    current = entry.state
    require_move(DRAW_ENTRY_MOVES, current, DrawEntryState.WITHDRAWN)
    entry.state, entry.changed_at = DrawEntryState.WITHDRAWN, at
    entry.save(update_fields=["state", "changed_at"])
    trail.record("scheduling.withdraw_entry", entry, by=by, at=at, from_state=current, to_state=entry.state)
    return entry


def _hold_open(window_id: UUID, at: datetime) -> None:
    """Entries share the row, the close takes it alone: what is written here is frozen there, or refused here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM scheduling_claimwindow WHERE id = %s FOR SHARE", [window_id])
    if not takes_wishes(ClaimWindow.objects.across_brands().get(pk=window_id), at):
        raise WindowNotOpen
