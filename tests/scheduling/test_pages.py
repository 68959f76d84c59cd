"""Every page answers, says what it must, and asks the database a fixed number of questions."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling.forms import ClockField, MomentField
from scheduling.states import ClaimState, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs=kwargs)


def test_the_capacity_page_shows_required_filled_and_gap(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    start = at + timedelta(hours=4)
    request = plan.make_request(chat, start)
    plan.ask_for(request, start, hours=2, agents=12)
    shift = plan.make_shift(chat, start, hours=2, seats=12, request=request)
    shift.filled = 9
    shift.save()
    page = signed_in(acme_owner.user).get(url("capacity", slug="acme"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "\N{MINUS SIGN}3" in text
    assert "Fixed staffing for the peak: 12 seats while anyone is needed" in text


def test_fixed_staffing_is_idle_only_while_somebody_is_required(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    start = at + timedelta(hours=4)
    request = plan.make_request(chat, start)
    plan.ask_for(request, start, hours=1, agents=12)
    plan.ask_for(request, start + timedelta(hours=1), hours=2, agents=5)
    text = signed_in(acme_owner.user).get(url("capacity", slug="acme")).content.decode()
    assert "leaves 14 paid hours idle" in text


def test_every_page_of_a_brand_answers(chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime) -> None:
    shift = plan.make_shift(chat, at + timedelta(hours=5))
    plan.make_claim(ada, shift)
    plan.make_worked_claim(
        ada, plan.make_shift(chat, at - timedelta(hours=8), state=ShiftState.ENDED, request=shift.request)
    )
    client = signed_in(acme_owner.user)
    for address in (
        url("capacity", slug="acme"),
        url("capacity", slug="acme") + "?zoom=15&hours=all&day=2026-11-20",
        url("capacity-paste", slug="acme"),
        url("requests", slug="acme"),
        url("request", slug="acme", request_id=shift.request_id),
        url("shift", slug="acme", shift_id=shift.pk),
        url("hours", slug="acme"),
    ):
        assert client.get(address).status_code == 200, address


def test_every_page_of_an_agent_answers(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + timedelta(hours=5))
    claim = plan.make_claim(ada, shift)
    plan.make_shift(chat, at + timedelta(days=2), request=shift.request)
    client = signed_in(ada.user)
    for address in (
        url("find"),
        url("find") + "?show=all",
        url("find") + f"?claimed={claim.pk}",
        url("schedule"),
        url("claim", claim_id=claim.pk),
        url("desk"),
    ):
        assert client.get(address).status_code == 200, address


def test_an_agent_claims_undoes_claims_again_and_works(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + timedelta(hours=5))
    client = signed_in(ada.user)
    press = {"key": "k1", "version": 1, "pay_minor": 1600}
    done = client.post(url("shift-claim", shift_id=shift.pk), press)
    assert done.status_code == 302
    claim = ada.claims.across_brands().get()
    page = client.get(done["Location"]).content.decode()
    assert "Undo is free for" in page
    assert client.post(url("claim-undo", claim_id=claim.pk)).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.UNDONE


def test_the_loser_of_the_last_seat_reads_a_clear_sentence(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + timedelta(hours=5), seats=1)
    plan.make_claim(ada, shift)
    pressed = {"key": "k", "version": 1, "pay_minor": 1}
    answer = signed_in(bo.user).post(url("shift-claim", shift_id=shift.pk), pressed, follow=True)
    assert "Someone was faster: the last seat is taken. You are first in line." in answer.content.decode()


def test_a_page_that_showed_another_time_claims_nothing(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + timedelta(hours=5))
    client = signed_in(ada.user)
    assert f'name="starts_at" value="{shift.starts_at.isoformat()}"' in client.get(url("find")).content.decode()
    earlier = (shift.starts_at - timedelta(hours=1)).isoformat()
    press = {"key": "k1", "version": 1, "pay_minor": 1600, "starts_at": earlier, "ends_at": shift.ends_at.isoformat()}
    answer = client.post(url("shift-claim", shift_id=shift.pk), press)
    assert answer.status_code == 409
    assert "time of this shift changed" in answer.content.decode()
    press["starts_at"] = shift.starts_at.isoformat()
    assert client.post(url("shift-claim", shift_id=shift.pk), press).status_code == 302


@pytest.mark.parametrize("name", ["capacity", "requests", "hours"])
def test_another_brands_pages_do_not_exist(globex_owner: BrandActor, chat: Program, name: str) -> None:
    assert signed_in(globex_owner.user).get(url(name, slug="acme")).status_code == 404


@pytest.mark.parametrize(("name", "at_most"), [("find", 17), ("schedule", 12)])
def test_an_agents_pages_ask_as_much_for_three_rows_as_for_one(
    chat: Program, ada: Agent, at: datetime, name: str, at_most: int
) -> None:
    client = signed_in(ada.user)
    request = plan.make_request(chat, at)
    plan.make_claim(ada, plan.make_shift(chat, at + timedelta(hours=3), hours=1, request=request))
    plan.make_shift(chat, at + timedelta(hours=30), request=request)
    first = _queries(client, url(name))
    for day in (1, 2):
        plan.make_claim(ada, plan.make_shift(chat, at + timedelta(days=day, hours=3), hours=1, request=request))
        plan.make_shift(chat, at + timedelta(days=day, hours=7), request=request)
    assert _queries(client, url(name)) == first <= at_most


@pytest.mark.parametrize(("name", "at_most"), [("capacity", 20), ("requests", 12), ("hours", 12)])
def test_a_brands_pages_ask_as_much_for_three_rows_as_for_one(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime, name: str, at_most: int
) -> None:
    client = signed_in(acme_owner.user)
    _add_past_work(chat, ada, at, days=1)
    first = _queries(client, url(name, slug="acme"))
    for days in (2, 3):
        _add_past_work(chat, ada, at, days=days)
    assert _queries(client, url(name, slug="acme")) == first <= at_most


@pytest.mark.parametrize("week", ["9999-12-31", "0001-01-01", "2026-02-30", "-1"])
def test_a_week_at_the_end_of_the_calendar_shows_the_present_one(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime, week: str
) -> None:
    plan.make_claim(ada, plan.make_shift(chat, at + timedelta(hours=5)))
    for client, address in (
        (signed_in(ada.user), url("schedule")),
        (signed_in(acme_owner.user), url("capacity", slug="acme")),
    ):
        answer = client.get(address, {"week": week, "day": week})
        assert answer.status_code == 200
        assert "16" in answer.content.decode()


def _add_past_work(chat: Program, ada: Agent, at: datetime, *, days: int) -> None:
    start = at - timedelta(days=days)
    request = plan.make_request(chat, start)
    plan.ask_for(request, start, hours=2, agents=2)
    plan.make_worked_claim(ada, plan.make_shift(chat, start, hours=2, state=ShiftState.ENDED, request=request))


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert client.get(address).status_code == 200  # what a process keeps for good is kept now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_agent_certified_nowhere_is_not_sent_to_claim_shifts(client: Client, db: None) -> None:
    newcomer = recruit.make_agent("Nia New")
    client.force_login(newcomer.user)
    assert "next-shift" not in client.get("/work/").content.decode()
    assert "No shift ahead" not in client.get("/work/").content.decode()


def test_a_certified_agent_without_a_shift_is_shown_the_way_to_one(client: Client, ada: Agent) -> None:
    client.force_login(ada.user)
    assert "No shift ahead" in client.get("/work/").content.decode()


def test_the_list_shows_the_first_days_and_the_way_to_the_later_ones(chat: Program, ada: Agent, at: datetime) -> None:
    request = plan.make_request(chat, at)
    for day in range(6):
        for hour in (2, 5):
            plan.make_shift(chat, at + timedelta(days=day, hours=hour), hours=1, request=request)
    client = signed_in(ada.user)
    page = client.get(url("find"), {"show": "all"})
    assert sum(len(day["shifts"]) for day in page.context["days"]) == 8
    later = page.context["later"]
    assert "4 later shifts" in later["label"]
    longer = client.get(later["url"].partition("#")[0])
    assert sum(len(day["shifts"]) for day in longer.context["days"]) == 12
    assert longer.context["later"] is None
    assert f'id="{later["url"].partition("#")[2]}"' in longer.content.decode()


def test_times_are_typed_on_the_24_hour_clock(chat: Program, acme_owner: BrandActor) -> None:
    page = signed_in(acme_owner.user).get(url("capacity", slug="acme")).content.decode()
    assert 'type="time"' not in page
    field = ClockField()
    assert [field.clean(text) for text in ("17:30", "9", "0915", "24:00")] == [
        time(17, 30),
        time(9),
        time(9, 15),
        time(0),
    ]
    with pytest.raises(ValidationError):
        field.clean("5 pm")


def test_a_moment_is_a_day_and_a_time_or_nothing() -> None:
    field = MomentField(required=False)
    assert field.clean(["", "09:00"]) is None
    assert field.clean(["2026-11-23", "9:30"]).replace(tzinfo=None) == datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001
    with pytest.raises(ValidationError):
        field.clean(["2026-11-23", ""])
