"""Ops correct what somebody worked, on a page of the claim, with the fault where one is shown."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling.models import Claim, MinuteAdjustment
from scheduling.states import ClaimState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
SENT = {"minutes": "-10", "reason": "At lunch from 12:50.", "fault": "The desk was left running."}


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    return plan.make_worked_claim(ada, plan.make_shift(chat, at - timedelta(hours=6)), state=ClaimState.VERIFIED)


def address(claim: Claim) -> str:
    return reverse("admin:scheduling_claim_minutes", args=[claim.pk])


def test_ops_take_minutes_off_with_the_fault_and_the_claim_is_verified_again(ops_desk: Client, claim: Claim) -> None:
    assert address(claim) in ops_desk.get(reverse("admin:scheduling_claim_change", args=[claim.pk])).content.decode()
    done = ops_desk.post(address(claim), SENT, follow=True).content.decode()
    row = MinuteAdjustment.objects.across_brands().get(claim=claim)
    assert (row.seconds, row.reason) == (-600, "At lunch from 12:50.")
    assert row.evidence == {"fault": "The desk was left running."}
    before, claim.version = claim.version, Claim.objects.across_brands().get(pk=claim.pk).version
    assert claim.version == before + 1
    assert "corrected the minutes" in done


@pytest.mark.parametrize("wrong", [{"minutes": "0"}, {"minutes": "1441"}, {"minutes": "ten"}, {"reason": ""}])
def test_a_correction_that_makes_no_sense_is_refused_and_stays_typed(
    ops_desk: Client, claim: Claim, wrong: dict[str, str]
) -> None:
    answer = ops_desk.post(address(claim), {**SENT, **wrong})
    assert answer.status_code == 422
    assert "The desk was left running." in answer.content.decode()
    assert not MinuteAdjustment.objects.across_brands().exists()


def test_a_fault_belongs_to_minutes_that_are_taken_off(ops_desk: Client, claim: Claim) -> None:
    assert ops_desk.post(address(claim), {**SENT, "minutes": "10"}).status_code == 422
    assert not MinuteAdjustment.objects.across_brands().exists()


def test_a_claim_nobody_worked_has_no_minutes_to_correct(
    ops_desk: Client, chat: Program, ada: Agent, at: datetime
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at + timedelta(days=1)))
    assert ops_desk.get(address(claim)).status_code == 404


def test_nobody_but_ops_reaches_the_minutes_of_a_claim(claim: Claim, acme_owner: BrandActor) -> None:
    client = Client()
    client.force_login(acme_owner.user)
    assert client.post(address(claim), SENT).status_code in (302, 403, 404)
    assert not MinuteAdjustment.objects.across_brands().exists()
