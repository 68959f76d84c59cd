"""The clock of the release: waves and draws every 15 seconds, the incentive ladder every 15 minutes."""

from celery import shared_task

from gigcx.kernel import clock
from scheduling.actions import incentives, settlements, waves, windows
from scheduling.queries import releasing
from scheduling.queries.incentives import shifts_on_the_ladder
from scheduling.tasks.core import each


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_release() -> None:
    """This function will open what is due, close and settle draws, and void those of cancelled requests."""
    at = clock.now()
    each(settlements.void_orphan, "window_id", releasing.orphaned_windows())
    each(windows.open_window, "window_id", releasing.windows_to_open(at=at))
    each(waves.open_wave, "wave_id", releasing.waves_to_open(at=at))
    each(windows.close_window, "window_id", releasing.windows_to_close(at=at))
    each(settlements.settle_draw, "window_id", releasing.windows_to_settle())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_ladder() -> None:
    """This function will climb the incentive ladder where shifts are short of cover and money is set aside."""
    each(incentives.climb_ladder, "shift_id", shifts_on_the_ladder(at=clock.now()))
