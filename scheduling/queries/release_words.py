"""How the steps of a release read in a history."""

from typing import Final

from django.utils.translation import gettext_lazy

RELEASE_PHRASES: Final = {
    "scheduling.collect_wishes": gettext_lazy("The shift went into a draw"),
    "scheduling.move_wave": gettext_lazy("A stage of the release changed"),
    "scheduling.commit_window": gettext_lazy("A draw was sealed over {shifts} shifts"),
    "scheduling.open_window": gettext_lazy("The draw takes wishes"),
    "scheduling.close_window": gettext_lazy("The draw closed and its digest is public"),
    "scheduling.draw_window": gettext_lazy("The seats were drawn"),
    "scheduling.reveal_window": gettext_lazy("The draw was revealed"),
    "scheduling.void_window": gettext_lazy("{who} voided the draw"),
    "scheduling.open_seed": gettext_lazy("{who} opened the sealed seed"),
    "scheduling.enter_draw": gettext_lazy("{who} sealed wishes for the draw"),
    "scheduling.withdraw_entry": gettext_lazy("{who} withdrew their wishes"),
    "scheduling.announce_incentive": gettext_lazy("{who} set the incentive of the shift"),
    "scheduling.set_incentive_budget": gettext_lazy("{who} set money aside for incentives"),
}
