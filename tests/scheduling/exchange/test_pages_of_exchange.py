"""The pages of lines, swaps and confirmations: what they offer, what they refuse and why, and what comes next."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import AgentActor, BrandActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, Shift, SwapOffer, WaitlistEntry
from scheduling.queries.doors import worker_for
from scheduling.states import ClaimKind, ClaimState, SwapState, WaitState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Watch:
    """A clock that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch, at: datetime) -> Watch:
    """The present, for the pages."""
    found = Watch(at)
    monkeypatch.setattr(clock, "now", lambda: found.at)
    return found


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs=kwargs)


@pytest.fixture
def full(chat: Program, ada: Agent, at: datetime) -> Shift:
    """A shift in two days whose only seat is Ada's."""
    shift = plan.make_shift(chat, at + 2 * DAY, seats=1)
    plan.make_claim(ada, shift, at=at - DAY)
    return shift


def week_of(agent: Agent) -> str:
    return signed_in(agent.user).get(url("schedule")).content.decode()


def test_pressing_claim_a_moment_too_late_puts_one_in_line_and_says_so(full: Shift, bo: Agent) -> None:
    pressed = signed_in(bo.user).post(
        url("shift-claim", shift_id=full.pk), {"key": "k", "version": 1, "pay_minor": 0}, follow=True
    )
    text = pressed.content.decode()
    assert "Someone was faster" in text
    assert "You are first in line." in text
    assert WaitlistEntry.objects.across_brands().get().agent == bo


def test_an_invitation_is_answered_from_the_week(full: Shift, ada: Agent, bo: Agent, watch: Watch) -> None:
    client = signed_in(bo.user)
    client.post(url("shift-wait", shift_id=full.pk))
    assert "You are first in line." in week_of(bo)
    held = Claim.objects.across_brands().get()
    actions.release_claim(claim_id=held.pk, accepted_points=0, by=recruit.agent_actor(ada), at=watch.at)
    assert "data-countdown" in week_of(bo)
    entry = WaitlistEntry.objects.across_brands().get()
    assert client.post(url("wait-accept", wait_id=entry.pk)).status_code == 302
    assert "On the waitlist" not in week_of(bo)
    assert Claim.objects.across_brands().get(agent=bo).state == ClaimState.CLAIMED


def test_an_invitation_that_is_over_says_so(full: Shift, ada: Agent, bo: Agent, watch: Watch) -> None:
    client = signed_in(bo.user)
    client.post(url("shift-wait", shift_id=full.pk), {"auto_accept": "on"})
    held = Claim.objects.across_brands().get()
    actions.release_claim(claim_id=held.pk, accepted_points=0, by=recruit.agent_actor(ada), at=watch.at)
    entry = WaitlistEntry.objects.across_brands().get()
    assert entry.auto_accept
    watch.at += 2 * HOUR
    late = client.post(url("wait-accept", wait_id=entry.pk))
    assert (late.status_code, "This invitation is over" in late.content.decode()) == (409, True)


def test_declining_and_leaving_end_the_wait(full: Shift, bo: Agent, cy: Agent, watch: Watch, ada: Agent) -> None:
    for agent in (bo, cy):
        signed_in(agent.user).post(url("shift-wait", shift_id=full.pk))
    held = Claim.objects.across_brands().get()
    actions.release_claim(claim_id=held.pk, accepted_points=0, by=recruit.agent_actor(ada), at=watch.at)
    first, second = WaitlistEntry.objects.across_brands().order_by("position")
    signed_in(bo.user).post(url("wait-decline", wait_id=first.pk))
    signed_in(cy.user).post(url("wait-leave", wait_id=second.pk))
    states = WaitlistEntry.objects.across_brands().order_by("position").values_list("state", flat=True)
    assert list(states) == [WaitState.DECLINED, WaitState.DECLINED]


def test_a_shift_is_confirmed_from_the_week_and_the_claim_page_says_until_when(
    full: Shift, ada: Agent, watch: Watch
) -> None:
    claim = Claim.objects.across_brands().get()
    client = signed_in(ada.user)
    assert "You will be reminded" in client.get(url("claim", claim_id=claim.pk)).content.decode()
    early = client.post(url("claim-confirm", claim_id=claim.pk))
    assert (early.status_code, "Confirming opens 24 hours" in early.content.decode()) == (409, True)
    watch.at = full.starts_at - DAY
    assert "somebody on the waitlist may take" in client.get(url("claim", claim_id=claim.pk)).content.decode()
    assert client.post(url("claim-confirm", claim_id=claim.pk)).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.CONFIRMED


def test_a_waiter_takes_an_unconfirmed_seat_from_the_week(full: Shift, bo: Agent, watch: Watch) -> None:
    client = signed_in(bo.user)
    client.post(url("shift-wait", shift_id=full.pk))
    watch.at = full.starts_at - HOUR
    assert "One holder has not confirmed." in week_of(bo)
    entry = WaitlistEntry.objects.across_brands().get()
    assert client.post(url("wait-take", wait_id=entry.pk)).status_code == 302
    assert Claim.objects.across_brands().get(agent=bo).state == ClaimState.CLAIMED


def test_a_standby_place_is_taken_and_shown(chat: Program, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY, standby_seats=1)
    answer = signed_in(bo.user).post(url("shift-standby", shift_id=shift.pk), follow=True)
    assert "Be ready to be called" in answer.content.decode()
    assert Claim.objects.across_brands().get().kind == ClaimKind.STANDBY
    assert "Standby" in week_of(bo)


def test_a_shift_is_offered_taken_over_and_traded_on_the_board(
    chat: Program, full: Shift, ada: Agent, bo: Agent, at: datetime
) -> None:
    claim = Claim.objects.across_brands().get()
    theirs, mine = signed_in(ada.user), signed_in(bo.user)
    odd = theirs.post(url("swap-offer", claim_id=claim.pk), {"to_handle": "nobody-here"})
    assert (odd.status_code, "nobody-here" in odd.content.decode()) == (422, True)
    assert theirs.post(url("swap-offer", claim_id=claim.pk), {"to_handle": ""}).status_code == 302
    assert "Take the offer back" in theirs.get(url("claim", claim_id=claim.pk)).content.decode()
    own = plan.make_claim(bo, plan.make_shift(chat, at + 4 * DAY, seats=1), at=at - DAY)
    wanted = SwapOffer.objects.across_brands().get()
    board = mine.get(url("swaps")).content.decode()
    assert "Take it over" in board
    assert str(own.pk) in board
    assert mine.post(url("swap-trade", swap_id=wanted.pk), {"claim": own.pk}).status_code == 302
    trade = SwapOffer.objects.across_brands().get(kind="trade")
    assert "In return for your shift" in theirs.get(url("swaps")).content.decode()
    assert theirs.post(url("swap-take", swap_id=trade.pk)).status_code == 302
    assert Claim.objects.across_brands().get(shift=full, state=ClaimState.CLAIMED).agent == bo


def test_an_offer_is_taken_back(full: Shift, ada: Agent, bo: Agent) -> None:
    claim = Claim.objects.across_brands().get()
    client = signed_in(ada.user)
    client.post(url("swap-offer", claim_id=claim.pk))
    offer = SwapOffer.objects.across_brands().get()
    assert client.post(url("swap-withdraw", swap_id=offer.pk)).status_code == 302
    late = signed_in(bo.user).post(url("swap-take", swap_id=offer.pk))
    assert (late.status_code, "no longer open" in late.content.decode()) == (409, True)


def test_a_planner_decides_swaps_and_a_no_needs_a_reason(
    chat: Program, full: Shift, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    plan.make_rules(chat, is_swap_approved=True)
    offer = actions.offer_swap(claim_id=Claim.objects.across_brands().get().pk, by=recruit.agent_actor(ada), at=at)
    asked = signed_in(bo.user).post(url("swap-take", swap_id=offer.pk), follow=True)
    assert "The brand is asked" in asked.content.decode()
    planner, where = signed_in(acme_owner.user), {"slug": "acme", "swap_id": offer.pk}
    assert "Bo Lind" in planner.get(url("swaps-to-approve", slug="acme")).content.decode()
    mute = planner.post(url("swap-refuse", **where), {"reason": ""})
    assert (mute.status_code, "both agents will read it" in mute.content.decode()) == (422, True)
    assert planner.post(url("swap-refuse", **where), {"reason": "Not this week."}).status_code == 302
    assert "Not this week." in signed_in(ada.user).get(url("swaps")).content.decode()
    signed_in(bo.user).post(url("swap-take", swap_id=offer.pk))
    assert planner.post(url("swap-approve", **where)).status_code == 302
    offer.refresh_from_db()
    assert offer.state == SwapState.TAKEN
    assert "No swap waits for you" in planner.get(url("swaps-to-approve", slug="acme")).content.decode()


def test_a_calendar_link_is_shown_once_and_ended(ada: Agent) -> None:
    client = signed_in(ada.user)
    made = client.post(url("feed-make")).content.decode()
    assert "/calendar/" in made
    assert "End the link" in week_of(ada)
    client.post(url("feed-revoke"))
    assert "Make a link" in week_of(ada)


@pytest.mark.parametrize(("page", "queries"), [("schedule", 12), ("swaps", 10)])
def test_a_page_asks_the_same_whether_it_shows_one_or_three(
    chat: Program,
    ada: Agent,
    bo: Agent,
    cy: Agent,
    as_bo: AgentActor,
    at: datetime,
    page: str,
    queries: int,
    django_assert_num_queries: Any,
) -> None:
    client = signed_in(bo.user)
    client.get(url(page))
    for count in (1, 2):
        for number in range(count):
            start = at + (3 + count + 5 * number) * DAY
            shift = plan.make_shift(chat, start, seats=1)
            held = plan.make_claim(ada, shift, at=at - DAY)
            actions.join_waitlist(shift_id=shift.pk, agent=worker_for(as_bo), by=as_bo, at=at)
            actions.offer_swap(claim_id=held.pk, by=recruit.agent_actor(ada), at=at)
        with django_assert_num_queries(queries):
            assert client.get(url(page)).status_code == 200
