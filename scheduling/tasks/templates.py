"""Recurring demand, pencilled in four weeks ahead."""

import logging

from celery import shared_task

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from scheduling import actions
from scheduling.queries.templates import weeks_to_materialize

logger = logging.getLogger(__name__)
TEMPLATES = SystemActor("demand templates")


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def materialize_templates() -> None:
    """This function will pencil in the weeks that templates have due; a refused one does not hold up the rest."""
    for template_id, week in weeks_to_materialize(at=clock.now()):
        try:
            actions.materialize_template(template_id=template_id, week_starts_on=week, by=TEMPLATES, at=clock.now())
        except DomainError as refused:
            logger.warning("template %s in %s: %s", template_id, week, refused.code)
