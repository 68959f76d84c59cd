"""Long files: read and written by workers, never while a page waits."""

from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from scheduling import actions
from scheduling.queries.uploads import uploads_to_work_on

READER = SystemActor("file reader")


@shared_task(queue="solver", ignore_result=True, acks_late=True, soft_time_limit=240, time_limit=270)
def work_on_upload(*, batch_id: str) -> None:
    """This function will do what one long file waits for."""
    actions.work_on_upload(batch_id=UUID(batch_id), by=READER, at=clock.now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_uploads() -> None:
    """This function will take up long files whose hint was lost or whose worker died."""
    for batch_id in uploads_to_work_on(at=clock.now()):
        work_on_upload.apply_async(kwargs={"batch_id": str(batch_id)})
