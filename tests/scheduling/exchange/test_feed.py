"""The calendar link: what calendar programs read, and that a dead link reads nothing."""

from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry
from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import AgentCalendar
from scheduling.queries.feeds import agent_of_feed, has_feed
from scheduling.states import ClaimKind
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def read(token: str) -> Any:
    answer = Client().get(reverse("scheduling:feed", kwargs={"token": token}))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"\r\n" in answer.content
    return icalendar.Calendar.from_ical(answer.content)


def test_a_night_shift_is_read_in_utc_with_a_stable_uid(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    start = at.replace(hour=22) + DAY
    claim = plan.make_claim(ada, plan.make_shift(chat, start, hours=8))
    token = actions.make_feed(by=as_ada, at=at)
    calendar = read(token)
    found = recurring_ical_events.of(calendar).between(start, start + DAY)
    assert [(one["DTSTART"].dt, one["DTEND"].dt) for one in found] == [(start, start + 8 * HOUR)]
    assert (found[0]["DTSTART"].dt.utcoffset(), found[0]["UID"]) == (timedelta(0), f"{claim.pk}@claims.gigcx")
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}".encode() in calendar.to_ical()
    assert (found[0]["STATUS"], found[0]["SUMMARY"]) == ("CONFIRMED", "Holiday Chat, Acme")
    assert read(token).to_ical() == calendar.to_ical()


def test_the_sequence_rises_and_a_seat_given_back_is_cancelled_and_free(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + 3 * DAY)
    claim = actions.claim_shift(shift_id=shift.pk, agent=ada, by=as_ada, at=at)
    token = actions.make_feed(by=as_ada, at=at)
    first = read(token).walk("VEVENT")[0]
    actions.release_claim(claim_id=claim.pk, accepted_points=0, by=as_ada, at=at + HOUR)
    second = read(token).walk("VEVENT")[0]
    assert (first["UID"], first["STATUS"], second["STATUS"]) == (second["UID"], "CONFIRMED", "CANCELLED")
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["LAST-MODIFIED"].dt == at + HOUR
    assert second["TRANSP"] == "TRANSPARENT"


def test_standby_is_tentative_and_old_shifts_leave_the_feed(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    plan.make_claim(ada, plan.make_shift(chat, at + DAY, standby_seats=1), kind=ClaimKind.STANDBY)
    plan.make_claim(ada, plan.make_shift(chat, at - 40 * DAY))
    events = read(actions.make_feed(by=as_ada, at=at)).walk("VEVENT")
    assert [one["STATUS"] for one in events] == ["TENTATIVE"]


def test_nobody_elses_shifts_and_no_names_are_in_it(
    chat: Program, ada: Agent, as_ada: AgentActor, bo: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY)
    for agent in (ada, bo):
        plan.make_claim(agent, shift)
    text = read(actions.make_feed(by=as_ada, at=at)).to_ical().decode()
    assert text.count("BEGIN:VEVENT") == 1
    assert not any(word in text for word in ("Ada", "Bo Lind", "@example.test"))


def test_a_link_is_kept_as_a_fingerprint_and_dies_when_it_is_ended_or_replaced(
    ada: Agent, as_ada: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    first = actions.make_feed(by=as_ada, at=at)
    kept = AgentCalendar.objects.across_brands().get(pk=ada.pk).feed_token_hash
    assert (agent_of_feed(first).pk, len(kept), first in kept) == (ada.pk, 64, False)
    second = actions.make_feed(by=as_ada, at=at)
    for dead in (first, "", "x", second[:-2], f"{second}A"):
        with pytest.raises(NotFound):
            agent_of_feed(dead)
    actions.revoke_feed(by=as_ada, at=at)
    assert not has_feed(ada.pk)
    answer = Client().get(reverse("scheduling:feed", kwargs={"token": second}))
    assert answer.status_code == 404
    with pytest.raises(NotFound):
        actions.make_feed(by=acme_owner, at=at)
    assert AuditEntry.objects.filter(action__endswith="_feed").count() == 3


def test_a_feed_of_many_claims_asks_three_questions(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime, django_assert_num_queries: object
) -> None:
    token = actions.make_feed(by=recruit.agent_actor(ada), at=at)
    for count in (1, 3):
        for day in range(count):
            plan.make_claim(ada, plan.make_shift(chat, at + (count * 7 + day) * DAY))
        with django_assert_num_queries(3):  # type: ignore[operator]  # link and person, claims, their histories
            read(token)
