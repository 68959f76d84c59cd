"""Certifications: what a program asks for, and what publishing a change would do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from recruiting.queries import programs_for
from vetting import actions, queries
from vetting.errors import EffectChanged
from vetting.forms import CertificationForm, RequirementsForm
from vetting.models import Certification, CertificationVersion, Requirement
from vetting.queries.waivers import waivable_of
from vetting.registries import kind_of, kinds

_ALWAYS = ("identity", "terms")


@brand_page(Permission.MANAGE_CERTIFICATIONS)
def certifications(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's certifications and begin one for a program that has none."""
    rows = list(queries.certifications_for(request.actor))
    taken = {row.program_id for row in rows}
    free = [program for program in programs_for(request.actor) if program.pk not in taken]
    form = CertificationForm(free, request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = actions.create_certification(
            program_id=UUID(form.cleaned_data["program"]),
            name=form.cleaned_data["name"],
            by=request.actor,
            at=clock.now(),
        )
        return redirect("vetting:certification", slug=request.actor.brand.slug, certification_id=draft.certification_id)
    context = {"page_title": _("Certifications"), "rows": rows, "free": free, "form": form}
    return render(request, "vetting/certifications_page.html", context, status=422 if form.errors else 200)


@brand_page(Permission.MANAGE_CERTIFICATIONS)
def certification(request: BrandRequest, certification_id: UUID) -> HttpResponse:
    """This function will show what a certification asks for and what publishing would do; a post saves before it publishes."""
    found = queries.certification_for(request.actor, certification_id)
    offered = _offered(request.actor.brand_id)
    draft, live = queries.draft_version(found), queries.live_version(found)
    newest = draft or live
    form = RequirementsForm(
        [(code, label) for code, label, _title in offered], request.POST or None, initial=_initial(newest)
    )
    if request.method == "POST" and form.is_valid() and _saved(request, found, form, offered):
        return redirect("vetting:certification", slug=request.actor.brand.slug, certification_id=found.pk)
    context = {
        "page_title": found.name,
        "certification": found,
        "draft": draft,
        "live": live,
        "steps": _steps(newest),
        "effect": queries.publish_effect(draft, clock.now()) if draft else None,
        "blockers": _blockers(found, live),
        "form": form,
        "is_waivable": bool(waivable_of(live)),
    }
    return render(request, "vetting/certification_page.html", context, status=422 if form.errors else 200)


def _saved(
    request: BrandRequest, found: Certification, form: RequirementsForm, offered: list[tuple[str, str, str]]
) -> bool:
    """Whatever is on the page is kept as the draft first, so that publishing never leaves a tick behind."""
    try:
        draft = _drafted(request, found, form.cleaned_data, offered)
    except DomainError as refused:
        form.add_error(None, refused.message)
        return False
    if request.POST.get("go") == "publish":
        _publish(request, draft)
    else:
        messages.success(request, _("Saved as a draft. Look at its effect, then publish."))
    return True


def _publish(request: BrandRequest, draft: CertificationVersion) -> None:
    """Put the draft in force, if its effect is still what the page showed."""
    try:
        actions.publish_certification_version(
            version_id=draft.pk, effect_digest=request.POST.get("effect", ""), by=request.actor, at=clock.now()
        )
    except EffectChanged as refused:
        words = _(
            "What you entered is saved as a draft. Its effect is shown anew below; publish when you agree with it."
        )
        messages.error(request, f"{refused.message} {words}")
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Published. Everybody on the way is judged by it within a minute."))


def _offered(brand_id: UUID) -> list[tuple[str, str, str]]:
    """Every subject of every kind that has subjects, as (code, label, title); tests last, because people learn first."""
    found = []
    for kind in kinds():
        for subject, label in kind.choices(brand_id=brand_id):
            found.append((f"{kind.code}:{subject}", f"{kind.name}: {label}", label))
    return sorted(found, key=lambda offer: offer[0].startswith("assessment:"))


def _drafted(
    request: BrandRequest, found: Certification, cleaned: dict[str, Any], offered: list[tuple[str, str, str]]
) -> CertificationVersion:
    titles = {code: title for code, _label, title in offered}
    plans = []
    for code in cleaned["asked"]:
        kind, _colon, subject = code.partition(":")
        plans.append(
            actions.RequirementPlan(
                key=f"{kind}-{subject[-12:]}",
                kind=kind,
                title=titles[code][:120],
                params={"subject_key": subject},
                minutes=kind_of(kind).minutes({"subject_key": subject}),
                is_waivable=code in cleaned["waivable"],
            )
        )
    return actions.draft_certification(
        certification_id=found.pk,
        requirements=plans,
        change=cleaned["change"],
        validity_months=cleaned["validity_months"],
        by=request.actor,
        at=clock.now(),
    )


def _initial(version: CertificationVersion | None) -> dict[str, Any]:
    if version is None:
        return {"change": CertificationVersion.Change.MINOR}
    asked = {
        f"{one.kind}:{one.params.get('subject_key', '')}": one.is_waivable
        for one in version.requirements.order_by("position")
        if one.kind not in _ALWAYS
    }
    waivable = [code for code, is_waivable in asked.items() if is_waivable]
    return {
        "asked": list(asked),
        "waivable": waivable,
        "change": version.change,
        "validity_months": version.validity_months,
    }


def _steps(version: CertificationVersion | None) -> list[dict[str, Any]]:
    if version is None:
        return []
    return [_line(one) for one in version.requirements.order_by("position")]


def _line(requirement: Requirement) -> dict[str, Any]:
    name = kind_of(requirement.kind).name
    minutes = _("about %d min") % requirement.minutes if requirement.minutes else ""
    words = [word for word in (name, minutes, _("always asked") if requirement.kind in _ALWAYS else "") if word]
    return {"title": requirement.title, "text": " · ".join(words), "state": "next"}


def _blockers(found: Certification, live: CertificationVersion | None) -> list[dict[str, Any]]:
    if live is None:
        return []
    titles = {one.key: one.title for one in live.requirements.all()}
    return [{"title": titles.get(key, key), "count": count} for key, count in queries.blockers_by_count(found)]
