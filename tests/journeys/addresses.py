"""Every address of the product, with ids of real things filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from gigcx.tenancy.models import Brand
from gigcx.tenancy.scoping import TenantQuerySet

# Words in an address whose table has another name.
TABLES = {
    "request": "scheduling.CapacityRequest",
    "requirement": "scheduling.StaffingRequirement",
    "bank": "vetting.ItemBank",
    "check": "vetting.IdentityCheck",
    "document": "vetting.IdentityDocument",
    "version": "training.CourseVersion",
    "account": "payments.PayoutAccount",
    "run": "payments.PayoutRun",
    "assignment": "scheduling.AssignmentRun",
    "session": "scheduling.WorkSession",
    "swap": "scheduling.SwapOffer",
    "wait": "scheduling.WaitlistEntry",
    "window": "scheduling.ClaimWindow",
    "card": "recruiting.RateCard",
    "terms": "recruiting.TermsVersion",
    "member": "tenancy.Membership",
    "key": "tenancy.ApiKey",
    "invitation": "tenancy.MemberInvitation",
    "line": "payments.Earning",
    "dispute": "payments.LineDispute",
    "identity_check": "vetting.IdentityCheck",
}
SKIPPED_PREFIXES = ("admin/", "account/", "static/", "media/", "metrics", "styleguide", "mailbox")


@dataclass(frozen=True)
class Address:
    """A URL pattern: its route and the names and converters of its parts."""

    route: str
    name: str
    parts: tuple[tuple[str, str], ...]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def is_brand(self) -> bool:
        return self.route.startswith(("b/<", "api/v1/brands/<"))

    @property
    def is_agent(self) -> bool:
        return self.route.startswith(("work/", "api/v1/me/"))

    def filled(self, values: dict[str, Any]) -> str | None:
        """The path with every part filled in, or None when a value is missing."""
        values = {"step": "about", "part": "about", "deed": "favor", "act": "answer", **values}
        path = "/" + self.route
        for name, converter in self.parts:
            value = values.get(name, {"int": 0, "str": "1"}.get(converter))
            if value is None:
                return None
            path = path.replace(f"<{converter}:{name}>", str(value)).replace(f"<{name}>", str(value))
        return path


def addresses() -> list[Address]:
    """Every address but the admin, sign-in and files."""
    return [one for one in _walk(get_resolver(), "") if not one.route.startswith(SKIPPED_PREFIXES)]


def ops_addresses() -> list[tuple[str, str]]:
    """Every address of the ops site, filled with the first row of each table, and the route it comes from.

    A decision's address is listed once for every decision of its table.
    """
    routes = [(route, name) for route, name in _routes(get_resolver(), "") if route.startswith("admin/")]
    return [(path, route) for route, name in routes for path in _ops_paths(route, name)]


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            yield route, pattern.name or ""


def _ops_paths(route: str, name: str) -> Iterator[str]:
    if "(?P<app_label>" in route:
        yield from (f"/admin/{stage}/" for stage in settings.STAGES)
    elif "(?P<url>" in route:
        yield "/admin/no/such/page/"
    else:
        path = "/" + route
        for key, converter in _every_part(route):
            if key != "name":
                path = path.replace(f"<{converter}:{key}>", _ops_id(route, key))
        admins = {one.opts.label_lower.replace(".", "/"): one for one in admin.site._registry.values()}
        owner = admins.get("/".join(route.split("/")[1:3]))
        decisions = [one.name for one in getattr(owner, "decisions", ())] or ["none"]
        yield from (path.replace("<slug:name>", word) for word in (decisions if "<slug:name>" in path else [""]))


def _ops_id(route: str, key: str) -> str:
    app, table = route.split("/")[1:3] if route.count("/") > 2 else ("", "")
    try:
        model = apps.get_model(app, table) if key == "object_id" else _table(key.removesuffix("_id"))
    except LookupError:
        model = None
    rows: Any = model._default_manager.get_queryset() if model else None
    if isinstance(rows, TenantQuerySet):
        rows = rows.across_brands()
    found = rows.order_by("pk").values_list("pk", flat=True).first() if rows is not None else None
    return str(found or UUID(int=0))


def ids_for(address: Address, *, brand: Brand | None = None, agent_id: UUID | None = None) -> dict[str, Any]:
    """Ids of that brand's, or that agent's, things for each part of the address."""
    values: dict[str, Any] = {"slug": brand.slug} if brand else {}
    for name, _converter in address.parts:
        if name.endswith("_id") and (found := _one(name.removesuffix("_id"), brand, agent_id)) is not None:
            values[name] = found
    return values


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern) and "(?P" not in route and "^" not in route:
            names = {converter: name for name, converter in get_converters().items()}
            parts = tuple((key, names.get(value, "str")) for key, value in pattern.pattern.converters.items())
            yield Address(route, pattern.name or "", tuple(_every_part(route)) or parts)


def _every_part(route: str) -> Iterator[tuple[str, str]]:
    for piece in route.split("<")[1:]:
        inner = piece.split(">")[0]
        converter, _, name = inner.rpartition(":")
        yield name, converter or "str"


def _one(noun: str, brand: Brand | None, agent_id: UUID | None) -> Any:
    model = _table(noun)
    if model is None:
        return None
    rows: Any = model._default_manager.get_queryset()
    if isinstance(rows, TenantQuerySet):
        rows = rows.across_brands()
    if brand is not None:
        rows = _owned_by_brand(model, rows, brand)
    if agent_id is not None:
        agent_path = getattr(model, "agent_path", None)
        rows = rows.filter(**{agent_path: agent_id}) if agent_path else rows
    return rows.order_by("pk").values_list("pk", flat=True).first()


def _owned_by_brand(model: type[models.Model], rows: Any, brand: Brand) -> Any:
    if model._meta.label == "tenancy.Membership":
        return rows.filter(brand=brand)
    brand_path = getattr(model, "brand_path", "")
    return rows.filter(**{brand_path: brand.pk}) if brand_path else rows


def _table(noun: str) -> type[models.Model] | None:
    if noun in TABLES:
        return apps.get_model(TABLES[noun])
    wanted = noun.replace("_", "")
    for label in [*settings.STAGES, "tenancy", "notify"]:
        for model in apps.get_app_config(label).get_models():
            if model._meta.model_name == wanted:
                return model
    return None
