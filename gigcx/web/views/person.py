"""A person's own page: name, language, time zone, and the way to everything about signing in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.accounts.actions import update_profile
from gigcx.accounts.forms import ProfileForm
from gigcx.accounts.queries import has_second_factor
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.web.access import PersonRequest, person_page
from gigcx.web.refusals import show_refusal, status_of


@person_page
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """This function will show and change how the person is named and how they read times and words."""
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=ProfileForm.initial_of(request.user))
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, _("Saved."))
        return redirect("web:person")
    context = {"page_title": _("You"), "form": form, "has_second_factor": has_second_factor(request.user)}
    return render(request, "tenancy/person.html", context, status=status_of(form))


def _changed(request: PersonRequest, form: ProfileForm) -> bool:
    try:
        update_profile(user=request.user, **form.cleaned_data, by=request.actor, at=clock.now())
    except DomainError as refused:
        show_refusal(form, refused)
        return False
    return True
