"""Writes of this stage, by noun. Each opens its own transaction."""

from scheduling.actions.acceptances import accept_quote, approve_request, refuse_request
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
from scheduling.actions.baselines import baseline_forecast
from scheduling.actions.budgets import set_budgets, set_incentive_budget, set_remedy_budget
from scheduling.actions.claims import SeenShift, claim_shift, grant_claim
from scheduling.actions.confirmations import confirm_claim, pass_unconfirmed_on, take_unconfirmed
from scheduling.actions.designs import (
    ChangedShift,
    change_pencilled_shifts,
    design_request_shifts,
    make_designed_shifts,
    stop_design,
)
from scheduling.actions.excuses import grant_by_silence, grant_excuse, refuse_excuse, request_excuse
from scheduling.actions.feeds import make_feed, revoke_feed
from scheduling.actions.forecasts import (
    TypedCell,
    TypedVolume,
    copy_week,
    publish_forecast,
    save_forecast,
    type_forecast,
)
from scheduling.actions.incidents import (
    confirm_incident,
    declare_incident,
    dismiss_incident,
    recompute_incident,
    report_outage,
    rescope_incident,
    resolve_incident,
    settle_incident,
)
from scheduling.actions.intervals import TypedInterval, copy_day, set_intervals
from scheduling.actions.intraday import run_intraday
from scheduling.actions.invitations import (
    accept_for_waiting,
    accept_invitation,
    close_line,
    decline_invitation,
    expire_invitation,
    leave_waitlist,
)
from scheduling.actions.lapses import cancel_held_claim, excuse_held_claim, reopen_held_claim
from scheduling.actions.long_uploads import ask_upload, is_long_upload, retry_upload, stop_upload, work_on_upload
from scheduling.actions.offered import count_offered_minutes
from scheduling.actions.quotes import expire_quote, price_again, quote_request
from scheduling.actions.releases import decline_auto_fill, release_claim, undo_claim, void_points_of_retaken
from scheduling.actions.remedies import act_on_remedy, dismiss_remedy
from scheduling.actions.requests import cancel_request, draft_request
from scheduling.actions.requirements import compute_requirement, keep_typed_requirement, pencil_requirement
from scheduling.actions.rules import save_rules
from scheduling.actions.seats_of_requests import add_seats, reduce_seats
from scheduling.actions.sessions import (
    beat,
    check_in,
    check_out,
    end_lost_session,
    fail_challenge,
    lose_session,
    pass_challenge,
    record_state,
)
from scheduling.actions.shifts import close_claim, end_shift, mark_no_show, open_shift, reprice_shift, start_shift
from scheduling.actions.standby import claim_standby, promote_standby
from scheduling.actions.swap_offers import expire_swap, offer_swap, offer_trade, withdraw_swap
from scheduling.actions.swaps import approve_swap, refuse_swap, take_swap
from scheduling.actions.targets import save_target
from scheduling.actions.templates import (
    end_template,
    materialize_template,
    pause_template,
    resume_template,
    save_template,
)
from scheduling.actions.uploads import apply_upload, preview_upload, publish_upload, receive_upload
from scheduling.actions.verification import (
    adjust_minutes,
    decide_dispute,
    hold_minutes,
    lock_timesheet,
    verify_claim,
)
from scheduling.actions.vto import accept_vto, close_vto, offer_vto, send_home
from scheduling.actions.waitlists import claim_or_wait, fill_from_line, join_waitlist, offer_free_seats

__all__ = [
    "ActualInterval",
    "ChangedShift",
    "OwnStaff",
    "SeenShift",
    "TypedCell",
    "TypedInterval",
    "TypedVolume",
    "accept_for_waiting",
    "accept_invitation",
    "accept_quote",
    "accept_vto",
    "act_on_remedy",
    "add_seats",
    "adjust_minutes",
    "allow_auto_fill",
    "apply_auto_fill",
    "apply_upload",
    "approve_request",
    "approve_swap",
    "ask_upload",
    "baseline_forecast",
    "beat",
    "cancel_auto_fill",
    "cancel_held_claim",
    "cancel_request",
    "change_pencilled_shifts",
    "check_in",
    "check_out",
    "claim_or_wait",
    "claim_shift",
    "claim_standby",
    "close_claim",
    "close_line",
    "close_vto",
    "compute_requirement",
    "confirm_claim",
    "confirm_incident",
    "copy_day",
    "copy_week",
    "count_offered_minutes",
    "decide_dispute",
    "declare_incident",
    "decline_auto_fill",
    "decline_invitation",
    "design_request_shifts",
    "dismiss_incident",
    "dismiss_remedy",
    "draft_request",
    "end_lost_session",
    "end_shift",
    "end_template",
    "excuse_held_claim",
    "expire_invitation",
    "expire_quote",
    "expire_swap",
    "fail_challenge",
    "fill_from_line",
    "grant_auto_fill",
    "grant_by_silence",
    "grant_claim",
    "grant_excuse",
    "hold_minutes",
    "is_long_upload",
    "join_waitlist",
    "keep_typed_requirement",
    "leave_waitlist",
    "lock_timesheet",
    "lose_session",
    "make_designed_shifts",
    "make_feed",
    "mark_no_show",
    "materialize_template",
    "offer_free_seats",
    "offer_swap",
    "offer_trade",
    "offer_vto",
    "open_shift",
    "pass_challenge",
    "pass_unconfirmed_on",
    "pause_template",
    "pencil_requirement",
    "preview_upload",
    "price_again",
    "promote_standby",
    "publish_forecast",
    "publish_upload",
    "quote_request",
    "receive_upload",
    "recompute_incident",
    "record_actuals",
    "record_in_house",
    "record_state",
    "reduce_seats",
    "refuse_excuse",
    "refuse_request",
    "refuse_swap",
    "release_claim",
    "reopen_held_claim",
    "report_outage",
    "reprice_shift",
    "request_excuse",
    "rescope_incident",
    "resolve_incident",
    "resume_template",
    "retry_upload",
    "revoke_feed",
    "run_intraday",
    "save_forecast",
    "save_rules",
    "save_target",
    "save_template",
    "send_home",
    "set_budgets",
    "set_incentive_budget",
    "set_intervals",
    "set_remedy_budget",
    "settle_incident",
    "solve_auto_fill",
    "start_auto_fill",
    "start_shift",
    "stop_auto_fill",
    "stop_design",
    "stop_upload",
    "take_swap",
    "take_unconfirmed",
    "type_forecast",
    "undo_claim",
    "verify_claim",
    "void_points_of_retaken",
    "withdraw_swap",
    "work_on_upload",
]
