"""Buttons of the ops site: forms that post to an action, ask for a reason where one is needed, and say what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gigcx.audit.models import AuditEntry
from gigcx.audit.trail import history_of
from gigcx.kernel.errors import NotFound
from gigcx.web import timeline
from gigcx.web.admin_site import OpsModelAdmin

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Decision:
    """One button. `run(thing, reason=..., by=..., at=...)` calls one action.

    `kind` is primary, default or danger. `consequence` says under the button what will happen. `seen` returns what the
    decision rests on: a page that showed something else decides nothing.
    """

    name: str
    label: "str | Promise"
    run: Callable[..., object]
    done: "str | Promise"
    is_offered: Callable[[Any], bool] = lambda thing: True
    needs_reason: bool = False
    reason_label: "str | Promise" = ""
    kind: str = "default"
    consequence: "str | Promise" = ""
    seen: Callable[[Any], str] | None = None


def live(name: str, words: str) -> SafeString:
    """This function will write a figure so that a page that asks for itself again finds where it stands."""
    return format_html('<span id="live-{}">{}</span>', name, words)


class DecidingAdmin(OpsModelAdmin):
    """A read-only page of one thing, with its decisions above and its history below.

    While the thing `is_moving`, the page asks for itself again every few seconds, not while a reason is being written;
    decisions, history and the fields named in `live_fields` are put in place, each written with `live`.
    """

    decisions: ClassVar[tuple[Decision, ...]] = ()
    live_fields: ClassVar[tuple[str, ...]] = ()
    change_form_outer_before_template = "admin/_decisions.html"
    change_form_outer_after_template = "admin/_history.html"

    class Media:
        js = (Script("app.js", type="module"),)

    def is_moving(self, thing: Any) -> bool:
        """This function will say whether figures of the thing change while somebody looks: no, unless a page says so."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """This function will add the address that decisions post to."""
        view = self.admin_site.admin_view(require_POST(self.decide))
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        own = [path("<path:object_id>/decide/<slug:name>/", view, name=name)]
        return [*own, *super().get_urls()]

    def offered(self, thing: Any) -> list[Decision]:
        """This function will return the decisions that may be taken now."""
        return [decision for decision in self.decisions if decision.is_offered(thing)]

    def history(self, thing: Any) -> QuerySet[AuditEntry]:
        """This function will return the lines shown below the thing; a thing with parts adds theirs."""
        return history_of(thing)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """This function will show the thing with its decisions and its history."""
        thing = self.get_object(request, object_id)
        more = {} if thing is None else self._around(thing)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})  # type: ignore[no-any-return]

    def decide(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """This function will take a decision and return to the thing, saying what happened or why not."""
        thing = self.get_object(request, object_id)
        if thing is None:
            raise NotFound
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        decision = next((one for one in self.offered(thing) if one.name == name), None)
        if decision is None:
            messages.error(request, _("This is no longer possible: it changed meanwhile."))
        elif decision.seen is not None and request.POST.get("seen") != decision.seen(thing):
            messages.error(request, _("This changed since you opened the page. Look at it again and decide then."))
        elif decision.needs_reason and not reason:
            messages.error(request, _("Give a reason; the person reads it."))
        else:
            self.attempt(request, lambda by, at: decision.run(thing, reason=reason, by=by, at=at), str(decision.done))
        return HttpResponseRedirect(self._address(object_id))

    def _around(self, thing: Any) -> dict[str, Any]:
        return {
            "decisions": self._shown(thing),
            "history": timeline.lines(self.history(thing)),
            "is_moving": self.is_moving(thing),
            "live_parts": ",".join(("#history", *(f"#live-{name}" for name in self.live_fields))),
        }

    def _shown(self, thing: Any) -> list[dict[str, Any]]:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_decide"
        return [
            {
                "decision": one,
                "url": reverse(name, args=[str(thing.pk), one.name]),
                "seen": one.seen(thing) if one.seen else "",
            }
            for one in self.offered(thing)
        ]

    def _address(self, object_id: str) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[object_id])
