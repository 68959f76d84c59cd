"""Writes of this stage, by noun. Each opens its own transaction."""

from scheduling.actions.actuals import ActualInterval, OwnStaff, record_actuals, record_in_house
from scheduling.actions.autofill import (
    allow_auto_fill,
    apply_auto_fill,
    cancel_auto_fill,
    grant_auto_fill,
    solve_auto_fill,
    start_auto_fill,
    stop_auto_fill,
)
from scheduling.actions.claims import SeenShift, claim_shift, grant_claim
from scheduling.actions.confirmations import confirm_claim, pass_unconfirmed_on, take_unconfirmed
from scheduling.actions.designs import design_request_shifts, make_designed_shifts
from scheduling.actions.feeds import make_feed, revoke_feed
from scheduling.actions.forecasts import TypedVolume, copy_week, publish_forecast, save_forecast
from scheduling.actions.intervals import TypedInterval, copy_day, set_intervals
from scheduling.actions.lapses import end_held_claim
from scheduling.actions.quotes import accept_quote, approve_request, expire_quote, quote_request, refuse_request
from scheduling.actions.releases import decline_auto_fill, release_claim, undo_claim, void_points_of_retaken
from scheduling.actions.requests import cancel_request, draft_request
from scheduling.actions.requirements import compute_requirement, pencil_requirement
from scheduling.actions.rules import save_rules, set_budgets
from scheduling.actions.seats_of_requests import add_seats, reduce_seats
from scheduling.actions.sessions import beat, check_in, check_out, end_lost_session, lose_session, record_state
from scheduling.actions.shifts import close_claim, end_shift, mark_no_show, open_shift, reprice_shift, start_shift
from scheduling.actions.standby import claim_standby, promote_standby
from scheduling.actions.swaps import (
    approve_swap,
    expire_swap,
    offer_swap,
    offer_trade,
    refuse_swap,
    take_swap,
    withdraw_swap,
)
from scheduling.actions.targets import save_target
from scheduling.actions.uploads import apply_upload, preview_upload, publish_upload, receive_upload
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
    offer_free_seats,
)

__all__ = [
    "ActualInterval",
    "OwnStaff",
    "SeenShift",
    "TypedInterval",
    "TypedVolume",
    "accept_for_waiting",
    "accept_invitation",
    "accept_quote",
    "add_seats",
    "adjust_minutes",
    "allow_auto_fill",
    "apply_auto_fill",
    "apply_upload",
    "approve_request",
    "approve_swap",
    "beat",
    "cancel_auto_fill",
    "cancel_request",
    "check_in",
    "check_out",
    "claim_or_wait",
    "claim_shift",
    "claim_standby",
    "close_claim",
    "close_line",
    "compute_requirement",
    "confirm_claim",
    "copy_day",
    "copy_week",
    "decline_auto_fill",
    "decline_invitation",
    "design_request_shifts",
    "draft_request",
    "end_held_claim",
    "end_lost_session",
    "end_shift",
    "expire_invitation",
    "expire_quote",
    "expire_swap",
    "fill_from_line",
    "grant_auto_fill",
    "grant_claim",
    "join_waitlist",
    "leave_waitlist",
    "lock_timesheet",
    "lose_session",
    "make_designed_shifts",
    "make_feed",
    "mark_no_show",
    "offer_free_seats",
    "offer_swap",
    "offer_trade",
    "open_shift",
    "pass_unconfirmed_on",
    "pencil_requirement",
    "preview_upload",
    "promote_standby",
    "publish_forecast",
    "publish_upload",
    "quote_request",
    "receive_upload",
    "record_actuals",
    "record_in_house",
    "record_state",
    "reduce_seats",
    "refuse_request",
    "refuse_swap",
    "release_claim",
    "reprice_shift",
    "revoke_feed",
    "save_forecast",
    "save_rules",
    "save_target",
    "set_budgets",
    "set_intervals",
    "solve_auto_fill",
    "start_auto_fill",
    "start_shift",
    "stop_auto_fill",
    "take_swap",
    "take_unconfirmed",
    "undo_claim",
    "verify_claim",
    "void_points_of_retaken",
    "withdraw_swap",
]
