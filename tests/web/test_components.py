"""What the component set promises: figures read right, fields keep what was typed, pages carry no inline code."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils import timezone, translation

from gigcx.kernel.money import Money
from gigcx.web import formats
from gigcx.web.icons import MIRRORED, OTHER_NAMES, PATHS
from gigcx.web.staffing_picture import DAYS, Day, cost_of, draw
from gigcx.web.templatetags.ui import bar_of, headline, queue_totals, share_of, with_site

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
FRIDAY = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class SampleForm(forms.Form):
    name = forms.CharField(label="Full name", max_length=5, help_text="As on your document.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    languages = forms.MultipleChoiceField(
        label="Languages", choices=[("en", "English"), ("es", "Spanish")], widget=forms.CheckboxSelectMultiple
    )
    terms = forms.BooleanField(label="I agree")


# figures


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(114000, "USD"), "1,140.00 USD"),
        (Money(114000, "JPY"), "114,000 JPY"),
        (Money(-299, "USD"), "−2.99 USD"),
        (Money(1234, "KWD"), "1.234 KWD"),
    ],
)
def test_money_shows_its_currencys_own_decimals(money: Money, words: str) -> None:
    assert formats.money_text(money).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_statement_line_always_shows_its_sign() -> None:
    assert formats.signed_money_text(Money(5305, "USD")).startswith("+")
    assert formats.signed_money_text(Money(-299, "USD")).startswith("−")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (12, "12 min"), (240, "4 h"), (65, "1 h 05"), (3060, "2 d 3 h"), (-30, "−30 min")],
)
def test_durations_are_short_and_exact(minutes: int, words: str) -> None:
    assert formats.duration_text(minutes) == words


def test_a_period_names_its_day_once() -> None:
    assert formats.period_text(FRIDAY, FRIDAY + timedelta(hours=5), ZoneInfo("UTC")) == "Fri 27 Nov, 17:00 – 22:00"


def test_a_period_that_crosses_midnight_names_both_days() -> None:
    words = formats.period_text(FRIDAY, FRIDAY + timedelta(hours=9), ZoneInfo("UTC"))
    assert words == "Fri 27 Nov, 17:00 – Sat 28 Nov, 02:00"


def test_a_period_that_ends_at_midnight_stays_on_its_day() -> None:
    assert formats.period_text(FRIDAY, FRIDAY + timedelta(hours=7), ZoneInfo("UTC")) == "Fri 27 Nov, 17:00 – 24:00"


def test_times_are_the_readers_unless_a_zone_is_given() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert formats.clock_text(FRIDAY) == "02:00"
        assert formats.zone_clock_text(FRIDAY, ZoneInfo("America/New_York")) == "12:00 in New York"


def test_a_zone_and_a_country_are_named_as_people_name_them() -> None:
    assert formats.zone_text("America/New_York") == "New York time"
    assert formats.zone_text(ZoneInfo("Europe/Berlin")) == "Berlin time"
    assert formats.country_text("CA") == "Canada"
    with translation.override("de"):
        assert formats.country_text("CA") == "Kanada"
    assert formats.country_text("??") == "??"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amara Okafor", "AO"), ("Madonna", "M"), ("ada@acme.example", "A"), ("محمد علي", "مع"), ("😀", "?"), ("", "?")],
)
def test_initials_come_from_names_in_any_script(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/153.0 Safari/537.36 Edg/153.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 20_1 like Mac OS X) Version/20.1 Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", "curl/8.5"),
        ("", "Unknown browser"),
    ],
)
def test_a_device_is_named_as_people_name_it(said: str, words: str) -> None:
    assert formats.device_text(said) == words


def test_a_share_never_leaves_its_bar() -> None:
    assert (share_of(150, 100), share_of(-1, 100), share_of(1, 0), share_of(1, 3)) == ("100.0", "0.0", "0", "33.3")


def test_an_age_runs_past_the_limit_and_stops_at_the_end_of_the_bar() -> None:
    hour = timedelta(hours=1)
    assert (bar_of(hour, hour), bar_of(9 * hour, hour)) == ("96.0", "120.0")


# parts


def test_an_unknown_icon_is_a_mistake_that_shows() -> None:
    with pytest.raises(KeyError):
        render('{% icon "unicorn" %}')


def test_an_icon_answers_to_the_name_that_others_give_it() -> None:
    assert set(OTHER_NAMES.values()) <= set(PATHS)
    assert set(OTHER_NAMES) & set(PATHS) == set()
    assert render('{% icon "calendar-days" %}') == render('{% icon "calendar" %}')


def test_icons_that_point_turn_round_in_right_to_left_text() -> None:
    assert set(PATHS) >= MIRRORED
    assert "ic-rtl" in render('{% icon "back" %}')
    assert "ic-rtl" not in render('{% icon "check" %}')


def test_a_field_in_error_keeps_what_was_typed_and_ties_the_words_to_the_input() -> None:
    form = SampleForm({"name": "<b>far too long"})
    html = render('{% include "_components/field.html" with field=form.name %}', form=form)
    assert "&lt;b&gt;far too long" in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "at most 5 characters" in html


def test_a_set_of_choices_is_a_fieldset_with_a_label_for_each() -> None:
    html = render('{% include "_components/field.html" with field=form.languages %}', form=SampleForm())
    assert html.strip().startswith("<fieldset")
    assert html.count("<label") == 2


def test_every_form_renders_through_the_same_field() -> None:
    html = str(SampleForm({"name": "Ada"}))
    assert html.count('class="field"') == 4
    assert "data-reveal" in html
    assert "Nothing was saved yet" in html


def test_a_button_is_as_wide_as_its_words_unless_told() -> None:
    part = '{% block content %}{% include "_components/button.html" with label="Claim" KIND %}{% endblock %}'
    assert "btn-block" not in render(part.replace("KIND", ""))
    assert "btn-block" in render(part.replace("KIND", "wide=1"))
    assert "btn-block" in render(part.replace("KIND", "block=1"))


def test_a_block_part_escapes_its_title_and_keeps_its_body() -> None:
    html = render("{% card title=title %}<p>{{ title }}</p>{% endcard %}", title="<i>")
    assert html.count("&lt;i&gt;") == 2
    assert "<p>" in html


def test_a_heading_becomes_the_h1_unless_it_brings_its_own() -> None:
    assert headline(" Two short ") == "<h1>Two short</h1>"
    assert headline("<p>Friday</p><h1>Two short</h1>") == "<p>Friday</p><h1>Two short</h1>"
    assert headline("  ") == ""


def test_a_title_carries_the_sites_name() -> None:
    assert (with_site(" Capacity\n"), with_site("")) == ("Capacity · GigCX", "GigCX")


def test_the_most_urgent_queue_is_the_one_furthest_along_its_promise() -> None:
    hour = timedelta(hours=1)
    rows: list[dict[str, object]] = [
        {"count": 3, "oldest_age": 20 * hour, "sla": 72 * hour, "state": "fine", "url": "/a/"},
        {"count": 1, "oldest_age": 2 * hour, "sla": hour, "state": "late", "url": "/b/"},
        {"count": 0, "oldest_age": None, "sla": hour, "state": "clear", "url": "/c/"},
    ]
    assert queue_totals(rows) == {"open": 4, "late": 1, "clear": 1, "next_url": "/b/"}
    assert queue_totals([]) == {"open": 0, "late": 0, "clear": 0, "next_url": ""}


def component_names() -> set[str]:
    parts_of_layouts = {
        "account_menu", "bell", "flash_notes", "flash_toasts", "footer", "form_fields", "hat_switch", "logo",
        "menu_button", "menu_links", "menu_sheet", "patterns", "tab_bar", "theme_switch",
    }  # fmt: skip
    return {path.stem for path in (TEMPLATES / "_components").glob("[!_]*.html")} - parts_of_layouts


def test_every_component_is_in_the_documentation() -> None:
    words = (ROOT / "docs" / "components.md").read_text()
    assert {name for name in component_names() if f"`{name}`" not in words and f"{{% {name} " not in words} == set()


def test_every_component_is_on_the_style_page() -> None:
    shown = "".join(path.read_text() for path in (TEMPLATES / "styleguide").glob("*.html"))
    indirectly = {"error_summary", "field"}  # by the form
    missing = {
        name for name in component_names() if f"_components/{name}.html" not in shown and f"{{% {name} " not in shown
    }
    assert missing == indirectly


def test_no_page_carries_inline_script_style_or_handlers() -> None:
    inline = re.compile(
        r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*(\bsrc=|application/json))|javascript:"""
    )
    pages = [path for path in TEMPLATES.rglob("*.html") if "email" not in path.parts and "emails" not in path.parts]
    assert len(pages) > 50
    assert [str(path) for path in pages if inline.search(path.read_text())] == []


def test_no_template_uses_a_side_where_text_may_run_the_other_way() -> None:
    sided = re.compile(r"\b(?:margin|padding|border)-(?:left|right)\b|\btext-align:\s*(?:left|right)\b")
    sheets = list((ROOT / "assets" / "css").rglob("*.css"))
    assert len(sheets) > 10
    assert [str(path) for path in sheets if sided.search(path.read_text())] == []


# the start page's picture


def test_the_picture_counts_hours_paid_idle_and_missed() -> None:
    day = Day(DAYS["peak"])
    assert (day.peak, day.average) == (40, 28)
    assert (day.fixed_hours, day.booked_hours) == (Decimal(560), Decimal(408))
    assert (day.idle_hours, day.missed_hours) == (Decimal("162.5"), Decimal("44.5"))


def test_on_demand_wins_on_a_peaky_day_and_fixed_on_a_flat_one() -> None:
    prices = {"fixed_price": Decimal(16), "on_demand_price": Decimal(19)}
    assert cost_of(Day(DAYS["peak"]), **prices).saved == Decimal(1208)
    assert cost_of(Day(DAYS["flat"]), **prices).saved < 0


def test_the_demand_line_never_leaves_the_picture() -> None:
    picture = draw(Day(DAYS["peak"]), width=760, height=486, tick_hours=2)
    heights = [float(y) for _x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", picture.demand)]
    assert min(heights) >= float(picture.peak_y) - 0.1
    assert max(heights) <= 460


# pages


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/trust/", "/status/"])
def test_public_pages_are_served_to_anyone(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1
    assert b"app.css" in response.content


@pytest.mark.django_db
def test_the_reader_changes_the_prices_without_javascript(client: Client) -> None:
    response = client.get("/", {"fixed": "20.00", "on_demand": "19.00"})
    assert "11,200.00" in response.text
    assert "3,448.00" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["abc", "-4", "1e9", "'; DROP", "😀", ""])
def test_a_price_that_cannot_be_read_is_kept_and_explained(client: Client, typed: str) -> None:
    response = client.get("/", {"fixed": typed, "on_demand": "19.00"})
    assert response.status_code == 200
    assert "Give a price from 1 to 500" in response.text
    assert response.context["form"]["fixed"].value() == typed


@pytest.mark.django_db
def test_the_choice_of_colours_is_kept_in_a_cookie(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/trust/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/trust/")
    assert 'data-theme="dark"' in client.get("/trust/").text
    client.post("/theme/", {"theme": ""})
    assert "data-theme=" not in client.get("/trust/").text.split("<body", maxsplit=1)[0]


@pytest.mark.django_db
def test_choosing_colours_never_leads_away(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


@pytest.mark.django_db
def test_the_style_page_shows_every_part_where_it_is_switched_on(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404
    with override_settings(SHOWS_STYLE_PAGE=True):
        response = client.get("/styleguide/")
    assert response.status_code == 200
    assert response.text.count('class="steps"') == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/",
     "/account/confirm-email/", "/account/confirm-email/wrong-key/", "/account/inactive/",
     "/account/password/reset/key/1-wrong/"],
)  # fmt: skip
def test_sign_in_pages_wear_our_look(client: Client, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    assert "app.css" in response.text
    assert 'class="card authc' in response.text
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "429", "500", "maintenance"])
def test_every_fault_says_what_happened_and_where_to_go(name: str) -> None:
    html = render_to_string(f"errors/{name}.html")
    assert html.count("<h1") == 1
    assert "btn-primary" in html


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_mail_says_the_same_as_text_and_as_html(kind: str) -> None:
    context = {"activate_url": "https://gigcx.example/account/confirm-email/k/", "email": "a@b.example"}
    words = render_to_string(f"account/email/email_confirmation_signup_message.{kind}", context)
    assert "Confirm your address to begin" in words
    assert "https://gigcx.example/account/confirm-email/k/" in words
