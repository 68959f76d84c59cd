"""Recurring demand, pencilled in four weeks ahead."""

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from scheduling import actions
from scheduling.queries.templates import weeks_to_materialize
from scheduling.tasks.core import apart

TEMPLATES = SystemActor("demand templates")


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def materialize_templates() -> None:
    """This function will pencil in the weeks that templates have due; a refused one does not hold up the rest."""
    for template_id, week in weeks_to_materialize(at=clock.now()):
        with apart(f"template in {week}", template_id):
            actions.materialize_template(template_id=template_id, week_starts_on=week, by=TEMPLATES, at=clock.now())
