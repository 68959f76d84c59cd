"""A seat in a language is for those who speak it as well as the program asks for, by whichever way they come to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from recruiting.models import Agent, AgentLanguage, Program
from recruiting.queries import active_rate_card
from scheduling import actions
from scheduling.errors import NotEligible
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.draws import open_windows
from scheduling.queries.fill_odds import market_of
from scheduling.queries.fillings import filling_of
from scheduling.queries.offered import offered_yesterday
from scheduling.queries.open_shifts import open_shifts
from scheduling.queries.swaps import swap_board
from scheduling.queries.waits import unable
from scheduling.queries.weeks import week_period
from scheduling.states import ClaimSource, DrawEntryState, RequestState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.scheduling.release.scene import close, enter, entry, released, window_of
from vetting.queries.eligibility import Work, eligibilities, eligibility

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GERMAN = Work("de", "chat")


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """Chat in German, in two days."""
    request = plan.make_request(chat, at + 2 * DAY, language="de", languages=["de"])
    return plan.make_shift(chat, at + 2 * DAY, request=request)


def claim(shift: Shift, agent: Agent, at: datetime) -> object:
    return actions.claim_shift(shift_id=shift.pk, agent=agent, by=recruit.agent_actor(agent), at=at)


def test_who_does_not_speak_the_language_of_a_shift_reads_why_and_where_to_mend_it(
    shift: Shift, bo: Agent, at: datetime
) -> None:
    with pytest.raises(NotEligible) as refused:
        claim(shift, bo, at)
    (reason,), (step,) = refused.value.reasons, refused.value.next_steps
    assert (reason.code, step.code, step.who_acts) == ("language_missing", "language_missing", "agent")
    assert "German" in reason.sentence
    assert step.url == "/work/profile/abilities/"


def test_a_level_below_the_program_s_is_not_enough_and_the_same_level_is(shift: Shift, bo: Agent, at: datetime) -> None:
    row = recruit.give_language(bo, "de", level="B2")
    with pytest.raises(NotEligible) as refused:
        claim(shift, bo, at)
    assert [one.code for one in refused.value.reasons] == ["language_too_low"]
    assert "C1" in refused.value.reasons[0].sentence
    AgentLanguage.objects.across_brands().filter(pk=row.pk).update(reading="C1", writing="C1")
    claim(shift, bo, at)  # chat is read and written, whatever the level of speaking is
    shift.refresh_from_db()
    assert shift.filled == 1


def test_a_shift_in_no_language_asks_nobody_what_they_speak(chat: Program, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY)
    claim(shift, bo, at)
    assert not AgentLanguage.objects.across_brands().filter(agent=bo, tag="de").exists()


def test_many_agents_are_asked_for_their_language_with_one_query_more(
    chat: Program, german: Agent, bo: Agent, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        answers = eligibilities([german, bo], chat, at, work=GERMAN)
    assert {pk: one.is_eligible for pk, one in answers.items()} == {german.pk: True, bo.pk: False}
    assert answers[german.pk] == eligibility(german, chat, at)


def test_agents_see_the_shifts_that_they_speak_the_language_of(
    chat: Program, shift: Shift, german: Agent, bo: Agent, at: datetime
) -> None:
    plain = plan.make_shift(chat, at + 3 * DAY)
    assert [one.shift for one in open_shifts(german, at)] == [shift, plain]
    assert [one.shift for one in open_shifts(bo, at)] == [plain]
    recruit.give_language(bo, "de", level="B1")
    low = open_shifts(bo, at)[0]
    assert (low.shift, low.status, low.can_claim) == (shift, "not_yet", False)
    assert (low.fix_url, "C1" in low.reason) == ("/work/profile/abilities/", True)


@pytest.mark.parametrize("kind", ["standby", "line", "auto_fill"])
def test_no_other_way_to_a_seat_goes_round_the_language(kind: str, shift: Shift, bo: Agent, at: datetime) -> None:
    Shift.objects.across_brands().filter(pk=shift.pk).update(standby_seats=1)
    by = recruit.agent_actor(bo)
    ways: dict[str, Callable[[], object]] = {
        "standby": lambda: actions.claim_standby(shift_id=shift.pk, agent=bo, by=by, at=at),
        "line": lambda: actions.join_waitlist(shift_id=shift.pk, agent=bo, by=by, at=at),
        "auto_fill": lambda: actions.grant_claim(
            shift_id=shift.pk, agent=bo, by=by, at=at, idempotency_key="a", source=ClaimSource.AUTO_FILL
        ),
    }
    if kind == "line":
        Shift.objects.across_brands().filter(pk=shift.pk).update(seats=1, filled=1)
    with pytest.raises(NotEligible):
        ways[kind]()


def test_a_freed_seat_is_offered_to_nobody_who_does_not_speak_its_language(
    shift: Shift, german: Agent, bo: Agent, at: datetime
) -> None:
    assert list(unable([german, bo], shift, at=at)) == [bo.pk]


def test_a_swap_is_seen_and_taken_by_those_who_speak_its_language(
    shift: Shift, german: Agent, bo: Agent, at: datetime
) -> None:
    held = plan.make_claim(german, shift, at=at - DAY)
    swap = actions.offer_swap(claim_id=held.pk, to_handle="", by=recruit.agent_actor(german), at=at)
    assert swap_board(bo.pk, at=at) == []
    with pytest.raises(NotEligible):
        actions.take_swap(offer_id=swap.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    recruit.give_language(bo, "de")
    assert swap_board(bo.pk, at=at) == [swap]


def test_a_draw_is_entered_by_those_who_speak_its_language_and_again_asked_when_it_closes(
    chat: Program, german: Agent, bo: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    for rows in (CapacityRequest.objects.across_brands().filter(pk=request.pk), Shift.objects.across_brands()):
        rows.update(language="de")
    window = window_of(request)
    assert (open_windows(german.pk, window.opens_at), open_windows(bo.pk, window.opens_at)) == ([window], [])
    with pytest.raises(NotEligible):
        enter(window, bo, shifts, window.opens_at)
    enter(window, german, shifts, window.opens_at)
    AgentLanguage.objects.across_brands().filter(agent=german, tag="de").delete()
    close(window)
    assert entry(window, german).state == DrawEntryState.REMOVED


def test_auto_fill_and_the_odds_count_those_who_speak_the_language(
    chat: Program, shift: Shift, german: Agent, bo: Agent, at: datetime
) -> None:
    recruit.give_language(bo, "de", level="B1")
    filling = filling_of(shift.request, at=at)
    assert {one.agent_id for one in filling.people} == {german.pk, bo.pk}
    assert filling.problem.excluded["skill"].tolist() == [1]
    card, week = active_rate_card(chat.pk, at), week_period(shift.request.week_starts_on, ZoneInfo("UTC"))
    assert card is not None
    sizes = [market_of(one, [], card, week=week, at=at).bench.size for one in (shift.request, _undivided(chat, at))]
    assert sizes == [1, 2]


def _undivided(program: Program, at: datetime) -> CapacityRequest:
    return plan.make_request(program, at + 9 * DAY, state=RequestState.DRAFT)


def test_work_in_a_language_was_on_offer_to_those_who_speak_it(
    chat: Program, german: Agent, bo: Agent, at: datetime
) -> None:
    request = plan.make_request(chat, at - DAY, language="de")
    plan.make_shift(chat, at - DAY, hours=2, request=request)
    plan.make_shift(chat, at - DAY + HOUR, hours=2)
    found = {one.agent_id: one.minutes for one in offered_yesterday(at=at)}
    assert found == {german.pk: 180, bo.pk: 120}
