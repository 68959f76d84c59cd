"""Putting a refusal of the domain beside the field it is about."""

from django.forms import Form

from gigcx.kernel.errors import DomainError, Invalid


def show_refusal(form: Form, error: DomainError) -> None:
    """This function will add a refusal to the form: to its field where the form has it, above the form otherwise."""
    problems = error.problems if isinstance(error, Invalid) and error.problems else {error.field: [error.message]}
    for field, sentences in problems.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def status_of(form: Form) -> int:
    """This function will return 422 for a form that was refused and 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
