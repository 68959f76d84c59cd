"""The pages where somebody says that a line is wrong: what each side sees, and what it never sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor
from gigcx.web.formats import money_text
from payments.models import Charge, Earning, LineDispute
from payments.states import EarningState, LineDisputeState
from recruiting.models import Agent, Program
from tests.cast import make_member
from tests.factories import payments as pay
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def line(ada: Agent, program: Program) -> Earning:
    """An hour at 16.00 (brand: 22.00) that ended an hour ago."""
    from payments import actions
    from scheduling.states import ClaimState

    at = clock.now().replace(minute=0, second=0, microsecond=0)
    shift = sched.make_shift(program, at - timedelta(hours=2), hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=60)
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=at)
    return Earning.objects.across_brands().get()


def wall(line: Earning, minutes: int) -> str:
    return f"{(line.worked_from + timedelta(minutes=minutes)).astimezone(zone_of(line.brand.timezone)):%H:%M}"


def test_an_agent_says_what_is_missing_and_reads_what_silence_does(line: Earning, ada: Agent, bo: Agent) -> None:
    client = signed_in(ada.user)
    page = client.get(reverse("payments:earning", kwargs={"earning_id": line.pk})).content.decode()
    url = reverse("payments:earning-dispute", kwargs={"earning_id": line.pk})
    assert url in page
    form = client.get(url).content.decode()
    assert "your figure stands" in form
    wrong = client.post(url, {"claimed": "12.00", "reason": "Ten minutes <b>"})
    assert wrong.status_code == 422
    assert "Ten minutes &lt;b&gt;" in wrong.content.decode()
    done = client.post(url, {"claimed": "18.67", "reason": "Ten minutes are missing."})
    dispute = LineDispute.objects.across_brands().get()
    assert done.headers["Location"] == reverse("payments:dispute", kwargs={"dispute_id": dispute.pk})
    assert dispute.claimed_minor == 1867
    assert "Ten minutes are missing." in client.get(done.headers["Location"]).content.decode()
    assert signed_in(bo.user).get(done.headers["Location"]).status_code == 404
    assert signed_in(bo.user).get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_a_brand_sees_what_disputing_does_before_it_does_it(
    line: Earning, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    client = signed_in(acme_owner.user)
    charge = Charge.objects.across_brands().get()
    url = reverse("payments:billing-dispute-open", kwargs={"slug": "acme", "charge_id": charge.pk})
    assert (
        url
        in client.get(
            reverse("payments:billing-line", kwargs={"slug": "acme", "charge_id": charge.pk})
        ).content.decode()
    )
    sent = {"part_from": wall(line, 0), "part_to": wall(line, 10), "reason": "Nobody there.", "do": "preview"}
    preview = client.post(url, sent).content.decode()
    assert "3.67" in preview
    assert "18.33" in preview
    assert "16.00" not in preview
    assert not LineDispute.objects.across_brands().exists()
    assert client.post(url, {**sent, "part_to": ""}).status_code == 422
    done = client.post(url, {**sent, "do": "open"})
    dispute = LineDispute.objects.across_brands().get()
    page = client.get(done.headers["Location"]).content.decode()
    assert "3.67" in page
    assert "2.67" not in page
    assert "3.67" in client.get(reverse("payments:billing-disputes", kwargs={"slug": "acme"})).content.decode()
    there = reverse("payments:billing-dispute", kwargs={"slug": "globex", "dispute_id": dispute.pk})
    assert signed_in(globex_owner.user).get(there).status_code == 404
    assert signed_in(globex_owner.user).get(url).status_code == 404
    viewer = make_member(acme_owner.brand, "Vera Viewer", role="viewer")
    assert signed_in(viewer.user).get(url).status_code == 403


def test_the_other_side_answers_and_agrees_with_a_button(line: Earning, ada: Agent, acme_owner: BrandActor) -> None:
    from payments import actions

    dispute = actions.dispute_charge(charge_id=line.charge.pk, reason="Nobody there.", by=acme_owner, at=clock.now())
    client = signed_in(ada.user)

    def press(act: str, **sent: str) -> Any:
        return client.post(reverse("payments:dispute-act", kwargs={"dispute_id": dispute.pk, "act": act}), sent)

    assert press("answer", words="").status_code == 422
    assert press("explode").status_code == 404
    assert press("withdraw").status_code == 403
    assert press("answer", words="I was on the phone.").status_code == 302
    assert press("agree").status_code == 302
    dispute.refresh_from_db(from_queryset=LineDispute.objects.across_brands())
    assert (dispute.state, dispute.answer) == (LineDisputeState.DECIDED, "I was on the phone.")
    assert pay.fresh(line.pk).state == EarningState.REVERSED
    page = client.get(reverse("payments:dispute", kwargs={"dispute_id": dispute.pk})).content.decode()
    assert "Ask for another look" in page


@pytest.mark.parametrize("name", ["dispute", "earning"])
def test_an_agents_pages_of_one_line_cost_little(
    name: str, line: Earning, ada: Agent, acme_owner: BrandActor, django_assert_max_num_queries: Any
) -> None:
    from payments import actions

    dispute = actions.dispute_charge(charge_id=line.charge.pk, reason="Nobody.", by=acme_owner, at=clock.now())
    ids = {"dispute": {"dispute_id": dispute.pk}, "earning": {"earning_id": line.pk}}
    client = signed_in(ada.user)
    client.get(reverse(f"payments:{name}", kwargs=ids[name]))
    with django_assert_max_num_queries(16):
        client.get(reverse(f"payments:{name}", kwargs=ids[name]))


def test_an_agent_disputes_over_the_api(line: Earning, ada: Agent, bo: Agent) -> None:
    url, client = f"/api/v1/me/earnings/{line.pk}/disputes/", signed_in(ada.user)
    sent = {"claimed_minor": 1867, "reason": "Ten minutes."}
    made = client.post(url, sent, content_type="application/json")
    assert (made.status_code, made.json()["claimed_minor"]) == (201, 1867)
    assert client.post(url, sent, content_type="application/json").status_code == 409
    assert client.post(url, {"claimed_minor": "x"}, content_type="application/json").status_code == 400
    assert len(client.get(url).json()) == 1
    assert signed_in(bo.user).get(url).status_code == 404
    assert signed_in(bo.user).post(url, sent, content_type="application/json").status_code == 404


def test_a_brand_disputes_and_confirms_over_the_api(
    line: Earning, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    url, client = f"/api/v1/brands/acme/charges/{line.charge.pk}/disputes/", signed_in(acme_owner.user)
    part = {
        "part_from": line.worked_from.isoformat(),
        "part_to": (line.worked_from + timedelta(minutes=10)).isoformat(),
    }
    made = client.post(url, {**part, "reason": "Nobody."}, content_type="application/json")
    assert (made.status_code, made.json()["in_question_minor"]) == (201, 367)
    assert "267" not in made.content.decode()
    assert [one["in_question_minor"] for one in client.get(url).json()] == [367]
    assert signed_in(globex_owner.user).get(url).status_code == 404
    rest = Charge.objects.across_brands().get(state="accrued")
    done = client.post(
        "/api/v1/brands/acme/charge-confirmations/", {"charges": [str(rest.pk)]}, content_type="application/json"
    )
    assert done.json() == {"confirmed": 1}


def test_an_agent_names_missing_minutes_and_sees_what_they_are_worth_before_saying_so(
    line: Earning, ada: Agent, acme_owner: BrandActor
) -> None:
    client, url = signed_in(ada.user), reverse("payments:earning-dispute", kwargs={"earning_id": line.pk})
    ada.user.timezone = "UTC"
    ada.user.save(update_fields=["timezone"])
    said = {"part_from": f"{line.worked_to:%H:%M}", "part_to": f"{line.worked_to + timedelta(minutes=10):%H:%M}"}
    shown = client.post(url, {**said, "reason": "The desk froze."})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert f"worth {money_text(Money(267, 'USD'))}: the line should be {money_text(Money(1867, 'USD'))}" in page
    assert 'value="18.67"' in page
    assert not LineDispute.objects.across_brands().exists()
    client.post(url, {**said, "claimed": "18.67", "reason": "The desk froze."})
    dispute = LineDispute.objects.across_brands().get()
    assert (dispute.claimed_minor, dispute.disputed_minor) == (1867, 0)
    assert (dispute.part_from, dispute.part_to) == (line.worked_to, line.worked_to + timedelta(minutes=10))
    assert dispute.part_from is not None
    told = signed_in(acme_owner.user).get(f"/b/acme/billing/disputes/{dispute.pk}/").content.decode()
    assert "Minutes" in told
    assert f"{dispute.part_from.astimezone(zone_of(line.brand.timezone)):%H:%M}" in told


@pytest.mark.parametrize("minutes", [(), (10,), (10, 20)])
def test_minutes_that_are_paid_or_half_said_are_no_dispute(line: Earning, ada: Agent, minutes: tuple[int, ...]) -> None:
    ada.user.timezone = "UTC"
    ada.user.save(update_fields=["timezone"])
    said = [f"{line.worked_from + timedelta(minutes=one):%H:%M}" for one in minutes]
    wrong = dict(zip(("part_from", "part_to"), said, strict=False))
    url = reverse("payments:earning-dispute", kwargs={"earning_id": line.pk})
    answer = signed_in(ada.user).post(url, {**wrong, "reason": "Hm, &c."})
    assert answer.status_code == 422
    assert "Hm, &amp;c." in answer.content.decode()
    assert not LineDispute.objects.across_brands().exists()


def test_minutes_named_over_the_api_are_priced_like_the_line(line: Earning, ada: Agent) -> None:
    url, client = f"/api/v1/me/earnings/{line.pk}/disputes/", signed_in(ada.user)
    ends = line.worked_to + timedelta(minutes=10)
    sent = {"part_from": line.worked_to.isoformat(), "part_to": ends.isoformat(), "reason": "Ten minutes."}
    for wrong in ({"part_to": None}, {"part_to": line.worked_from.isoformat()}, {"part_to": "9999-01-01T00:00:00Z"}):
        assert client.post(url, {**sent, **wrong}, content_type="application/json").status_code in (400, 422)
    made = client.post(url, sent, content_type="application/json")
    assert (made.status_code, made.json()["claimed_minor"]) == (201, 1867)
    assert parse_datetime(made.json()["part_to"]) == ends
