"""What ops see of seats that change hands, and of what the sweeps should have done."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import OpsActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Shift
from scheduling.queries.findings import findings
from scheduling.states import ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def ops(client: Client, olu: OpsActor, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "now", lambda: at)
    client.force_login(olu.user)
    return client


def overdue(at: datetime) -> dict[str, int]:
    return {str(one.name): one.count for one in findings(at=at) if one.count}


def test_a_world_that_keeps_up_leaves_nothing_behind(chat: Program, ada: Agent, at: datetime) -> None:
    plan.make_claim(ada, plan.make_shift(chat, at + HOUR))
    plan.make_shift(chat, at)  # due this moment: the next tick does it
    assert overdue(at) == {}


def test_what_the_sweeps_did_not_do_is_named_and_a_wrong_counter_with_it(
    chat: Program, ada: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at - HOUR)
    plan.make_claim(ada, shift)
    Shift.objects.across_brands().filter(pk=shift.pk).update(filled=2)
    assert overdue(at) == {
        "Shifts that have begun and do not say so": 1,
        "Claims nobody came to that are not marked": 1,
        "Counters of seats that do not count right": 1,
    }


def test_ops_open_what_was_left_behind_and_read_the_lines_and_swaps(
    ops: Client, chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    page = reverse("admin:scheduling_findings")
    assert b"Nothing was left behind." in ops.get(page).content
    late = plan.make_shift(chat, at - HOUR, state=ShiftState.OPEN)
    page_text = ops.get(page).content.decode()
    assert "One thing is overdue." in page_text
    assert reverse("admin:scheduling_shift_change", args=[late.pk]) in page_text
    assert page in ops.get("/admin/").content.decode()

    full = plan.make_shift(chat, at + 48 * HOUR, seats=1)
    held = plan.make_claim(ada, full, at=at - HOUR)
    entry = actions.join_waitlist(shift_id=full.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    swap = actions.offer_swap(claim_id=held.pk, by=recruit.agent_actor(ada), at=at)
    for name, row in (("waitlistentry", entry), ("swapoffer", swap)):
        assert ops.get(reverse(f"admin:scheduling_{name}_changelist")).status_code == 200
        looked = ops.get(reverse(f"admin:scheduling_{name}_change", args=[row.pk]))
        assert (looked.status_code, b'name="_save"' in looked.content) == (200, False)


def test_nobody_else_sees_what_was_left_behind(client: Client, ada: Agent) -> None:
    client.force_login(ada.user)
    assert client.get(reverse("admin:scheduling_findings")).status_code in {302, 404}
