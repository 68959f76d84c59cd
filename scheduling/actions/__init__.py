"""Writes of this stage, by noun. Each opens its own transaction."""

from scheduling.actions.claims import SeenShift, claim_shift, grant_claim
from scheduling.actions.designs import design_request_shifts, make_designed_shifts
from scheduling.actions.forecasts import TypedVolume, copy_week, publish_forecast, save_forecast
from scheduling.actions.intervals import TypedInterval, copy_day, set_intervals
from scheduling.actions.lapses import end_held_claim
from scheduling.actions.quotes import accept_quote, expire_quote
from scheduling.actions.releases import release_claim, undo_claim
from scheduling.actions.requests import cancel_request, draft_request
from scheduling.actions.sessions import beat, check_in, check_out, end_lost_session, lose_session, record_state
from scheduling.actions.shifts import close_claim, end_shift, mark_no_show, open_shift, reprice_shift, start_shift
from scheduling.actions.standby import claim_standby, promote_standby
from scheduling.actions.verification import adjust_minutes, lock_timesheet, verify_claim
from scheduling.actions.waitlists import (
    accept_for_waiting,
    accept_invitation,
    claim_or_wait,
    close_line,
    decline_invitation,
    expire_invitation,
    fill_from_line,
    join_waitlist,
    leave_waitlist,
)

__all__ = [
    "SeenShift",
    "TypedInterval",
    "TypedVolume",
    "accept_for_waiting",
    "accept_invitation",
    "accept_quote",
    "adjust_minutes",
    "beat",
    "cancel_request",
    "check_in",
    "check_out",
    "claim_or_wait",
    "claim_shift",
    "claim_standby",
    "close_claim",
    "close_line",
    "copy_day",
    "copy_week",
    "decline_invitation",
    "design_request_shifts",
    "draft_request",
    "end_held_claim",
    "end_lost_session",
    "end_shift",
    "expire_invitation",
    "expire_quote",
    "fill_from_line",
    "grant_claim",
    "join_waitlist",
    "leave_waitlist",
    "lock_timesheet",
    "lose_session",
    "make_designed_shifts",
    "mark_no_show",
    "open_shift",
    "promote_standby",
    "publish_forecast",
    "record_state",
    "release_claim",
    "reprice_shift",
    "save_forecast",
    "set_intervals",
    "start_shift",
    "undo_claim",
    "verify_claim",
]
