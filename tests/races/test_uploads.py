"""The same file applied in several tabs at once makes one forecast."""

from datetime import timedelta

import pytest

from scheduling import actions
from scheduling.models import Forecast, UploadBatch
from scheduling.states import UploadState
from tests import cast
from tests.races.presses import at_once
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TABS = 4


def test_the_same_file_applied_in_four_tabs_at_once_makes_one_forecast() -> None:
    at = cast.MONDAY_NOON
    brand = cast.make_brand("Acme")
    owner = cast.make_member(brand, "April Acme")
    program = made_program(brand, "Holiday Chat")
    first = (at + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
    lines = [f"{first + timedelta(minutes=30 * step):%Y-%m-%d %H:%M},12,180" for step in range(8)]
    content = "\n".join(["Start,Calls,AHT", *lines]).encode()
    batches = [
        actions.receive_upload(
            program_id=program.pk, channel="chat", kind="forecast", file_name="a.csv", content=content, by=owner, at=at
        ).pk
        for _tab in range(TABS // 2)
    ]
    applied = set(at_once(lambda tab: actions.apply_upload(batch_id=batches[tab // 2], by=owner, at=at).pk, times=TABS))
    assert len(applied) == 1
    assert Forecast.objects.across_brands().count() == 1
    assert UploadBatch.objects.across_brands().filter(state=UploadState.APPLIED).count() == 1
