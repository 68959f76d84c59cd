"""The living style page: every component in every state, light and dark. Served only in debug."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gigcx.kernel import clock
from gigcx.kernel.money import Money
from gigcx.web.icons import PATHS

COLOURS: Final = (
    ("paper", "paper"),
    ("surface", "surface"),
    ("sunken", "sunken"),
    ("line", "line"),
    ("ink3", "ink-3"),
    ("ink2", "ink-2"),
    ("ink", "ink"),
    ("accs", "accent-soft"),
    ("acc", "accent"),
    ("s1", "short-1"),
    ("s2", "short-2"),
    ("s3", "short-3"),
    ("c", "cover-2"),
    ("cs", "cover-solid"),
    ("o", "over"),
    ("os", "over-solid"),
)


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Full name", max_length=80, help_text="As on your identity document.")
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    agents = forms.IntegerField(label="Agents", min_value=1, max_value=500, required=False)
    budget = forms.DecimalField(label="Budget", max_digits=9, decimal_places=2)
    channel = forms.ChoiceField(label="Channel", choices=[("", "Pick one"), ("chat", "Chat"), ("voice", "Voice")])
    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label="Starts", widget=forms.TimeInput(attrs={"type": "time"}))
    languages = forms.MultipleChoiceField(
        label="Languages",
        choices=[("en", "English"), ("es", "Spanish"), ("ar", "العربية")],
        widget=forms.CheckboxSelectMultiple,
    )
    how = forms.ChoiceField(
        label="How seats are given", choices=[("first", "First come"), ("draw", "Draw")], widget=forms.RadioSelect
    )
    document = forms.FileField(label="Document", help_text="A photo or scan, up to 10 MB.")
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    terms = forms.BooleanField(label="I agree to terms 3.2")


class SampleFilter(forms.Form):
    """What narrows a list."""

    query = forms.CharField(label="Name or skill", required=False)
    channel = forms.ChoiceField(label="Channel", choices=[("", "Any"), ("chat", "Chat")], required=False)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """This function will show the components; where people work there is no such page."""
    if not settings.SHOWS_STYLE_PAGE:
        raise Http404
    return render(request, "styleguide/index.html", {"sheets": ("light", "dark"), **_figures(), **_lists(), **_forms()})


def _figures() -> dict[str, Any]:
    at = clock.now().replace(minute=0, second=0, microsecond=0)
    return {
        "now": at,
        "later": at + timedelta(hours=5),
        "undo_until": at + timedelta(days=1),
        "earned": Money(5305, "USD"),
        "fee": Money(-299, "USD"),
        "held": Money(14605, "USD"),
        "yen": Money(114000, "JPY"),
        "colours": COLOURS,
        "icons": sorted(PATHS),
        "drawings": ("curve", "calendar", "people", "money", "inbox", "learn"),
    }


def _lists() -> dict[str, Any]:
    at = clock.now()
    return {
        "steps": [
            {"title": "English, written, C1", "text": "12 min", "state": "done"},
            {
                "title": "Practice: the late parcel",
                "text": "8 of 20 min · 4.67 USD",
                "state": "now",
                "url": "#",
                "label": "Go on where you left",
            },
            {"title": "Assessment", "text": "30 min · 7.00 USD", "state": "next"},
        ],
        "history": [
            {"title": "Worked", "text": "Sat 21 Nov, 12:00 – 16:00", "when": "Sat", "state": "past", "at": at},
            {"title": "In review", "text": "ends by itself on Mon 23, 22:59", "when": "now", "state": "now"},
            {"title": "Transferred", "text": "weekly run", "when": "Tue 24, 06:00", "state": "next"},
            {"title": "Arrived", "when": "by Fri 27", "state": "next"},
        ],
        "heads": [
            {"label": "Agent"},
            {"label": "Shift"},
            {"label": "Hours", "num": True},
            {"label": "Charge, USD", "num": True},
        ],
        "rows": [
            {
                "cells": [
                    {"text": "Priya Raman", "url": "#"},
                    {"text": "Fri 17:00 – 22:00"},
                    {"text": "5.0", "num": True},
                    {"text": "95.00", "num": True},
                ]
            },
            {
                "is_on": True,
                "cells": [
                    {"text": "Mateo Ruiz", "url": "#"},
                    {"text": "Fri 18:00 – 22:00"},
                    {"text": "4.0", "num": True},
                    {"text": "76.00", "num": True},
                ],
            },
        ],
        "totals": [{"text": "Together"}, {"text": ""}, {"text": "9.0", "num": True}, {"text": "171.00", "num": True}],
        "lines": [
            {"name": "Spent", "figure": "41,287.25"},
            {"name": "Booked, not yet worked", "figure": "13,727.50"},
            {"name": "Left", "figure": "4,985.25"},
            {"name": "Budget", "figure": "60,000.00", "is_total": True},
        ],
        "parts": [{"from": 0, "width": 69, "css": "f-acc"}, {"from": 69, "width": 23, "pencil": "acc"}],
        "chip_list": [
            {"label": "All", "url": "#", "is_on": True, "count": 5},
            {"label": "Evenings", "url": "#"},
            {"label": "Chat", "url": "#"},
        ],
        "tab_list": [
            {"label": "Upcoming", "url": "#", "is_current": True, "count": 4},
            {"label": "Invoices", "url": "#"},
        ],
        "facts": [{"term": "Program", "text": "Holiday Chat"}, {"term": "Bank reference", "text": "GCX-2026-11-0042"}],
        "crumbs": [{"label": "Programs", "url": "#"}, {"label": "Holiday Chat"}],
    }


def _forms() -> dict[str, Any]:
    wrong = {"name": "'; DROP", "email": "amara.okafor@mail", "agents": "9000", "languages": ["xx"]}
    return {
        "blank": SampleForm(auto_id="blank_%s"),
        "wrong": SampleForm(wrong, auto_id="wrong_%s"),
        "filter": SampleFilter(),
    }
