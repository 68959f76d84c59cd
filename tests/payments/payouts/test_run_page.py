"""A payout run's page for ops: it asks for itself again while workers send, and only then."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import OpsActor
from payments.gateways import execution
from payments.models import PayoutRun
from payments.states import RunState
from recruiting.models import Agent, Program
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
MOVING = "This is moving"


@pytest.fixture
def run(ada: Agent, program: Program) -> PayoutRun:
    """A run that is being sent."""
    pay.make_payable(ada, program)
    pay.make_account(ada)
    pay.fund_sandbox()
    return pay.make_running_run()


@pytest.fixture
def ops(client: Client, olu: OpsActor) -> Client:
    client.force_login(olu.user)
    return client


def page_of(ops: Client, run: PayoutRun) -> str:
    return ops.get(reverse("admin:payments_payoutrun_change", args=[run.pk])).content.decode()


def test_a_run_that_is_sent_is_fetched_again_into_places_that_the_page_has(ops: Client, run: PayoutRun) -> None:
    page = page_of(ops, run)
    assert MOVING in page
    places = re.findall(r'hx-select-oob="(#history[^"]+)"', page)
    assert places == ["#history,#live-state,#live-payouts,#live-checks,#live-closed"]
    for place in (*places[0].split(","), "#decisions"):
        assert page.count(f'id="{place[1:]}"') == 1
    assert '<span id="live-state">Executing</span>' in page


def test_a_run_that_is_over_stands_still_and_says_when(ops: Client, run: PayoutRun) -> None:
    execution.execute_run(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.CLOSED
    page = page_of(ops, run)
    assert MOVING not in page
    assert '<span id="live-state">Closed</span>' in page
    assert '<span id="live-closed">–</span>' not in page


def test_a_runs_history_names_the_state_that_it_went_to(ops: Client, run: PayoutRun) -> None:
    page = page_of(ops, run)
    assert "the run is now executing" in page
    assert "the run is now …" not in page


def test_totals_that_ask_for_nobody_say_so(ops: Client, run: PayoutRun) -> None:
    assert "none needed for these totals" in page_of(ops, run)
