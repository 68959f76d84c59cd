"""Papers made ahead of the first download."""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from payments import actions
from payments.errors.documents import DocumentAltered
from payments.queries.clock import database_now
from payments.queries.documents import statements_without_papers

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True, acks_late=True)
def keep_statement_papers() -> None:
    """This function will render new statements; one that was altered, or cannot be set, is told and keeps no other waiting."""
    for statement_id in statements_without_papers():
        try:
            actions.keep_statement_papers(statement_id, at=database_now())
        except SoftTimeLimitExceeded:
            raise  # no fault of this one: the next sweep goes on
        except DocumentAltered:
            logger.exception("statement %s is not what was hashed", statement_id)
        except Exception:
            logger.exception("statement %s cannot be set", statement_id)
