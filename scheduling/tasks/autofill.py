"""Auto-fill in the background: plans are made and granted here, never in a web request."""

from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from scheduling.actions import autofill
from scheduling.queries.autofill import runs_to_grant, runs_to_solve

FILLER = SystemActor("auto-fill")


@shared_task(queue="solver", ignore_result=True, acks_late=True, soft_time_limit=60, time_limit=90)
def solve_auto_fill(*, run_id: str) -> None:
    """This function will make the plan of one queued run."""
    autofill.solve_auto_fill(run_id=UUID(run_id), by=FILLER, at=clock.now(), clock=clock.now)


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=240, time_limit=300)
def grant_auto_fill(*, run_id: str) -> None:
    """This function will grant the picks of one accepted plan, from where it was left."""
    autofill.grant_auto_fill(run_id=UUID(run_id), by=FILLER, at=clock.now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_auto_fill() -> None:
    """This function will take up runs whose hint was lost or whose worker died, in either half."""
    at = clock.now()
    for run_id in runs_to_solve(at=at):
        solve_auto_fill.apply_async(kwargs={"run_id": str(run_id)})
    for run_id in runs_to_grant(at=at):
        grant_auto_fill.apply_async(kwargs={"run_id": str(run_id)})
