"""A brand's settings: what it says about itself, its members, how they sign in, its API keys."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.accounts.queries import people_with_second_factor
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import from_wall, zone_of
from gigcx.tenancy import actions, queries
from gigcx.tenancy.forms import PERMISSION_LABELS, ApiKeyForm, ChangedBrandForm, InviteForm, RoleForm, role_words
from gigcx.tenancy.models import ApiKey, Brand, Membership
from gigcx.tenancy.roles import ROLES, Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.refusals import show_refusal, status_of
from gigcx.web.stepping_up import stepped_up


@brand_page(to_change=Permission.MANAGE_BRAND)
@require_http_methods(["GET", "POST"])
def brand(request: BrandRequest) -> HttpResponse:
    """This function will show what the brand says about itself, and change it for those who may."""
    may_change = request.actor.can(Permission.MANAGE_BRAND)
    own = request.actor.brand
    form = ChangedBrandForm(request.POST if request.method == "POST" else None, brand=own)
    if request.method == "POST" and form.is_valid() and _updated(request, own, form):
        messages.success(request, _("Saved."))
        return redirect("tenancy:settings", slug=own.slug)
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    context = _context(request, "brand", form=form, may_change=may_change)
    return render(request, "tenancy/settings_brand.html", context, status=status_of(form))


@brand_page()
def members(request: BrandRequest) -> HttpResponse:
    """This function will show who is in the brand and who is invited."""
    return _members_page(request, InviteForm())


@brand_page(Permission.MANAGE_MEMBERS)
@require_POST
@stepped_up
def invite(request: BrandRequest) -> HttpResponse:
    """This function will invite an address."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            sent = actions.invite_member(**form.cleaned_data, by=request.actor, at=clock.now())
        except DomainError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Invited %(address)s. The link works for 14 days.") % {"address": sent.email})
            return redirect("tenancy:members", slug=request.actor.brand.slug)
    return _members_page(request, form)


@brand_page(Permission.MANAGE_MEMBERS)
@require_POST
def withdraw(request: BrandRequest, invitation_id: UUID) -> HttpResponse:
    """This function will end an invitation."""
    gone = actions.withdraw_invitation(invitation_id=invitation_id, by=request.actor, at=clock.now())
    messages.success(request, _("The invitation of %(address)s no longer works.") % {"address": gone.email})
    return redirect("tenancy:members", slug=request.actor.brand.slug)


@brand_page(Permission.MANAGE_MEMBERS)
@require_POST
@stepped_up
def change_role(request: BrandRequest, member_id: UUID) -> HttpResponse:
    """This function will give a member another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the roles."))
        return redirect("tenancy:members", slug=request.actor.brand.slug)
    member = actions.change_role(
        membership_id=member_id, role=form.cleaned_data["role"], by=request.actor, at=clock.now()
    )
    role = str(ROLES[member.role].name)
    messages.success(request, _("%(name)s is now: %(role)s.") % {"name": member.user.full_name, "role": role})
    return redirect("tenancy:members", slug=request.actor.brand.slug)


@brand_page()
@require_POST
def remove(request: BrandRequest, member_id: UUID) -> HttpResponse:
    """This function will take a member out of the brand; everybody may take themselves out."""
    member = queries.member_for(request.actor, member_id)
    actions.remove_member(membership_id=member.pk, by=request.actor, at=clock.now())
    if member.user_id == request.actor.user.pk:
        messages.success(request, _("You left %(brand)s.") % {"brand": request.actor.brand.name})
        return redirect("web:start")
    messages.success(request, _("%(name)s is out.") % {"name": member.user.full_name})
    return redirect("tenancy:members", slug=request.actor.brand.slug)


@brand_page()
def security(request: BrandRequest) -> HttpResponse:
    """This function will show who has a second factor and who should."""
    people = list(queries.members(request.actor.brand_id))
    safe = people_with_second_factor([one.user_id for one in people])
    rows: list[dict[str, Any]] = [
        {
            "member": one,
            "role": ROLES[one.role],
            "has_second_factor": one.user_id in safe,
            "is_you": one.user_id == request.actor.user.pk,
        }
        for one in people
    ]
    waiting = sum(1 for row in rows if row["role"].needs_second_factor and not row["has_second_factor"])
    words = ngettext("%(n)d person should set one up.", "%(n)d people should set one up.", waiting) % {"n": waiting}
    context = _context(request, "security", rows=rows, waiting=waiting, waiting_words=words)
    return render(request, "tenancy/settings_security.html", context)


@brand_page(Permission.MANAGE_API_KEYS)
@require_http_methods(["GET", "POST"])
@stepped_up
def keys(request: BrandRequest) -> HttpResponse:
    """This function will show the keys, and make one, whose text is shown this once."""
    at = clock.now()
    today = at.astimezone(zone_of(request.actor.brand.timezone)).date()
    form = ApiKeyForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        today=today,
        initial={"scopes": ["view"]},
    )
    made = _made_key(request, form, at) if request.method == "POST" and form.is_valid() else None
    rows = [_key_row(key, at) for key in queries.api_keys(request.actor)]
    context = _context(request, "keys", form=form, made=made, rows=rows)
    response = render(request, "tenancy/settings_keys.html", context, status=status_of(form))
    response["Cache-Control"] = "no-store"
    return response


@brand_page(Permission.MANAGE_API_KEYS)
@require_POST
def revoke_key(request: BrandRequest, key_id: UUID) -> HttpResponse:
    """This function will end a key."""
    key = actions.revoke_api_key(api_key_id=key_id, by=request.actor, at=clock.now())
    messages.success(request, _("The key “%(name)s” no longer opens anything.") % {"name": key.name})
    return redirect("tenancy:keys", slug=request.actor.brand.slug)


def _updated(request: BrandRequest, own: Brand, form: ChangedBrandForm) -> bool:
    try:
        actions.update_brand(brand_id=own.pk, **form.cleaned_data, by=request.actor, at=clock.now())
    except DomainError as refused:
        show_refusal(form, refused)
        return False
    return True


def _members_page(request: BrandRequest, form: Form) -> HttpResponse:
    actor, at = request.actor, clock.now()
    rows = [_member_row(one, is_you=one.user_id == actor.user.pk) for one in queries.members(actor.brand_id)]
    may_manage = actor.can(Permission.MANAGE_MEMBERS)
    invitations = list(queries.open_invitations(actor, at=at)) if may_manage else []
    context = _context(
        request, "members", form=form, rows=rows, invitations=invitations, may_manage=may_manage, roles=role_words()
    )
    return render(request, "tenancy/settings_members.html", context, status=status_of(form))


def _member_row(member: Membership, *, is_you: bool) -> dict[str, Any]:
    name = member.user.full_name
    title = _("Leave this brand?") if is_you else _("Remove %(name)s?") % {"name": name}
    form = RoleForm(initial={"role": member.role}, auto_id=f"id_{member.pk.hex}_%s")
    row = {"member": member, "role": ROLES[member.role], "is_you": is_you, "form": form}
    return {**row, "key": str(member.pk), "out_title": title}


def _made_key(request: BrandRequest, form: ApiKeyForm, at: datetime) -> dict[str, Any] | None:
    wanted = dict(form.cleaned_data)
    last_day = wanted.pop("expires_on")
    zone = zone_of(request.actor.brand.timezone)
    wanted["expires_at"] = from_wall(last_day + timedelta(days=1), time(0), zone) if last_day else None
    try:
        key, text = actions.make_api_key(**wanted, by=request.actor, at=at)
    except DomainError as refused:
        show_refusal(form, refused)
        return None
    return {"key": key, "text": text}


def _key_row(key: ApiKey, at: datetime) -> dict[str, Any]:
    is_over = key.expires_at is not None and key.expires_at <= at
    state = _("revoked") if key.revoked_at else _("expired") if is_over else _("active")
    labels = {permission.value: label for permission, label in PERMISSION_LABELS.items()}
    return {
        "key": key,
        "state": state,
        "is_active": not key.revoked_at and not is_over,
        "scopes": ", ".join(str(labels.get(scope, scope)) for scope in key.scopes),
        "ranges": ", ".join(key.allowed_ips) or _("anywhere"),
    }


def _context(request: BrandRequest, current: str, **more: Any) -> dict[str, Any]:
    kwargs = {"slug": request.actor.brand.slug}
    tabs = [
        ("brand", _("Brand"), "tenancy:settings", Permission.VIEW),
        ("members", _("Members"), "tenancy:members", Permission.VIEW),
        ("security", _("Sign-in security"), "tenancy:security", Permission.VIEW),
        ("keys", _("API keys"), "tenancy:keys", Permission.MANAGE_API_KEYS),
    ]
    shown = [
        {"label": label, "url": reverse(name, kwargs=kwargs), "is_current": key == current}
        for key, label, name, permission in tabs
        if request.actor.can(permission)
    ]
    return {"page_title": _("Settings"), "tabs": shown, **more}
