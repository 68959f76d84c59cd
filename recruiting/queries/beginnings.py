"""The way of a new brand to its first shift."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from recruiting.models import Program
from recruiting.queries.needs import Lack, missing_of
from recruiting.queries.programs import programs_for
from recruiting.states import ProgramState

Step = dict[str, Any]


def first_steps(actor: BrandActor, at: datetime) -> list[Step]:
    """This function will return the steps before a brand's first program is public; empty once one was.

    Each step has the keys of the stepper: title, why, state, and url and label where the actor may act; where the actor
    may not, text says that somebody else does it.
    """
    programs = list(programs_for(actor).exclude(state=ProgramState.ARCHIVED).order_by("-created_at"))
    if any(program.published_at for program in programs):
        return []
    steps = list(_steps(actor, programs[0] if programs else None, at))
    now = next((step for step in steps if step["state"] != "done"), None)
    if now is not None:
        now["state"] = "now"
    return steps


def _steps(actor: BrandActor, program: Program | None, at: datetime) -> Iterator[Step]:
    lacks = missing_of(program, at) if program else []
    by_code = {lack.code: lack for lack in lacks}
    may_write, may_price = actor.can(Permission.MANAGE_PROGRAMS), actor.can(Permission.PUBLISH_PAY)
    new_url = reverse("recruiting:program-new", args=[actor.brand.slug]) if may_write else ""
    why = _("One line of work: what it is, on which channels, who may do it. About ten minutes.")
    yield _step(
        _("Create a program"),
        why,
        is_done=program is not None,
        url=new_url,
        label=_("Create a program"),
        may_act=may_write,
    )
    why = _("What agents earn and what you pay, side by side.")
    yield _lacking(_("Publish prices"), why, program, by_code.get("prices"), may_act=may_price)
    why = _("Agents read and accept them before they work.")
    yield _lacking(_("Publish terms"), why, program, by_code.get("terms"), may_act=may_price)
    later = next((lack for lack in lacks if "." in lack.code), None)
    why = _("What an agent learns and proves before the first shift.")
    may_certify = actor.can(Permission.MANAGE_CERTIFICATIONS)
    yield _lacking(_("Set up the course and the certification"), why, program, later, may_act=may_certify)
    yield _review(program, may_act=may_write)
    yield _step(_("Plan the first week"), _("Opens once the program is public and agents apply."), is_done=False)


def _review(program: Program | None, *, may_act: bool) -> Step:
    if program is not None and program.state == ProgramState.CONTENT_REVIEW:
        return _step(_("We read it"), _("Usually within one working day; nothing for you to do."), is_done=False)
    url = reverse("recruiting:program", args=[program.brand.slug, program.pk]) if program and may_act else ""
    why = _("We read it, usually within one working day. Then it is public and agents apply.")
    return _step(_("Send it to review"), why, is_done=False, url=url, label=_("Open the program"), may_act=may_act)


def _lacking(title: str, why: str, program: Program | None, lack: Lack | None, *, may_act: bool) -> Step:
    is_done = program is not None and lack is None
    return _step(title, why, is_done=is_done, url=lack.url if lack and may_act else "", label=title, may_act=may_act)


def _step(title: str, why: str, *, is_done: bool, url: str = "", label: str = "", may_act: bool = True) -> Step:
    return {
        "title": title,
        "text": "" if is_done or may_act else _("Somebody else in the brand does this: it is not part of your role."),
        "why": "" if is_done else why,
        "state": "done" if is_done else "next",
        "url": "" if is_done else url,
        "label": label,
    }
