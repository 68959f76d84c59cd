"""Writes about brands, members and keys."""

from gigcx.tenancy.actions.brands import (
    approve_brand,
    ask_brand_info,
    decline_brand,
    found_brand,
    found_house_brand,
    mark_past_due,
    reopen_brand,
    submit_brand,
    suspend_brand,
    update_brand,
)
from gigcx.tenancy.actions.keys import make_api_key, note_key_use, revoke_api_key
from gigcx.tenancy.actions.members import (
    accept_member_invitation,
    change_role,
    invite_member,
    remove_member,
    token_of,
    withdraw_invitation,
)

__all__ = [
    "accept_member_invitation",
    "approve_brand",
    "ask_brand_info",
    "change_role",
    "decline_brand",
    "found_brand",
    "found_house_brand",
    "invite_member",
    "make_api_key",
    "mark_past_due",
    "note_key_use",
    "remove_member",
    "reopen_brand",
    "revoke_api_key",
    "submit_brand",
    "suspend_brand",
    "token_of",
    "update_brand",
    "withdraw_invitation",
]
