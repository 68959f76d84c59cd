"""A choice is written in one go."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase
from django.utils.html import format_html

from gigcx.accounts.choices import time_zones
from gigcx.web.rendering import HouseRenderer

CHOICES = [
    ("", "Choose"),
    ("a", format_html("A &amp; {}", "<b>")),
    ("Others", [(1, "One"), (None, "None"), (True, 'Say "yes"')]),
]


class _Marked(forms.Select):
    """Options with attributes of every kind."""

    def create_option(self, *arguments: object, **more: object) -> dict[str, object]:
        option: dict[str, object] = super().create_option(*arguments, **more)  # type: ignore[arg-type]  # handed on
        option["attrs"] = {"selected": True} | {"disabled": False, "data-words": '"<&>'}
        return option


def test_a_choice_reads_as_django_writes_it() -> None:
    for widget in (
        forms.Select(choices=CHOICES, attrs={"class": "input", "required": True}),
        forms.SelectMultiple(choices=CHOICES),
        _Marked(choices=CHOICES),
        forms.NullBooleanSelect(),
        forms.Select(choices=time_zones()),
    ):
        for value in ("", "a", 1, None, "Europe/Berlin"):
            ours = widget.render("zone", value, {"id": "id_zone"}, HouseRenderer())
            theirs = widget.render("zone", value, {"id": "id_zone"}, DjangoTemplates())
            SimpleTestCase().assertHTMLEqual(ours, theirs)
