"""What the account's page says in each state."""

from typing import Any

from django.utils.translation import gettext as _

_PLACE = {"draft": 0, "in_review": 1, "info_needed": 0, "declined": 0}


def review_steps(state: str) -> list[dict[str, Any]]:
    """This function will return the stepper from founding to publishing, with the present step marked."""
    steps = [
        {
            "title": _("Tell us about the brand"),
            "text": _("About 5 minutes"),
            "why": _("Agents see the name; invoices carry the legal name."),
        },
        {
            "title": _("A person of ours looks at it"),
            "text": _("Usually within one working day; nothing for you to do"),
            "why": _("We check that the company exists and that the work is fit for the marketplace."),
        },
        {
            "title": _("Open for business"),
            "text": _("Publish programs and post capacity"),
            "why": _("Until then you can write programs, courses and a first week; nothing is charged."),
        },
    ]
    now = _PLACE.get(state, 3)
    for place, step in enumerate(steps):
        step["state"] = "done" if place < now else "now" if place == now else "next"
    return steps
