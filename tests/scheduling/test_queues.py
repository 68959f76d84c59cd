"""Ops' queues count what a person has to decide, and nothing that settles itself."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from gigcx.kernel import clock
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_app import queue_rows
from recruiting.models import Agent, Program
from scheduling.models import Claim
from scheduling.states import ClaimState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
QUEUE = "Work in dispute, or missed by its weekly lock"


def waiting(at: datetime) -> int:
    return next(int(row["count"]) for row in queue_rows(at) if row["label"] == QUEUE)


@pytest.mark.parametrize(
    ("state", "days_ago", "count"),
    [
        (ClaimState.WORKED, 1, 0),
        (ClaimState.WORKED, 8, 0),
        (ClaimState.WORKED, 10, 1),
        (ClaimState.DISPUTED, 1, 1),
        (ClaimState.VERIFIED, 10, 0),
    ],
)
def test_only_what_no_sweep_settles_is_a_decision(
    chat: Program,
    ada: Agent,
    olu: OpsActor,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    days_ago: int,
    count: int,
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at - timedelta(days=days_ago), hours=2), state=state)
    assert waiting(at) == count
    monkeypatch.setattr(clock, "now", lambda: at)
    client = Client()
    client.force_login(olu.user)
    page = client.get("/admin/scheduling/claim/?waits=person").content.decode()
    assert (str(claim.pk) in page) is bool(count)
    assert Claim.objects.across_brands().count() == 1
