"""Draws from the close to the reveal, void ones and what stands beside them."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed
from gigcx.tenancy.actors import BrandActor, OpsActor
from recruiting.models import Agent, Engagement, Program
from scheduling.actions import settlements, waves, windows
from scheduling.actions.claims import claim_shift
from scheduling.allocation.verify_draw import check, find
from scheduling.errors import ShiftNotOpen, WaveNotOpen, WindowNotSettled
from scheduling.models import (
    Claim,
    ClaimWindow,
    DrawEntry,
    Incentive,
    ReleaseWave,
    SchedulingRules,
    Shift,
    WaitlistEntry,
)
from scheduling.queries.draws import draw_proof
from scheduling.states import (
    ClaimSource,
    DrawEntryState,
    RequestState,
    ShiftState,
    WaveAudience,
    WaveMode,
    WindowState,
)
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.scheduling.release.scene import (
    CLOCK,
    DAY,
    HOUR,
    audited,
    close,
    enter,
    entry,
    fresh,
    released,
    settle,
    state_of,
    window_of,
    worker,
)

pytestmark = pytest.mark.django_db


# the draw


def test_a_revealed_draw_proves_itself_with_the_script_and_its_seats_are_claims(chat: Program, at: datetime) -> None:
    people = [worker(f"P{n} Draw", chat, at) for n in range(7)]
    request, shifts = released(chat, at, seats=1)
    window = window_of(request)
    for number, agent in enumerate(people):
        enter(window, agent, shifts if number % 2 else shifts[::-1], at)
    settled = settle(window)
    proof = draw_proof(settled)
    said: list[str] = []
    assert check(proof, say=said.append), said
    assert find(proof, entry(window, people[0]).receipt, say=said.append)
    claims = Claim.objects.across_brands().filter(source=ClaimSource.DRAW)
    assert {(str(one.shift_id), str(one.agent_id)) for one in claims} == {
        (one["shift"], str(DrawEntry.objects.across_brands().get(pseudonym=one["pseudonym"]).agent_id))
        for one in proof["winners"]
    }
    assert len(proof["winners"]) == 3
    assert {state_of(shift) for shift in shifts} == {ShiftState.OPEN}
    for shift in shifts:
        line = WaitlistEntry.objects.across_brands().filter(shift=shift).order_by("position")
        names = [DrawEntry.objects.across_brands().get(agent=one.agent).pseudonym for one in line]
        assert names == proof["waitlist"][str(shift.pk)]


def test_leftovers_of_a_draw_are_claimed_first_come_after_it(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts[:1], at)
    settle(window)
    claim = claim_shift(shift_id=shifts[0].pk, agent=bo, by=recruit.agent_actor(bo), at=window.closes_at + HOUR)
    assert claim.source == ClaimSource.FIRST_COME


def test_the_seats_of_favorites_come_first_and_the_rest_is_drawn_by_everyone(
    chat: Program, ada: Agent, at: datetime
) -> None:
    fay = worker("Fay Vorite", chat, at, is_favorite=True)
    request, shifts = released(chat, at, seats=4)
    first, second = window_of(request, 1), window_of(request, 2)
    enter(first, fay, shifts[:1], at)
    settle(first)
    assert Claim.objects.across_brands().get(agent=fay).shift_id == shifts[0].pk
    assert {state_of(shift) for shift in shifts} == {ShiftState.COLLECTING}
    windows.open_window(window_id=second.pk, by=CLOCK, at=second.opens_at)
    enter(second, ada, shifts, second.opens_at)
    settled = settle(second)
    assert settled.result["slots"][0]["seats"] == 3
    assert {state_of(shift) for shift in shifts} == {ShiftState.OPEN}
    assert check(draw_proof(settled), say=lambda line: None)


def test_a_winner_no_longer_eligible_is_passed_over_with_a_public_reason(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at, seats=1)
    window = window_of(request)
    enter(window, ada, shifts[:1], at)
    enter(window, bo, shifts[:1], at)
    close(window)
    settlements.draw_window(window_id=window.pk, by=CLOCK, at=window.closes_at)
    winner_name = fresh(window).result["winners"][0]["pseudonym"]
    winner = DrawEntry.objects.across_brands().get(pseudonym=winner_name)
    Engagement.objects.across_brands().filter(agent=winner.agent).update(blocked_by_brand_at=at)
    settlements.settle_draw(window_id=window.pk, by=CLOCK, at=window.closes_at)
    proof = draw_proof(fresh(window))
    assert proof["passed_over"] == [
        {
            "pseudonym": winner_name,
            "shift": str(shifts[0].pk),
            "reason": "no longer eligible for the program",
        }
    ]
    assert check(proof, say=lambda line: None)
    loser = DrawEntry.objects.across_brands().exclude(pk=winner.pk).get()
    assert Claim.objects.across_brands().count() == 0
    invited = WaitlistEntry.objects.across_brands().get(shift=shifts[0])
    assert (invited.agent_id, invited.state) == (loser.agent_id, "invited")


def test_a_draw_killed_between_two_grants_goes_on_with_the_same_winners_and_nothing_double(
    chat: Program, at: datetime
) -> None:
    people = [worker(f"P{n} Draw", chat, at) for n in range(6)]
    request, shifts = released(chat, at, seats=2)
    window = window_of(request)
    for agent in people:
        enter(window, agent, shifts, at)
    close(window)
    settlements.draw_window(window_id=window.pk, by=CLOCK, at=window.closes_at)
    winners = fresh(window).result["winners"]
    waiting = settlements.winning_entries(window.pk)
    settlements.grant_entry(entry_id=waiting[0], by=CLOCK, at=window.closes_at)  # then the worker dies
    settlements.reveal_window(window_id=window.pk, by=CLOCK, at=window.closes_at)
    assert fresh(window).state == WindowState.DRAWN
    for _again in range(2):
        settlements.settle_draw(window_id=window.pk, by=CLOCK, at=window.closes_at + HOUR)
    settlements.grant_entry(entry_id=waiting[0], by=CLOCK, at=window.closes_at + HOUR)
    revealed = fresh(window)
    assert (revealed.state, revealed.result["winners"]) == (WindowState.REVEALED, winners)
    assert Claim.objects.across_brands().count() == len(winners) == 6
    assert [one.filled for one in Shift.objects.across_brands().order_by("starts_at")] == [2, 2, 2]
    assert OutboxEvent.objects.filter(type="scheduling.draw_revealed").count() == 1


def test_a_draw_whose_entries_were_changed_after_the_close_is_not_drawn(
    chat: Program, ada: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    close(window)
    DrawEntry.objects.across_brands().update(tickets=400)
    with pytest.raises(WindowNotSettled):
        settlements.settle_draw(window_id=window.pk, by=CLOCK, at=window.closes_at)
    assert fresh(window).state == WindowState.CLOSED


def test_a_drawn_window_and_its_ended_entries_are_frozen_in_the_database(
    chat: Program, ada: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    settle(window)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimWindow.objects.across_brands().update(entries_digest="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawEntry.objects.across_brands().update(tickets=1)


def test_every_opening_of_the_seed_is_in_the_audit_trail(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    assert audited("scheduling.open_seed") == 0
    enter(window, ada, shifts, at)
    settle(window)
    reasons = AuditEntry.objects.filter(action="scheduling.open_seed").order_by("at", "id")
    assert list(reasons.values_list("reason", flat=True)) == ["draw", "reveal"]


def test_a_draw_that_nobody_entered_is_revealed_and_everything_opens(chat: Program, at: datetime) -> None:
    request, shifts = released(chat, at)
    settled = settle(window_of(request))
    assert settled.state == WindowState.REVEALED
    assert check(draw_proof(settled), say=lambda line: None)
    assert {state_of(shift) for shift in shifts} == {ShiftState.OPEN}


# void


def test_ops_void_a_draw_with_a_reason_its_seed_is_public_and_a_new_one_follows(
    chat: Program, ada: Agent, olu: OpsActor, acme_owner: BrandActor, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    with pytest.raises(NotAllowed):
        settlements.void_window(window_id=window.pk, reason="No", by=acme_owner, at=at)
    with pytest.raises(Invalid):
        settlements.void_window(window_id=window.pk, reason=" ", by=olu, at=at)
    follower = settlements.void_window(window_id=window.pk, reason="Wrong shifts.", by=olu, at=at + HOUR)
    assert follower is not None
    voided = fresh(window)
    assert (voided.state, len(voided.revealed_seed)) == (WindowState.VOID, 64)
    assert draw_proof(voided)["void_reason"] == "Wrong shifts."
    assert entry(window, ada).state == DrawEntryState.REMOVED
    assert (follower.state, follower.closes_at) == (WindowState.OPEN, at + HOUR + DAY)
    assert follower.commitment != voided.commitment
    enter(follower, ada, shifts, at + 2 * HOUR)
    settle(follower)
    assert Claim.objects.across_brands().filter(agent=ada).exists()


def test_a_voided_draw_without_time_for_another_opens_first_come(chat: Program, olu: OpsActor, at: datetime) -> None:
    request, shifts = released(chat, at, starts=(38, 40))
    window = window_of(request)
    assert settlements.void_window(window_id=window.pk, reason="Late.", by=olu, at=at + 20 * HOUR) is None
    wave = ReleaseWave.objects.across_brands().get(request=request, mode=WaveMode.FIRST_COME)
    waves.open_wave(wave_id=wave.pk, by=CLOCK, at=wave.opens_at)
    assert {state_of(shift) for shift in shifts} == {ShiftState.OPEN}


def test_a_drawn_draw_cannot_be_voided(chat: Program, ada: Agent, olu: OpsActor, at: datetime) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    settle(window)
    with pytest.raises(MoveRefused):
        settlements.void_window(window_id=window.pk, reason="Too late.", by=olu, at=at + 3 * DAY)


def test_the_draw_of_a_cancelled_request_is_voided_by_the_sweep(chat: Program, ada: Agent, at: datetime) -> None:
    from scheduling import tasks

    request, shifts = released(chat, at)
    enter(window_of(request), ada, shifts, at)
    Shift.objects.across_brands().update(state=ShiftState.CANCELLED)
    type(request).objects.across_brands().update(state=RequestState.CANCELLED)
    tasks.sweep_release()
    assert fresh(window_of(request)).state == WindowState.VOID


def test_a_claim_is_refused_while_its_draw_is_not_settled(chat: Program, ada: Agent, at: datetime) -> None:
    _request, shifts = released(chat, at)
    with pytest.raises((WaveNotOpen, ShiftNotOpen)):
        claim_shift(shift_id=shifts[0].pk, agent=ada, by=recruit.agent_actor(ada), at=at)
    assert not Claim.objects.across_brands().exists()


def test_the_rules_of_the_program_decide_how_long_a_draw_stays_open(chat: Program, at: datetime) -> None:
    SchedulingRules.objects.create(brand_id=chat.brand_id, program=chat, draw_hours=6, updated_at=at)
    request, _shifts = released(chat, at)
    window = window_of(request)
    assert window.closes_at - window.opens_at == 6 * HOUR


# the demo world


def test_the_demo_shows_one_revealed_draw_one_open_and_extra_pay(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    from gigcx.web.demo import World
    from scheduling.demo.release import tell_extra_pay, tell_release

    bench = []
    for number in range(12):
        agent = worker(f"P{number} Demo", chat, at - 3 * DAY)
        bench.append(Engagement.objects.across_brands().select_related("agent__user").get(agent=agent))
    sched.make_shift(chat, at + 6 * DAY, seats=2)
    tell_release(World(at=at), chat, bench, by=acme_owner)
    tell_extra_pay(World(at=at), chat, by=acme_owner)
    by_audience = {one.wave.audience: one for one in ClaimWindow.objects.across_brands().select_related("wave")}
    revealed, running = by_audience[WaveAudience.FAVORITES], by_audience[WaveAudience.EVERYONE]
    assert (revealed.state, running.state) == (WindowState.REVEALED, WindowState.OPEN)
    assert Claim.objects.across_brands().filter(source=ClaimSource.DRAW).exists()
    assert check(draw_proof(revealed), say=lambda line: None)
    assert running.opens_at < at < running.closes_at
    assert DrawEntry.objects.across_brands().filter(window=running).count() == 6
    assert Incentive.objects.across_brands().count() == 1
