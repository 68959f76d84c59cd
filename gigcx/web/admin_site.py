"""The admin site itself and the base of every model admin."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.sites import UnfoldAdminSite

from gigcx.accounts.models import User
from gigcx.accounts.queries import has_second_factor
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.scoping import TenantQuerySet
from gigcx.web.admin_app import queue_rows
from gigcx.web.ops_fields import in_words, worded
from gigcx.web.ops_menu import drawers

if TYPE_CHECKING:
    from django.utils.functional import Promise


class OpsSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """Staff only, with a second factor where the settings ask for one; its home is a list of queues."""

    index_template = "admin/index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """This function will let active staff in, once a second factor is set up."""
        from django.conf import settings

        if not (request.user.is_active and request.user.is_staff):
            return False
        return not getattr(settings, "SECOND_FACTOR_REQUIRED", True) or has_second_factor(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """This function will send people to the one sign-in page, ops without a second factor to set one up."""
        back = request.GET.get("next", "/admin/")
        if not request.user.is_authenticated:
            return redirect_to_login(back if back.startswith("/admin/") else "/admin/")
        if not (request.user.is_active and request.user.is_staff):
            raise NotFound
        if not self.has_permission(request):
            messages.warning(request, _("Ops sign in with a second factor. Set one up first."))
            return redirect("mfa_index")
        return redirect("admin:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """This function will put the tables into groups, on the home and in the menu beside every page."""
        context: dict[str, Any] = super().each_context(request)
        context["sidebar_navigation"] = drawers(context["available_apps"], at=request.get_full_path())
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """This function will show the work queues above the models."""
        queues = queue_rows(clock.now()) if self.has_permission(request) else []
        return super().index(request, {**(extra_context or {}), "queues": queues})  # type: ignore[no-any-return]


class OpsModelAdmin(UnfoldModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Read-only by default. Set `is_editable` for plain reference tables; workflow goes through buttons that call actions."""

    is_editable: ClassVar[bool] = False
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """This function will read across brands: ops see all."""
        rows = self.model._default_manager.get_queryset()
        rows = rows.across_brands() if isinstance(rows, TenantQuerySet) else rows
        return rows.order_by(*(self.get_ordering(request) or ("-pk",)))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """This function will show amounts and small tables in words where nothing is edited."""
        fields = list(super().get_fields(request, obj))
        return (
            fields
            if self.is_editable
            else in_words(fields, self.model, shown=super().get_readonly_fields(request, obj))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """This function will name what is shown in words among what nobody edits."""
        fields = super().get_readonly_fields(request, obj)
        return fields if self.is_editable else (*fields, *worded(self.model).values())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This function will refuse unless the table is plain reference data."""
        return self.is_editable and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will refuse unless the table is plain reference data."""
        return self.is_editable and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will refuse: nothing is deleted from the admin."""
        return False

    def form_page(
        self,
        request: HttpRequest,
        form: Any,
        *,
        title: "str | Promise",
        label: "str | Promise",
        back_url: str,
        words: "str | Promise" = "",
        template: str = "admin/form_page.html",
        **more: Any,
    ) -> HttpResponse:
        """This function will show a form on a page of its own; `label` says what its button does.

        422 says that what was sent was not taken.
        """
        words_of_page = {"title": title, "label": label, "back_url": back_url, "words": words, "form": form}
        context = {**self.admin_site.each_context(request), **words_of_page, **more}
        return TemplateResponse(request, template, context, status=422 if request.method == "POST" else 200)

    def attempt(self, request: HttpRequest, call: Any, done: str) -> bool:
        """This function will run an action for ops and show its refusal or its success as a message."""
        try:
            call(by=OpsActor(cast(User, request.user)), at=clock.now())
        except DomainError as refused:
            messages.error(request, refused.message)
            return False
        messages.success(request, done)
        return True
