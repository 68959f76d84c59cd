"""The clock of the day: incidents, excuses that nobody answered, time off that ran out."""

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from scheduling import actions
from scheduling.queries import excuses, incidents, intraday, vto
from scheduling.tasks.core import apart, each

INTRADAY = SystemActor("intraday")


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_day() -> None:
    """This function will bring incidents' excusals up to now, settle what is over, answer excuses nobody answered, end offers."""
    at = clock.now()
    each(actions.recompute_incident, "incident_id", incidents.incidents_to_recompute(at=at))
    each(actions.settle_incident, "incident_id", incidents.incidents_to_settle(at=at))
    each(actions.grant_by_silence, "excusal_id", excuses.excuses_to_grant(at=at))
    each(actions.close_vto, "offer_id", vto.offers_to_close(at=at))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_intraday() -> None:
    """This function will look at the next hours of every program with work on, and put remedies on its board."""
    at = clock.now()
    for program_id, channel, language in intraday.programs_on_the_day(at=at):
        with apart(f"intraday {channel} {language}".strip(), program_id):
            actions.run_intraday(program_id=program_id, channel=channel, language=language, by=INTRADAY, at=clock.now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def count_offered_minutes() -> None:
    """This function will write down how many minutes of work each engagement could have claimed yesterday."""
    actions.count_offered_minutes(by=INTRADAY, at=clock.now())
