"""How the ground floor's own actions read in a history."""

from django.utils.translation import gettext_lazy as _

from gigcx.web.timeline import phrase

phrase("tenancy.found_brand", _("{who} founded the brand"))
phrase("tenancy.found_house_brand", _("The house brand was set up"))
phrase("tenancy.submit_brand", _("{who} sent the account for review"))
phrase("tenancy.approve_brand", _("The account was approved"))
phrase("tenancy.decline_brand", _("The account was declined"))
phrase("tenancy.ask_brand_info", _("More was asked for"))
phrase("tenancy.mark_past_due", _("An invoice is past due: nothing new can be posted"))
phrase("tenancy.suspend_brand", _("The account was paused"))
phrase("tenancy.reopen_brand", _("The account was opened again"))
phrase("tenancy.update_brand", _("{who} changed what the brand says about itself"))
phrase("tenancy.invite_member", _("{who} invited somebody as {role}"))
phrase("tenancy.withdraw_invitation", _("{who} withdrew an invitation"))
phrase("tenancy.accept_member_invitation", _("{who} joined as {role}"))
phrase("tenancy.change_role", _("{who} gave {name} the role {role}"))
phrase("tenancy.remove_member", _("{name} left the brand"))
phrase("tenancy.make_api_key", _("{who} made the API key “{name}”"))
phrase("tenancy.revoke_api_key", _("{who} revoked the API key “{name}”"))
phrase("accounts.update_profile", _("{who} changed their profile"))
phrase("accounts.lock_out", _("{who} locked this person out"))
phrase("accounts.let_in", _("{who} let this person in again"))
phrase("notify.send_again", _("{who} sent the letter again"))
