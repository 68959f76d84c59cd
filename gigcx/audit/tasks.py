"""The dispatcher's task."""

from celery import shared_task

from gigcx.audit import dispatcher
from gigcx.audit.hints import hint
from gigcx.kernel import clock


@shared_task(queue="default", ignore_result=True)
def dispatch_outbox() -> None:
    """This function will hand waiting facts to their listeners until none is due."""
    for _round in range(20):
        if not dispatcher.dispatch_due(at=clock.now()):
            return


def hint_dispatcher() -> None:
    """This function will ask for a dispatch soon; a lost request is made good by the sweep."""
    hint(dispatch_outbox)
