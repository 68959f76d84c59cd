"""What this stage brings to shared pages: menu entries, coverage on Today, the next shift at home, queues of ops."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import MINUS, city_of, money_text, period_text
from gigcx.web.registries import Entry, OpsGroup, Panel, Queue, add
from gigcx.web.timeline import phrase
from recruiting.models import Engagement, Program, RateCard
from recruiting.states import BENCH_STATES, ProgramState
from scheduling.queries.autofill import auto_fill_since
from scheduling.queries.coverage import Coverage, CoverageStep, axis_ticks, coverage
from scheduling.queries.day_words import DAY_PHRASES
from scheduling.queries.excuses import excuses_waiting
from scheduling.queries.incidents import suspicions
from scheduling.queries.languages import with_language
from scheduling.queries.lists import claims_for_a_person, next_claim, shifts_short_soon
from scheduling.queries.prices import price_of_seconds, seconds_between
from scheduling.queries.release_words import RELEASE_PHRASES
from scheduling.queries.releasing import unsettled_since
from scheduling.queries.sweeps import overdue_shifts
from scheduling.queries.timelines import PHRASES
from scheduling.states import CHECK_IN_BEFORE, COMING, ClaimState, SessionState


def register() -> None:
    """This function will put everything on the shelves of `gigcx.web`."""
    for action, sentence in {**PHRASES, **RELEASE_PHRASES, **DAY_PHRASES}.items():
        phrase(action, sentence)
    add(OpsGroup(50, gettext_lazy("Scheduling"), ("scheduling",)))
    add(Entry("brand", 20, gettext_lazy("Capacity"), "scheduling:capacity", "chart"))
    add(Entry("public", 15, gettext_lazy("Calculator"), "scheduling:calculator", "chart"))
    add(Entry("brand", 22, gettext_lazy("The day"), "scheduling:wallboard", "clock"))
    add(Entry("agent", 20, gettext_lazy("Find work"), "scheduling:find", "search"))
    add(Entry("agent", 30, gettext_lazy("Schedule"), "scheduling:schedule", "calendar"))
    add(Entry("agent", 35, gettext_lazy("Desk"), "scheduling:desk", "headset", is_primary=False))
    add(Panel("brand.lead", 10, "scheduling/_today_coverage.html", today_coverage))
    add(Panel("agent.home", 10, "scheduling/_home_next_shift.html", home_next_shift))
    add(Panel("brand.program", 10, "scheduling/_program_week.html", program_week))
    add(Panel("agent.profile", 30, "scheduling/_profile_auto_fill.html", profile_auto_fill))
    add(
        Queue(
            10,
            gettext_lazy("Shifts short of cover soon"),
            lambda: reverse("admin:scheduling_shift_changelist") + "?short=soon",
            _short_soon,
            timedelta(hours=2),
        )
    )
    add(
        Queue(
            20,
            gettext_lazy("Work in dispute, or missed by its weekly lock"),
            lambda: reverse("admin:scheduling_claim_changelist") + "?waits=person",
            _needs_a_person,
            timedelta(hours=24),
        )
    )
    add(
        Queue(
            11,
            gettext_lazy("Draws that did not settle"),
            lambda: reverse("admin:scheduling_claimwindow_changelist") + "?state__exact=closed",
            _unsettled_draws,
            timedelta(minutes=5),
        )
    )
    add(
        Queue(
            12,
            gettext_lazy("Outages that agents report"),
            lambda: reverse("admin:scheduling_incident_changelist") + "?state__exact=suspected",
            _suspected,
            timedelta(minutes=15),
        )
    )
    add(
        Queue(
            15,
            gettext_lazy("Excuses to answer: silence grants them after a day"),
            lambda: reverse("admin:scheduling_excusal_changelist") + "?state__exact=requested",
            _excuses,
            timedelta(hours=20),
        )
    )
    add(
        Queue(
            18,
            gettext_lazy("What the sweeps left behind"),
            lambda: reverse("admin:scheduling_findings"),
            _left_behind,
            timedelta(minutes=15),
        )
    )


def _left_behind(at: datetime) -> tuple[int, datetime | None]:
    """Shifts whose start or end nobody noted: the surest sign that the sweeps stand still. The page looks at all else."""
    moments = overdue_shifts(at=at)
    return len(moments), (moments[0] if moments else None)


def _suspected(at: datetime) -> tuple[int, datetime | None]:
    found = suspicions(at=at).aggregate(count=Count("pk"), oldest=Min("created_at"))
    return found["count"], found["oldest"]


def _excuses(at: datetime) -> tuple[int, datetime | None]:
    found = excuses_waiting().order_by().aggregate(count=Count("pk"), oldest=Min("created_at"))
    return found["count"], found["oldest"]


def _unsettled_draws(at: datetime) -> tuple[int, datetime | None]:
    closes = unsettled_since(at=at)
    return len(closes), (closes[0] if closes else None)


def _short_soon(at: datetime) -> tuple[int, datetime | None]:
    starts = list(shifts_short_soon(at=at).values_list("starts_at", flat=True))
    return len(starts), (starts[0] - timedelta(hours=12) if starts else None)


def _needs_a_person(at: datetime) -> tuple[int, datetime | None]:
    """Worked minutes become final by their week's lock; only what that cannot settle is a decision."""
    found = claims_for_a_person(at=at).aggregate(count=Count("pk"), oldest=Min("ends_at"))
    return found["count"], found["oldest"]


def today_coverage(_request: HttpRequest, actor: Actor, _subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """This function will bring coverage now and over the next 24 hours; the headline is a sentence."""
    if not isinstance(actor, BrandActor):
        return None
    found, zone = coverage(actor.brand_id, at=at), zone_of(actor.brand.timezone)
    short_now = max(0, found.required_now - found.filled_now)
    return {
        "found": found,
        "headline": coverage_headline(found, zone=zone),
        "name": actor.brand.name,
        "moment": f"{at.astimezone(zone):%A %-d %B, %H:%M}",
        "city": city_of(actor.brand.timezone),
        "share": round(100 * min(found.present_now, found.required_now) / found.required_now)
        if found.required_now
        else None,
        "short_now": short_now,
        "people": _people(found),
        "picture": coverage_picture(found, zone, at) if found.has_any_demand else None,
        "capacity_url": reverse("scheduling:capacity", kwargs={"slug": actor.brand.slug}),
        "hours_url": reverse("scheduling:hours", kwargs={"slug": actor.brand.slug}),
    }


def coverage_headline(found: Coverage, *, zone: ZoneInfo) -> str:
    """This function will say in one sentence who is there of those needed, and where the next gap is.

    Now counts people at their desks: a filled seat whose holder is away covers nothing.
    """
    if not found.has_any_demand:
        return _("Nothing is planned for the next 24 hours.")
    return f"{_now_words(found)} {_next_words(found, zone)}"


def _now_words(found: Coverage) -> str:
    words = {"here": found.present_now, "need": found.required_now}
    if not found.required_now:
        return _("Nobody is needed right now.")
    if found.present_now >= found.required_now:
        return _("Covered now.")
    if not found.present_now:
        return (
            ngettext(
                "Nobody of %(need)s is at the desk.",
                "None of the %(need)s needed are at their desks.",
                found.required_now,
            )
            % words
        )
    return _("%(here)s of %(need)s are at their desks.") % words


def _next_words(found: Coverage, zone: ZoneInfo) -> str:
    gap = found.next_short
    if gap is None:
        return _("Every seat of the next 24 hours is filled.")
    words = {"n": gap.short, "clock": f"{gap.starts_at.astimezone(zone):%H:%M}"}
    return ngettext("%(n)s seat is open from %(clock)s.", "%(n)s seats are open from %(clock)s.", gap.short) % words


def _people(found: Coverage) -> list[dict[str, Any]]:
    labels = {
        SessionState.ON_CONTACT: _("on contact"),
        SessionState.READY: _("ready"),
        SessionState.WRAP: _("wrapping up"),
        SessionState.AUX: _("paused"),
    }
    return [
        {"n": found.by_state[state], "label": label} for state, label in labels.items() if found.by_state.get(state)
    ]


def program_week(_request: HttpRequest, actor: Actor, subject: Any, _at: datetime) -> Mapping[str, Any] | None:
    """This function will lead from a live program to its week. `subject` is the program."""
    if not isinstance(actor, BrandActor) or not isinstance(subject, Program) or not actor.can(Permission.PLAN_CAPACITY):
        return None
    if subject.state != ProgramState.LIVE:
        return None
    return {"url": f"{reverse('scheduling:capacity', args=[actor.brand.slug])}?program={subject.pk}"}


def home_next_shift(_request: HttpRequest, actor: Actor, _subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """This function will bring the shift the agent works now or next, with the door to the desk.

    Who is certified nowhere yet has nothing to claim: their next step is on the path, and this stays away.
    """
    if not isinstance(actor, AgentActor):
        return None
    claim = next_claim(actor.agent_id, at=at)
    base = {"claim": claim, "find_url": reverse("scheduling:find"), "desk_url": reverse("scheduling:desk")}
    if claim is None:
        return base if _may_claim(actor.agent_id) else None
    card = RateCard.objects.across_brands().with_lines().get(pk=claim.rate_card_id)
    pay = price_of_seconds(card, seconds_between(claim.starts_at, claim.ends_at), tier=claim.tier).pay
    opens = claim.starts_at - CHECK_IN_BEFORE
    return {
        **base,
        "work": with_language(claim.shift.program.name, claim.shift.language),
        "period": period_text(claim.starts_at, claim.ends_at),
        "pay": money_text(pay),
        "opens_at": opens,
        "is_at_desk": claim.state == ClaimState.CHECKED_IN,
        "can_check_in": claim.state in COMING and opens <= at,
        "claim_url": reverse("scheduling:claim", kwargs={"claim_id": claim.pk}),
    }


def profile_auto_fill(_request: HttpRequest, actor: Actor, _subject: Any, _at: datetime) -> Mapping[str, Any] | None:
    """This function will bring whether auto-fill may book the agent, with the way to change it."""
    if not isinstance(actor, AgentActor):
        return None
    return {"allowed_at": auto_fill_since(actor.agent_id), "consent_url": reverse("scheduling:auto-fill-consent")}


def _may_claim(agent_id: UUID) -> bool:
    return Engagement.objects.across_brands().filter(agent_id=agent_id, state__in=BENCH_STATES).exists()


def coverage_picture(found: Coverage, zone: ZoneInfo, at: datetime) -> dict[str, Any]:
    """This function will draw the next 24 hours: filled bars, what is missing on top, required as a line."""
    steps = found.steps
    peak = max((max(step.required, step.filled) for step in steps), default=0) or 1
    width, unit = 800 / len(steps), 126 / peak
    bars = [_bar(step, 28 + index * width, width, unit) for index, step in enumerate(steps)]
    return {
        "bars": bars,
        "required": _required_steps(steps, width, unit),
        "ticks": [{"y": f"{160 - n * unit:.1f}", "label_y": f"{164 - n * unit:.1f}", "n": n} for n in axis_ticks(peak)],
        "hours": [
            {"x": f"{28 + index * width:.1f}", "label": f"{step.starts_at.astimezone(zone):%H:%M}"}
            for index, step in enumerate(steps)
            if index % 4 == 0
        ],
        "now_x": f"{28 + (at - steps[0].starts_at).total_seconds() / 1800 * width:.1f}",
        "now_text_x": f"{34 + (at - steps[0].starts_at).total_seconds() / 1800 * width:.1f}",
        "now": f"{at.astimezone(zone):%H:%M}",
        "words": _coverage_words(steps, zone),
    }


def _bar(step: CoverageStep, x: float, width: float, unit: float) -> dict[str, str]:
    covered = min(step.filled, step.required)
    return {
        "x": f"{x + 1:.1f}",
        "width": f"{width - 2:.1f}",
        "middle": f"{x + width / 2:.1f}",
        "y": f"{160 - covered * unit:.1f}",
        "height": f"{covered * unit:.1f}",
        "short_y": f"{160 - step.required * unit:.1f}",
        "short_height": f"{max(4.0, step.short * unit):.1f}" if step.short else "",
        "over_y": f"{160 - step.filled * unit:.1f}",
        "over_height": f"{step.over * unit:.1f}" if step.over else "",
        "label_y": f"{154 - step.required * unit:.1f}",
        "label": f"{MINUS}{step.short}" if step.short else "",
    }


def _required_steps(steps: Sequence[CoverageStep], width: float, unit: float) -> str:
    path, is_drawing = "", False
    for index, step in enumerate(steps):
        x, y = 28 + index * width, 160 - step.required * unit
        if step.required:
            path += f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}L{x + width:.1f} {y:.1f}"
        is_drawing = step.required > 0
    return path


def _coverage_words(steps: Sequence[CoverageStep], zone: ZoneInfo) -> str:
    short = [step for step in steps if step.short]
    if not short:
        return _("Every half hour of the next 24 is covered.")
    first = short[0].starts_at.astimezone(zone)
    return _("%(n)s half hours are short of cover, first at %(clock)s, by at most %(most)s.") % {
        "n": len(short),
        "clock": f"{first:%H:%M}",
        "most": max(step.short for step in short),
    }
