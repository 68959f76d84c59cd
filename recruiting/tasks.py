"""Background work: one action call each."""

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from recruiting import actions


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def resume_rested_agents() -> None:
    """This function will bring back agents whose break has ended."""
    actions.resume_rested_agents(by=SystemActor("sweep"), at=clock.now())
