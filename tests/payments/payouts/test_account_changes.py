"""Whose money shall go elsewhere is asked once more who they are, and works and is paid meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit import dispatcher
from payments import actions
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import vetting as vet
from vetting.models import AgentIdentity, IdentityCheck
from vetting.states import CheckState, IdentityState

pytestmark = pytest.mark.django_db


def change_account(agent: Agent, *, days: int = 0) -> None:
    at = MONDAY_NOON + timedelta(days=days)
    actions.replace_payout_account(
        agent_id=agent.pk, rail="sandbox", country="US", has_stepped_up=True, by=pay.SYSTEM, at=at
    )
    dispatcher.dispatch_due(at=at)


def test_a_changed_payout_account_asks_a_verified_agent_once_more_who_they_are(ada: Agent, program: Program) -> None:
    vet.make_eligible(ada, program, MONDAY_NOON - timedelta(days=30))
    pay.make_account(ada)
    for day in (0, 1):
        change_account(ada, days=day)
    check = IdentityCheck.objects.across_brands().open().get(agent=ada)
    assert (check.purpose, check.state) == (IdentityCheck.Purpose.PAYOUT_CHANGE, CheckState.AWAITING_INPUT)
    assert AgentIdentity.objects.across_brands().get(agent=ada).state == IdentityState.VERIFIED


def test_who_was_never_verified_is_asked_before_work_and_not_for_a_changed_account(bo: Agent) -> None:
    pay.make_account(bo)
    change_account(bo)
    assert not IdentityCheck.objects.across_brands().filter(agent=bo).exists()


def test_the_page_says_why_and_takes_documents_from_who_is_verified(
    ada: Agent, program: Program, monkeypatch: Any
) -> None:
    monkeypatch.setattr("gigcx.kernel.clock.now", lambda: MONDAY_NOON)
    vet.make_eligible(ada, program, MONDAY_NOON - timedelta(days=30))
    client = Client()
    client.force_login(ada.user)
    before = client.get(reverse("vetting:identity")).content.decode()
    assert "Your identity is verified until" in before
    pay.make_account(ada)
    change_account(ada)
    page = client.get(reverse("vetting:identity")).content.decode()
    assert "We ask once more who you are." in page
    assert "Send for review" in page
