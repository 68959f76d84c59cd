"""How what happens on the day reads in a history; `{who}` stands for the person, `{reason}` for the reason."""

from typing import Final

from django.utils.translation import gettext_lazy

DAY_PHRASES: Final = {
    "scheduling.report_outage": gettext_lazy("{who} reported an outage"),
    "scheduling.suspect_incident": gettext_lazy("Five agents of one place reported an outage within 15 minutes"),
    "scheduling.declare_incident": gettext_lazy("{who} declared the incident"),
    "scheduling.dismiss_incident": gettext_lazy("{who} dismissed the suspicion: {reason}"),
    "scheduling.rescope_incident": gettext_lazy("{who} changed whom, where or when it struck"),
    "scheduling.resolve_incident": gettext_lazy("{who} said that it is over"),
    "scheduling.settle_incident": gettext_lazy("Its excusals are final and its floors are stated"),
    "scheduling.excuse_by_incident": gettext_lazy("An incident excuses what it kept the agent from"),
    "scheduling.excuse_points": gettext_lazy("The points are void: it is excused"),
    "scheduling.restore_points": gettext_lazy(
        "The incident does not cover this after all: {points} points count again"
    ),
    "scheduling.request_excuse": gettext_lazy("{who} asked to be excused: {reason}"),
    "scheduling.grant_excuse": gettext_lazy("Excused: {reason}"),
    "scheduling.refuse_excuse": gettext_lazy("{who} did not excuse it: {reason}"),
    "scheduling.offer_vto": gettext_lazy("{who} offered time off to {places} people"),
    "scheduling.accept_vto": gettext_lazy("{who} took time off for the rest of the shift"),
    "scheduling.close_vto": gettext_lazy("The offer of time off ended"),
    "scheduling.send_home": gettext_lazy("{who} sent the agent home, with pay for half of the rest"),
    "scheduling.hold_minutes": gettext_lazy("{who} disputes {seconds} seconds: {reason}"),
    "scheduling.verify_rest": gettext_lazy("The week locked: all but {held} disputed seconds is final"),
    "scheduling.decide_dispute": gettext_lazy("{who} decided the dispute: {reason}"),
    "scheduling.propose_remedy": gettext_lazy("A gap was seen, and a way to close it was priced"),
    "scheduling.act_on_remedy": gettext_lazy("{who} carried the remedy out"),
    "scheduling.dismiss_remedy": gettext_lazy("{who} dismissed the remedy"),
    "scheduling.expire_remedy": gettext_lazy("The remedy is not needed any more, or came too late"),
    "scheduling.set_remedy_budget": gettext_lazy("{who} set the remedy budget"),
    "scheduling.leave_remedy": gettext_lazy("Not done by itself: {reason}"),
    "scheduling.challenge_presence": gettext_lazy("The desk was asked who sits there"),
    "scheduling.pass_challenge": gettext_lazy("The presence check was passed"),
    "scheduling.fail_challenge": gettext_lazy("The presence check failed"),
    "scheduling.note_own_staff": gettext_lazy("{who} put {heads} of the brand's own people on the desk"),
}
