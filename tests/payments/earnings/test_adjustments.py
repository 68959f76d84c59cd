"""Corrections by hand: one person asks, another approves, and then there is a line like any other."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed
from gigcx.tenancy.actors import BrandActor, OpsActor
from payments import actions
from payments.errors import NeedsSecondPerson
from payments.models import AdjustmentRequest, Earning, LineDispute
from payments.pricing import recompute
from payments.states import AdjustmentState, DisputeDecision, EarningKind, EarningState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON, ops
from tests.factories import payments as pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]


def ask(line: Earning, by: OpsActor, **more: Any) -> AdjustmentRequest:
    given = {"kind": EarningKind.ADJUSTMENT, "pay_minor": 500, "bill_minor": 700, "reason": "Missed overtime.", **more}
    return actions.adjust_earning(
        engagement_id=line.engagement_id, corrects_id=line.pk, currency="USD", by=by, at=MONDAY_NOON, **given
    )


def approve(found: AdjustmentRequest, by: OpsActor) -> AdjustmentRequest:
    return actions.approve_adjustment(request_id=found.pk, reason="Seen.", by=by, at=MONDAY_NOON)


def test_nothing_is_paid_before_a_second_person_approves(ada: Agent, program: Program, olu: OpsActor) -> None:
    line = pay.make_earning(ada, program)
    found = ask(line, olu)
    with pytest.raises(NeedsSecondPerson):
        approve(found, olu)
    assert Earning.objects.across_brands().count() == 1
    done = approve(found, ops("Ines Ops"))
    assert done.earning is not None
    assert (done.earning.amount_minor, done.earning.kind) == (500, EarningKind.ADJUSTMENT)
    assert done.earning.charge.net_minor == 700
    assert recompute(done.earning.explanation) == 500
    with pytest.raises(MoveRefused):
        approve(found, ops("Uma Ops"))


def test_a_correction_is_in_the_currency_of_its_line(ada: Agent, program: Program, olu: OpsActor) -> None:
    line = pay.make_earning(ada, program)
    with pytest.raises(Invalid, match="USD") as refused:
        actions.adjust_earning(
            engagement_id=line.engagement_id,
            corrects_id=line.pk,
            kind=EarningKind.ADJUSTMENT,
            pay_minor=500,
            currency="EUR",
            reason="Missed overtime.",
            by=olu,
            at=MONDAY_NOON,
        )
    assert refused.value.field == "currency"


def test_what_the_brand_does_not_pay_is_the_platforms(ada: Agent, program: Program, olu: OpsActor) -> None:
    line = pay.make_earning(ada, program)
    done = approve(ask(line, olu, bill_minor=0, kind=EarningKind.BACK_PAY), ops("Ines Ops"))
    assert done.earning is not None
    assert done.earning.platform_share_minor == 500
    assert not hasattr(done.earning, "charge")


def test_a_correction_without_a_line_is_priced_by_the_programs_card(
    ada: Agent, program: Program, olu: OpsActor
) -> None:
    engagement = pay.engaged(ada, program)
    found = actions.adjust_earning(
        engagement_id=engagement.pk,
        kind=EarningKind.ADJUSTMENT,
        pay_minor=500,
        currency="USD",
        reason="Good will.",
        by=olu,
        at=MONDAY_NOON,
    )
    assert approve(found, ops("Ines Ops")).state == AdjustmentState.APPROVED


def test_a_clawback_by_hand_needs_two_people_and_gives_notice(ada: Agent, program: Program, olu: OpsActor) -> None:
    pay.run_of(ada, program)
    line = Earning.objects.across_brands().get()
    found = ask(line, olu, kind=EarningKind.CLAWBACK, pay_minor=-300, bill_minor=0, reason="Two devices at once.")
    done = approve(found, ops("Ines Ops"))
    assert done.earning is not None
    assert (done.earning.amount_minor, done.earning.state) == (-300, EarningState.ACCRUED)
    assert done.earning.explanation["fault"] == "Two devices at once."


def test_a_refused_correction_writes_no_line(ada: Agent, program: Program, olu: OpsActor) -> None:
    line = pay.make_earning(ada, program)
    found = actions.refuse_adjustment(request_id=ask(line, olu).pk, reason="No.", by=ops("Ines Ops"), at=MONDAY_NOON)
    assert (found.state, found.earning) == (AdjustmentState.REFUSED, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"pay_minor": 0},
        {"pay_minor": -1},
        {"bill_minor": 499},
        {"kind": EarningKind.TIME},
        {"kind": EarningKind.CLAWBACK},
    ],
)
def test_figures_and_reason_have_to_fit(ada: Agent, program: Program, olu: OpsActor, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        ask(pay.make_earning(ada, program), olu, **wrong)


def test_only_ops_correct_by_hand(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    with pytest.raises(NotAllowed):
        ask(pay.make_earning(ada, program), acme_owner)  # type: ignore[arg-type]  # what the action must refuse


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_ops_correct_a_line_and_decide_a_dispute_in_the_admin(
    ada: Agent, program: Program, acme_owner: BrandActor, olu: OpsActor
) -> None:
    line = pay.make_earning(ada, program, worked_to=MONDAY_NOON)
    client = signed_in(olu.user)
    asked = reverse("admin:payments_adjustment_ask", args=[line.pk])
    assert asked in client.get(reverse("admin:payments_earning_change", args=[line.pk])).content.decode()
    sent = {"kind": "adjustment", "pay": "5.00", "bill": "7.00", "reason": "Missed overtime."}
    assert client.post(asked, {**sent, "pay": "5.001"}).status_code == 422
    assert client.post(asked, sent).status_code == 302
    found = AdjustmentRequest.objects.across_brands().get()
    decide = reverse("admin:payments_adjustmentrequest_decide", args=[found.pk, "approve"])
    client.post(decide)
    assert Earning.objects.across_brands().count() == 1
    signed_in(ops("Ines Ops").user).post(decide)
    assert Earning.objects.across_brands().count() == 2
    dispute = actions.dispute_charge(charge_id=line.charge.pk, reason="Late.", by=acme_owner, at=MONDAY_NOON)
    page = client.get(reverse("admin:payments_linedispute_change", args=[dispute.pk])).content.decode()
    correct = reverse("admin:payments_linedispute_correct", args=[dispute.pk])
    assert correct in page
    assert client.post(correct, {"figure": "-1", "reason": "x"}).status_code == 422
    assert client.post(correct, {"figure": "12.00", "reason": "A quarter was late."}).status_code == 302
    dispute.refresh_from_db(from_queryset=LineDispute.objects.across_brands())
    assert (dispute.decision, dispute.decided_minor) == (DisputeDecision.CORRECTED, 1200)
    for model in ("linedispute", "adjustmentrequest", "earninghold"):
        assert client.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200
