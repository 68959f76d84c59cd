"""What happened to a claim, in sentences, and what comes next."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.audit.trail import history_of
from scheduling.models import Claim
from scheduling.states import CHECK_IN_BEFORE, COMING, ClaimState

SENTENCES: Final = {
    "scheduling.claim_shift": gettext_lazy("Claimed"),
    "scheduling.undo_claim": gettext_lazy("Undone"),
    "scheduling.release_claim": gettext_lazy("Given back"),
    "scheduling.cancel_claim": gettext_lazy("Cancelled by the brand"),
    "scheduling.free_claim": gettext_lazy("Taken off your schedule"),
    "scheduling.excuse_claim": gettext_lazy("Excused: it costs no points"),
    "scheduling.raise_claim": gettext_lazy("Pay raised"),
    "scheduling.promote_standby": gettext_lazy("Called from standby to a seat"),
    "scheduling.void_points": gettext_lazy("Somebody else took the seat: it costs no points"),
    "scheduling.confirm_claim": gettext_lazy("Confirmed"),
    "scheduling.take_over_claim": gettext_lazy("Not confirmed in time: somebody in line took it, without points"),
    "scheduling.release_paused": gettext_lazy("Given back, because the profile was paused"),
    "scheduling.swap_claim": gettext_lazy("Taken over by another agent"),
    "scheduling.check_in": gettext_lazy("Checked in"),
    "scheduling.mark_no_show": gettext_lazy("Marked as missed"),
    "scheduling.finish_claim": gettext_lazy("Work ended"),
    "scheduling.verify_claim": gettext_lazy("Minutes confirmed"),
    "scheduling.adjust_minutes": gettext_lazy("Minutes corrected"),
    "scheduling.excuse_points": gettext_lazy("Excused: it costs no points"),
    "scheduling.restore_points": gettext_lazy("The points count again"),
    "scheduling.accept_vto": gettext_lazy("Time off for the rest of the shift"),
    "scheduling.send_home": gettext_lazy("Sent home by the brand"),
    "scheduling.hold_minutes": gettext_lazy("Minutes disputed by the brand"),
    "scheduling.verify_rest": gettext_lazy("Confirmed, all but the disputed minutes"),
    "scheduling.decide_dispute": gettext_lazy("Dispute decided"),
}

# How every action of this stage reads in a history; `{who}` stands for the person, `{reason}` for the reason.
PHRASES: Final = {
    "scheduling.draft_request": gettext_lazy("{who} pencilled the week"),
    "scheduling.set_intervals": gettext_lazy("{who} pencilled in demand"),
    "scheduling.copy_day": gettext_lazy("{who} copied a day"),
    "scheduling.edit_request": gettext_lazy("{who} took the priced week back to change it"),
    "scheduling.design_request_shifts": gettext_lazy("{who} asked for shifts"),
    "scheduling.stop_design": gettext_lazy("{who} stopped the making of shifts and kept the best so far"),
    "scheduling.give_up_design": gettext_lazy("Shifts could not be made, and nobody tries any more"),
    "scheduling.give_up_quote": gettext_lazy("The price could not be counted, and nobody tries any more"),
    "scheduling.price_again": gettext_lazy("{who} asked for the price again"),
    "scheduling.change_pencilled_shifts": gettext_lazy("{who} changed pencilled shifts by hand"),
    "scheduling.quote_request": gettext_lazy("Shifts were made and priced"),
    "scheduling.accept_quote": gettext_lazy("{who} accepted the price and published {shifts} shifts"),
    "scheduling.ask_approval": gettext_lazy("{who} accepted the price; a second person was asked"),
    "scheduling.approve_request": gettext_lazy("{who} approved the price and published {shifts} shifts"),
    "scheduling.refuse_request": gettext_lazy("{who} did not approve the price: {reason}"),
    "scheduling.expire_approval": gettext_lazy("The price ran out before a second person approved it"),
    "scheduling.save_target": gettext_lazy("{who} changed what callers are promised"),
    "scheduling.compute_requirement": gettext_lazy("{who} computed how many agents the week needs"),
    "scheduling.keep_typed_requirement": gettext_lazy("{who} kept the typed agents as what the week needs"),
    "scheduling.pencil_requirement": gettext_lazy("{who} pencilled the computed agents in as demand"),
    "scheduling.save_rules": gettext_lazy("{who} changed the scheduling rules"),
    "scheduling.set_budgets": gettext_lazy("{who} set the budgets"),
    "scheduling.add_seats": gettext_lazy("{who} added {seats} seats"),
    "scheduling.reduce_seats": gettext_lazy("{who} took free seats back"),
    "scheduling.expire_quote": gettext_lazy("The price ran out: nobody accepted it in time"),
    "scheduling.cancel_request": gettext_lazy("{who} cancelled the request"),
    "scheduling.follow_shifts": gettext_lazy("The request followed its shifts"),
    "scheduling.reconcile_request": gettext_lazy("All work of the request is confirmed"),
    "scheduling.announce_shift": gettext_lazy("{who} announced the shift to agents"),
    "scheduling.open_shift": gettext_lazy("The shift opened for claims"),
    "scheduling.start_shift": gettext_lazy("The shift started"),
    "scheduling.end_shift": gettext_lazy("The shift ended"),
    "scheduling.cancel_shift": gettext_lazy("{who} cancelled the shift"),
    "scheduling.pause_free_seats": gettext_lazy("Free seats wait: {reason}"),
    "scheduling.resume_free_seats": gettext_lazy("Free seats are given out again"),
    "scheduling.reprice_shift": gettext_lazy("A newer rate card prices the shift"),
    "scheduling.claim_shift": gettext_lazy("{who} claimed a seat"),
    "scheduling.undo_claim": gettext_lazy("{who} undid the claim"),
    "scheduling.release_claim": gettext_lazy("{who} gave the seat back"),
    "scheduling.cancel_claim": gettext_lazy("{who} cancelled the seat for the brand"),
    "scheduling.free_claim": gettext_lazy("The seat was freed because its holder may not work"),
    "scheduling.excuse_claim": gettext_lazy("The claim was excused: it costs no points"),
    "scheduling.raise_claim": gettext_lazy("A newer rate card raised the pay of the claim"),
    "scheduling.promote_standby": gettext_lazy("{who} called the standby to a seat"),
    "scheduling.void_points": gettext_lazy("Somebody else took the seat: giving it back costs no points"),
    "scheduling.confirm_claim": gettext_lazy("{who} confirmed the claim"),
    "scheduling.release_paused": gettext_lazy("The seat was given back, because its holder paused the profile"),
    "scheduling.take_over_claim": gettext_lazy("Not confirmed in time: somebody in line took the seat, without points"),
    "scheduling.swap_claim": gettext_lazy("The claim went to another agent"),
    "scheduling.offer_swap": gettext_lazy("{who} offered the shift to others"),
    "scheduling.take_swap": gettext_lazy("{who} wants to take it over: the brand is asked"),
    "scheduling.complete_swap": gettext_lazy("The shift changed hands"),
    "scheduling.refuse_swap": gettext_lazy("{who} refused the swap: {reason}"),
    "scheduling.withdraw_swap": gettext_lazy("{who} took the offer back"),
    "scheduling.expire_swap": gettext_lazy("The offer is over: nobody took it in time"),
    "scheduling.make_feed": gettext_lazy("{who} made a calendar link"),
    "scheduling.revoke_feed": gettext_lazy("{who} ended the calendar link"),
    "scheduling.join_waitlist": gettext_lazy("{who} joined the waitlist"),
    "scheduling.leave_waitlist": gettext_lazy("{who} left the waitlist"),
    "scheduling.invite_waiting": gettext_lazy("The next in line was invited"),
    "scheduling.skip_waiting": gettext_lazy("Passed over in the line: {reason}"),
    "scheduling.accept_invitation": gettext_lazy("{who} took the seat they were invited to"),
    "scheduling.decline_invitation": gettext_lazy("{who} declined the invitation"),
    "scheduling.expire_invitation": gettext_lazy("The invitation was not answered in time"),
    "scheduling.check_in": gettext_lazy("{who} checked in"),
    "scheduling.mark_no_show": gettext_lazy("Nobody came within ten minutes: marked as missed"),
    "scheduling.finish_claim": gettext_lazy("Work on the claim ended"),
    "scheduling.verify_claim": gettext_lazy("{who} confirmed the minutes"),
    "scheduling.adjust_minutes": gettext_lazy("{who} corrected the minutes by {seconds} seconds"),
    "scheduling.open_session": gettext_lazy("{who} opened the desk"),
    "scheduling.lose_session": gettext_lazy("The desk fell silent: the connection was lost"),
    "scheduling.end_session": gettext_lazy("The session at the desk ended"),
    "scheduling.save_forecast": gettext_lazy("{who} saved version {version} of the forecast"),
    "scheduling.publish_forecast": gettext_lazy("{who} published version {version} of the forecast"),
    "scheduling.supersede_forecast": gettext_lazy("Version {by_version} took the place of this one"),
    "scheduling.record_actuals": gettext_lazy("{who} recorded what came"),
    "scheduling.record_in_house": gettext_lazy("{who} recorded the brand's own staff"),
    "scheduling.receive_upload": gettext_lazy("{who} uploaded {file}"),
    "scheduling.ask_upload": gettext_lazy("{who} asked for a long file to be worked on"),
    "scheduling.give_up_upload": gettext_lazy("Work on the file ended: it was stopped, or given up"),
    "scheduling.preview_upload": gettext_lazy("The file was read: {faults} faults in {rows} rows"),
    "scheduling.apply_upload": gettext_lazy("{who} applied {file}"),
    "scheduling.save_template": gettext_lazy("{who} saved version {version} of the template"),
    "scheduling.pause_template": gettext_lazy("{who} paused the template"),
    "scheduling.resume_template": gettext_lazy("{who} resumed the template"),
    "scheduling.end_template": gettext_lazy("{who} ended the template"),
    "scheduling.materialize_template": gettext_lazy("The week of {week} was pencilled in as {number}"),
    "scheduling.lock_timesheet": gettext_lazy("{who} locked the week"),
    "scheduling.start_auto_fill": gettext_lazy("{who} asked auto-fill for a plan"),
    "scheduling.solve_auto_fill": gettext_lazy("Auto-fill made a plan of {picks} seats"),
    "scheduling.accept_auto_fill": gettext_lazy("{who} applied the plan of {picks} seats"),
    "scheduling.apply_auto_fill": gettext_lazy("Auto-fill booked {booked} seats"),
    "scheduling.discard_auto_fill": gettext_lazy("{who} threw the plan away"),
    "scheduling.allow_auto_fill": gettext_lazy("{who} lets auto-fill book them"),
    "scheduling.stop_auto_fill": gettext_lazy("{who} no longer lets auto-fill book them"),
}


def claim_timeline(claim: Claim, *, at: datetime) -> list[dict[str, Any]]:
    """This function will return what happened to a claim and what is still to come, oldest first: one query."""
    steps = [
        {
            "title": str(SENTENCES.get(entry.action, entry.action)),
            "text": entry.reason or _points_words(entry.changes),
            "at": entry.at,
            "state": "past",
        }
        for entry in history_of(claim)
    ]
    steps += _coming(claim, at)
    if steps and steps[-1]["state"] == "past" and claim.state != ClaimState.VERIFIED:
        steps[-1]["state"] = "now"
    return steps


def _points_words(changes: dict[str, Any]) -> str:
    points = changes.get("points")
    return _("%(points)s points") % {"points": points} if points else ""


def _coming(claim: Claim, at: datetime) -> list[dict[str, Any]]:
    if claim.state not in (*COMING, ClaimState.CHECKED_IN, ClaimState.WORKED):
        return []
    ahead: list[dict[str, Any]] = []
    if claim.state in COMING:
        opens = claim.starts_at - CHECK_IN_BEFORE
        ahead.append({"title": _("Check-in opens"), "text": "", "at": opens, "state": "next"})
        ahead.append({"title": _("Shift starts"), "text": "", "at": claim.starts_at, "state": "next"})
    if claim.state != ClaimState.WORKED:
        ahead.append({"title": _("Shift ends"), "text": "", "at": claim.ends_at, "state": "next"})
    ahead.append(
        {
            "title": _("Minutes confirmed"),
            "text": _("By the brand, or automatically on the Monday after."),
            "at": None,
            "state": "next",
        }
    )
    return [step for step in ahead if step["at"] is None or step["at"] > at]
