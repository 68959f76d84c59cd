"""Tags and filters of the component set: figures, icons, form controls, and the parts that wrap a body."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gigcx.kernel.money import Money
from gigcx.web import formats
from gigcx.web.icons import MIRRORED, OTHER_NAMES, path_of

register = template.Library()

_CHECKS: Final = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


# figures


@register.filter
def money(value: Money | None) -> str:
    """1,140.00 USD; a dash for nothing."""
    return formats.DASH if value is None else formats.money_text(value)


@register.filter
def amount(value: Money | None) -> str:
    """1,140.00, where the column already names the currency."""
    return formats.DASH if value is None else formats.amount_text(value)


@register.filter
def signed(value: Money | None) -> str:
    """+ 53.05 USD."""
    return formats.DASH if value is None else formats.signed_money_text(value)


@register.simple_tag(name="minor")
def minor_money(amount_minor: int | None, currency: str) -> str:
    """Money from its two columns: {% minor row.amount_minor row.currency %}."""
    return formats.DASH if amount_minor is None else formats.money_text(Money(int(amount_minor), currency))


@register.filter
def number(value: Decimal | float | int | None, places: int | None = None) -> str:
    """A number with the reader's separators; the argument fixes the decimals."""
    return formats.DASH if value is None else formats.number_text(value, places)


@register.filter
def percent(value: Decimal | float | None, places: int = 0) -> str:
    """0.94 as 94 %."""
    return formats.DASH if value is None else formats.percent_text(value, places)


@register.filter
def duration(value: timedelta | int | None) -> str:
    """Minutes or a timedelta as 1 h 05."""
    return formats.DASH if value is None else formats.duration_of(value)


@register.filter
def seconds(value: int | None) -> str:
    """A count of seconds as 1 h 05."""
    return formats.DASH if value is None else formats.duration_of(timedelta(seconds=value))


@register.simple_tag(name="period")
def period_tag(starts_at: datetime, ends_at: datetime, zone: ZoneInfo | str | None = None) -> str:
    """Fri 27 Nov, 17:00 – 22:00 in the reader's zone, or the one given."""
    return formats.period_text(starts_at, ends_at, _zone(zone))


@register.filter
def clock(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """17:00."""
    return formats.DASH if value is None else formats.clock_text(value, _zone(zone))


@register.filter
def day(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """Fri 27 Nov."""
    return formats.DASH if value is None else formats.day_text(value, _zone(zone))


@register.filter
def long_day(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """Friday 27 November."""
    return formats.DASH if value is None else formats.long_day_text(value, _zone(zone))


@register.filter
def moment(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """Fri 27 Nov, 17:00, as a <time> element that carries the exact instant."""
    if value is None:
        return formats.DASH
    exact = formats.full_moment_text(value, _zone(zone))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, formats.moment_text(value, _zone(zone))
    )


@register.filter
def zone_name(value: ZoneInfo | str) -> str:
    """New York time."""
    return formats.zone_text(value)


@register.filter
def country(value: str) -> str:
    """Canada."""
    return formats.country_text(value)


@register.filter
def clock_in(value: datetime, zone: ZoneInfo | str) -> str:
    """11:00 in New York."""
    return formats.zone_clock_text(value, _zone(zone) or ZoneInfo("UTC"))


@register.filter
def iso(value: datetime) -> str:
    """The instant for a <time datetime>."""
    return value.isoformat()


@register.filter
def initials(value: object) -> str:
    """One or two letters for an avatar."""
    return formats.initials(str(value))


@register.filter
def device(user_agent: str) -> str:
    """Firefox on Windows."""
    return formats.device_text(user_agent)


@register.filter
def share_of(part: float, whole: float) -> str:
    """`part` of `whole` as a width from 0 to 100 for SVG, never outside it."""
    return f"{max(0.0, min(100.0, 100 * float(part) / float(whole))):.1f}" if whole else "0"


def _zone(zone: ZoneInfo | str | None) -> ZoneInfo | None:
    return ZoneInfo(zone) if isinstance(zone, str) and zone else zone or None


# pictures


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of our set by name: {% icon "bell" %} or {% icon "bell" "ic-s" %}. Decoration: the words stand beside it.

    Raises:
        KeyError: there is no icon of that name.
    """
    mirrored = " ic-rtl" if OTHER_NAMES.get(name, name) in MIRRORED else ""
    return format_html(
        '<svg class="ic{}{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        mirrored,
        f" {css}" if css else "",
        path_of(name),
    )


# fields


@register.filter
def is_check(field: BoundField) -> bool:
    """Is this one checkbox, whose label follows it?"""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Is this a set of radio buttons or checkboxes, which needs a fieldset?"""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_secret(field: BoundField) -> bool:
    """Is this a password, which may be shown?"""
    return isinstance(field.field.widget, forms.PasswordInput)


@register.filter
def is_file(field: BoundField) -> bool:
    """Is this an upload?"""
    return isinstance(field.field.widget, forms.FileInput)


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """The field's input with our class, its help and error tied to it; further attributes with _ for -."""
    return field.as_widget(attrs=_control_attrs(field, attrs))


@register.simple_tag
def options(choices: Iterable[Mapping[str, Any]]) -> SafeString:
    """The options of a choice, each as its widget describes it."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((str(one["value"]), flatatt(one["attrs"]), one["label"]) for one in choices),
    )


def _control_attrs(field: BoundField, extra: Mapping[str, Any]) -> dict[str, Any]:
    attrs = {key.replace("_", "-"): value for key, value in extra.items() if value not in (None, "")}
    attrs["class"] = " ".join(filter(None, (_control_class(field), field.field.widget.attrs.get("class"))))
    described = [f"{field.auto_id}_helptext"] * bool(field.help_text) + [f"{field.auto_id}_error"] * bool(field.errors)
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def _control_class(field: BoundField) -> str:
    if isinstance(field.field.widget, _CHECKS):
        return ""
    kind = {forms.Select: "select", forms.SelectMultiple: "input-tall", forms.Textarea: "input-text"}
    extra = next((name for widget, name in kind.items() if isinstance(field.field.widget, widget)), "")
    return " ".join(filter(None, ("input", extra, "input-bad" if field.errors else "")))


# parts with a body


@register.simple_block_tag(takes_context=True, end_name="endcard")
def card(
    context: Context, content: str, *, title: str = "", aside: str = "", css: str = "", flush: bool = False
) -> str:
    """A card round whatever stands inside; `flush` leaves the padding to the body (tables, lists)."""
    return _part("card", context, content, title=title, aside=aside, css=css, flush=flush)


@register.simple_block_tag(takes_context=True, end_name="enddialog")
def dialog(context: Context, content: str, *, id: str, title: str) -> str:  # noqa: A002 - the HTML attribute
    """A modal, opened by any element with data-dialog="<id>". Only for what cannot be undone."""
    return _part("dialog", context, content, id=id, title=title)


@register.simple_block_tag(takes_context=True, end_name="endexplain")
def explain(context: Context, content: str, *, id: str, figure: str, title: str, rule: str = "", css: str = "") -> str:  # noqa: A002
    """A figure with a dotted line that opens its explanation."""
    return _part("explain", context, content, id=id, figure=figure, title=title, rule=rule, css=css)


@register.simple_block_tag(takes_context=True, end_name="endnote")
def note(context: Context, content: str, kind: str = "", icon: str = "", role: str = "") -> str:
    """A tinted note; `kind` is short, cover, accent, danger or nothing."""
    return _part("note", context, content, kind=kind, icon=icon, role=role)


def _part(name: str, context: Context, content: str, **values: Any) -> SafeString:
    """The body was rendered by Django from an autoescaped template, hence safe."""
    body = mark_safe(content)  # noqa: S308
    return render_to_string(f"_components/{name}.html", {**values, "body": body}, request=context.get("request"))


@register.filter(is_safe=True)
def headline(content: str) -> SafeString:
    """A page's heading: text becomes the h1; markup that brings its own h1 stays as it is."""
    text = content.strip()
    if not text or "<h1" in text:
        return mark_safe(text)  # noqa: S308
    return mark_safe(f"<h1>{text}</h1>")  # noqa: S308


@register.filter(is_safe=True)
def with_site(title: str) -> str:
    """A page's title with the site's name behind it, or the name alone."""
    return " · ".join(filter(None, (" ".join(title.split()), "GigCX")))


# queues of ops


@register.simple_tag
def queue_totals(queues: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How much waits in all queues, how many are late, and where the most urgent work is."""
    waiting = [queue for queue in queues or () if queue["count"]]
    urgent = max(waiting, key=lambda queue: queue["oldest_age"] / queue["sla"], default=None)
    return {
        "open": sum(queue["count"] for queue in waiting),
        "late": sum(queue["state"] == "late" for queue in waiting),
        "clear": sum(not queue["count"] for queue in queues or ()),
        "next_url": urgent["url"] if urgent else "",
    }


@register.filter
def bar_of(age: timedelta, sla: timedelta) -> str:
    """An age as a width in a bar of 120 on which 96 is the promised time."""
    return f"{min(120.0, 96 * (age / sla)):.1f}"
