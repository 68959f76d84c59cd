"""The dispatcher's task, and tidying up after the ticker."""

from celery import shared_task

from gigcx.audit import dispatcher, ticking
from gigcx.audit.hints import hint
from gigcx.kernel import clock


@shared_task(queue="default", ignore_result=True, acks_late=True)
def dispatch_outbox() -> None:
    """This function will hand waiting facts to their listeners until none is due."""
    for _round in range(20):
        if not dispatcher.dispatch_due(at=clock.now()):
            return


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def forget_old_runs() -> None:
    """This function will delete the ticker's old marks."""
    ticking.forget_old_runs(at=clock.now())


def hint_dispatcher() -> bool:
    """This function will ask for a dispatch soon; a lost request is made good by the sweep."""
    return hint(dispatch_outbox)


def hint_forgetting() -> bool:
    """This function will ask for the ticker's old marks to be deleted."""
    return hint(forget_old_runs)
