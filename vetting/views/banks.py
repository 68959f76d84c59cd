"""Item banks: writing questions, having them looked at, publishing them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.roles import Permission
from gigcx.web import timeline
from gigcx.web.access import BrandRequest, brand_page
from vetting import actions, queries
from vetting.errors import ReasonRequired
from vetting.forms import BankForm, ItemForm, KindForm
from vetting.models import Item, ItemVersion
from vetting.states import VersionState

_BADGES = {VersionState.LIVE: "cover", VersionState.IN_REVIEW: "accent", VersionState.DRAFT: "line"}


@brand_page(Permission.AUTHOR_CONTENT)
def banks(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's banks and make a new one."""
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_bank(
                brand_id=request.actor.brand_id, by=request.actor, at=clock.now(), **form.cleaned_data
            )
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return redirect("vetting:bank", slug=request.actor.brand.slug, bank_id=made.pk)
    context = {"page_title": _("Item banks"), "banks": queries.banks_for(request.actor), "form": form}
    return render(request, "vetting/banks_page.html", context, status=422 if form.errors else 200)


@brand_page(Permission.AUTHOR_CONTENT)
def bank(request: BrandRequest, bank_id: UUID) -> HttpResponse:
    """This function will list a bank's questions."""
    found = queries.bank_for(request.actor, bank_id)
    rows = [_line(one, found_item) for found_item, one in _newest(queries.items_of(found))]
    context = {
        "page_title": found.name,
        "bank": found,
        "rows": rows,
        "kinds": KindForm(),
        "waiting": queries.waiting_in(request.actor, found),
        "may_publish": request.actor.can(Permission.APPROVE_CONTENT),
    }
    return render(request, "vetting/bank_page.html", context)


@brand_page(Permission.AUTHOR_CONTENT)
def new_item(request: BrandRequest, bank_id: UUID) -> HttpResponse:
    """This function will take a new question."""
    found = queries.bank_for(request.actor, bank_id)
    choice = KindForm({"kind": request.GET.get("kind", "")})
    kind = choice.cleaned_data["kind"] if choice.is_valid() else "single_choice"
    form = ItemForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_item(
                bank_id=found.pk,
                kind=kind,
                payload=form.payload(),
                key=form.key(),
                points=form.cleaned_data["points"],
                skill_codes=form.skills(),
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            _note(form, refused)
        else:
            _sent_on(request, made)
            return redirect("vetting:item", slug=request.actor.brand.slug, item_id=made.item_id)
    context = {"page_title": _("New question"), "bank": found, "form": form, "kind": kind}
    return render(request, "vetting/item_page.html", context, status=422 if form.errors else 200)


@brand_page(Permission.AUTHOR_CONTENT)
def item(request: BrandRequest, item_id: UUID) -> HttpResponse:
    """This function will show a question as agents see it and let authors change it."""
    found = queries.item_for(request.actor, item_id)
    version = queries.newest_version(found)
    form = ItemForm(found.kind, request.POST or None, initial=_initial(request, found, version))
    if request.method == "POST" and form.is_valid():
        try:
            _sent_on(request, _rewritten(request, found, version, form))
        except DomainError as refused:
            _note(form, refused)
        else:
            return redirect("vetting:item", slug=request.actor.brand.slug, item_id=found.pk)
    context = {
        "page_title": _("Question"),
        "bank": found.bank,
        "item": found,
        "version": version,
        "badge": _BADGES.get(VersionState(version.state), "line") if version else "line",
        "form": form,
        "kind": found.kind,
        "look": _look(request, version),
        "history": timeline.history_lines(version) if version else [],
    }
    return render(request, "vetting/item_page.html", context, status=422 if form.errors else 200)


@require_POST
@brand_page(Permission.AUTHOR_CONTENT)
def move_item(request: BrandRequest, item_id: UUID) -> HttpResponse:
    """This function will send a question to review, take it back, publish it or retire it."""
    found = queries.item_for(request.actor, item_id)
    version = queries.newest_version(found)
    move = request.POST.get("move", "")
    if move == "retire":
        actions.retire_item(item_id=found.pk, reason="", by=request.actor, at=clock.now())
    elif version is not None and move == "publish":
        reason = _kept_words(request.POST.get("reason", ""))
        try:
            actions.publish_item_version(item_version_id=version.pk, reason=reason, by=request.actor, at=clock.now())
        except ReasonRequired as refused:
            messages.error(request, refused.message)
            return redirect("vetting:item", slug=request.actor.brand.slug, item_id=found.pk)
    elif version is not None and move in _MOVES:
        _MOVES[move](item_version_id=version.pk, by=request.actor, at=clock.now())
    messages.success(request, _("Done."))
    return redirect("vetting:item", slug=request.actor.brand.slug, item_id=found.pk)


@require_POST
@brand_page(Permission.APPROVE_CONTENT)
def publish_waiting(request: BrandRequest, bank_id: UUID) -> HttpResponse:
    """This function will publish everything in a bank that waits for this reviewer."""
    reason = _kept_words(request.POST.get("reason", ""))
    try:
        count = actions.publish_waiting_items(bank_id=bank_id, reason=reason, by=request.actor, at=clock.now())
    except ReasonRequired as refused:
        messages.error(request, refused.message)
        return redirect("vetting:bank", slug=request.actor.brand.slug, bank_id=bank_id)
    words = ngettext("%d question published.", "%d questions published.", count) % count
    if count:
        messages.success(request, words)
    else:
        messages.info(request, _("Nothing here waits for you. Questions you wrote need a colleague."))
    return redirect("vetting:bank", slug=request.actor.brand.slug, bank_id=bank_id)


_MOVES: dict[str, Any] = {
    "review": actions.send_item_to_review,
    "back": actions.take_item_back,
}


def _kept_words(text: str) -> str:
    """This function will return a reason as one that can be kept: no null characters, at most 500 characters."""
    return text.replace("\x00", "").strip()[:500]


def _rewritten(request: BrandRequest, found: Item, version: ItemVersion | None, form: ItemForm) -> ItemVersion:
    """What is on the page; a draft that nobody changed stays its author's."""
    if version is not None and version.state == VersionState.DRAFT and not form.has_changed():
        return version
    return actions.rewrite_item(
        item_id=found.pk,
        payload=form.payload(),
        key=form.key(),
        points=form.cleaned_data["points"],
        skill_codes=form.skills(),
        by=request.actor,
        at=clock.now(),
    )


def _sent_on(request: BrandRequest, draft: ItemVersion) -> None:
    """Saved already; where that was asked, a reviewer gets it too."""
    if request.POST.get("go") != "review":
        messages.success(request, _("Saved as a draft."))
        return
    actions.send_item_to_review(item_version_id=draft.pk, by=request.actor, at=clock.now())
    messages.success(request, _("Saved, and waiting for a look by somebody else."))


def _look(request: BrandRequest, version: ItemVersion | None) -> dict[str, Any]:
    """Who may publish it: its author only where the brand has nobody else."""
    if version is None:
        return {}
    is_own = version.written_by_id == request.actor.user.pk
    others = (
        [str(one.user) for one in queries.other_reviewers(version.brand_id, request.actor.user.pk)] if is_own else []
    )
    return {
        "is_own": is_own,
        "others": others,
        "may_publish": request.actor.can(Permission.APPROVE_CONTENT) and not others,
        "was_alone": version.reviewed_by_id is not None and version.reviewed_by_id == version.written_by_id,
    }


def _newest(items: list[Item]) -> list[tuple[Item, ItemVersion]]:
    return [(one, versions[0]) for one in items if (versions := list(one.versions.all()))]


def _line(version: ItemVersion, found: Item) -> dict[str, Any]:
    return {
        "item": found,
        "prompt": version.payload["prompt"],
        "points": version.points,
        "state": version.get_state_display(),
        "badge": _BADGES.get(VersionState(version.state), "line"),
        "writer": version.written_by,
        "was_alone": version.reviewed_by_id is not None and version.reviewed_by_id == version.written_by_id,
        "skills": ", ".join(found.skill_codes),
    }


def _initial(request: BrandRequest, found: Item, version: ItemVersion | None) -> dict[str, Any]:
    if version is None:
        return {}
    initial = ItemForm.initial_of(found.kind, version.payload, queries.key_of(request.actor, version))
    return {**initial, "points": version.points, "skill": found.skill_codes[0] if found.skill_codes else ""}


def _note(form: ItemForm, refused: DomainError) -> None:
    named = {"key": "right_1", "options": "text_1", "prompt": "prompt", "answers": "answers"}
    field = named.get(refused.field, "")
    form.add_error(field if field in form.fields else None, refused.message)
