"""The board, incidents, excuses and minutes as pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gigcx.audit import dispatcher
from gigcx.kernel import clock
from gigcx.kernel.intervals import week_start
from gigcx.tenancy.actors import AgentActor, BrandActor
from payments.models import Earning
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, Excusal, Incident, OutageReport, Remedy, Shift
from scheduling.queries.adherence import minutes_by_cause
from scheduling.states import ClaimState, ExcusalState, RemedyState, SessionState, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(at: datetime) -> Iterator[datetime]:
    """The start of the present quarter of an hour; the clock stands a few minutes after it."""
    with time_machine.travel(at + 7 * MINUTE, tick=False):
        yield at


@pytest.fixture
def running(chat: Program, now: datetime) -> Shift:
    """A shift of three seats that began an hour ago, two asked for over it and nobody there."""
    request = plan.make_request(chat, now)
    plan.ask_for(request, now - HOUR, hours=4, agents=2)
    return plan.make_shift(chat, now - HOUR, request=request, state=ShiftState.STARTED)


@pytest.fixture
def here(running: Shift, chat: Program, now: datetime) -> Claim:
    """Ada's claim on it; she may work."""
    agent = recruit.make_agent("Ada Obi")
    vet.make_eligible(agent, chat, now - 2 * HOUR)
    return plan.make_claim(agent, running)


def signed_in(actor: BrandActor | AgentActor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def live(client: Client, program: Program, tag: str = "") -> object:
    url = reverse("scheduling:wallboard-live", kwargs={"slug": "acme"}) + f"?program={program.pk}"
    return client.get(url, headers={"If-None-Match": tag} if tag else {})


def test_an_event_shows_at_the_next_poll_and_nothing_is_sent_while_nothing_moves(
    chat: Program, here: Claim, acme_owner: BrandActor
) -> None:
    """Polls are five seconds apart: what moved shows at the next one, what did not answers 304 without a body."""
    client = signed_in(acme_owner)
    first = live(client, chat)
    tag = first["ETag"]  # type: ignore[index]
    assert first["Cache-Control"] == "private, no-cache"  # type: ignore[index]
    again = live(client, chat, tag)
    assert (again.status_code, again.content) == (304, b"")  # type: ignore[attr-defined]
    actions.check_in(claim_id=here.pk, device="laptop", by=recruit.agent_actor(here.agent), at=clock.now())
    moved = live(client, chat, tag)
    assert moved.status_code == 200  # type: ignore[attr-defined]
    assert moved["ETag"] != tag  # type: ignore[index]


def test_the_board_says_who_is_missing_and_how_to_close_it_and_one_press_does(
    chat: Program, running: Shift, here: Claim, acme_owner: BrandActor
) -> None:
    client = signed_in(acme_owner)
    page = client.get(reverse("scheduling:wallboard", kwargs={"slug": "acme"})).content.decode()
    assert "2 people are missing now." in page
    client.post(reverse("scheduling:wallboard-look", kwargs={"slug": "acme"}), {"program": str(chat.pk)})
    remedy = Remedy.objects.across_brands().get(kind="own_staff", state=RemedyState.PROPOSED)
    board = client.get(reverse("scheduling:wallboard", kwargs={"slug": "acme"})).content.decode()
    assert "Use your own staff" in board
    client.post(reverse("scheduling:remedy-act", kwargs={"slug": "acme", "remedy_id": remedy.pk}))
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.ACTED


@pytest.mark.parametrize("desks", [1, 3])
def test_the_board_reads_the_day_with_a_fixed_number_of_queries(
    chat: Program, running: Shift, acme_owner: BrandActor, now: datetime, desks: int, django_assert_num_queries: object
) -> None:
    for number in range(desks):
        claim = plan.make_claim(recruit.make_agent(f"Agent{number} North"), running, state=ClaimState.CHECKED_IN)
        plan.make_session(claim, state=SessionState.ON_CONTACT, until=clock.now(), device=f"d{number}")
        Incident.objects.create(
            brand_id=chat.brand_id, cause_owner="brand", title="x", scope={}, starts_at=now, created_at=now
        )
    client = signed_in(acme_owner)
    live(client, chat)
    with django_assert_num_queries(19):  # type: ignore[operator]
        assert live(client, chat).status_code == 200  # type: ignore[attr-defined]


def test_another_brands_board_does_not_exist(chat: Program, voice: Program, acme_owner: BrandActor) -> None:
    client = signed_in(acme_owner)
    assert live(client, voice).status_code == 404  # type: ignore[attr-defined]
    url = reverse("scheduling:wallboard", kwargs={"slug": "acme"})
    assert client.get(f"{url}?program={voice.pk}").status_code == 404
    assert client.get(reverse("scheduling:wallboard", kwargs={"slug": "globex"})).status_code == 404


def test_a_brand_sees_what_an_incident_does_before_it_declares_it(
    chat: Program, running: Shift, here: Claim, acme_owner: BrandActor, now: datetime
) -> None:
    client = signed_in(acme_owner)
    url = reverse("scheduling:incident-declare", kwargs={"slug": "acme"})
    since = now - 30 * MINUTE
    typed = {"title": "The CRM does not load", "starts_at_0": f"{since:%Y-%m-%d}", "starts_at_1": f"{since:%H:%M}"}
    page = client.post(url, typed).content.decode()
    assert "It touches 1 agent so far." in page
    assert not Incident.objects.across_brands().exists()
    bad = client.post(url, {**typed, "title": ""})
    assert bad.status_code == 422
    assert client.post(url, {**typed, "declare": "1"}).status_code == 302
    found = Incident.objects.across_brands().get()
    shown = client.get(reverse("scheduling:incident", kwargs={"slug": "acme", "incident_id": found.pk}))
    assert "Ada Obi" in shown.content.decode()
    client.post(reverse("scheduling:incident-resolve", kwargs={"slug": "acme", "incident_id": found.pk}))
    found.refresh_from_db()
    assert found.state == "resolved"


def test_an_agent_asks_to_be_excused_and_keeps_what_was_typed(
    chat: Program, ada: Agent, as_ada: AgentActor, as_bo: AgentActor, now: datetime
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, now - 5 * HOUR), state=ClaimState.NO_SHOW, points=-50)
    client, url = signed_in(as_ada), reverse("scheduling:excuse", kwargs={"claim_id": claim.pk})
    assert "costs you 50 points" in client.get(url).content.decode()
    assert url in client.get(reverse("scheduling:claim", kwargs={"claim_id": claim.pk})).content.decode()
    refused = client.post(url, {"reason_class": "illness", "statement": "Ill"})
    assert refused.status_code == 422
    assert "Ill" in refused.content.decode()
    client.post(url, {"reason_class": "illness", "statement": "I had a fever and saw a doctor."})
    assert Excusal.objects.across_brands().get().state == ExcusalState.REQUESTED
    assert signed_in(as_bo).get(url).status_code == 404


def test_an_agent_reports_an_outage_and_takes_time_off_from_the_desk(
    running: Shift, here: Claim, acme_owner: BrandActor
) -> None:
    by = recruit.agent_actor(here.agent)
    client = signed_in(by)
    outage = reverse("scheduling:outage", kwargs={"claim_id": here.pk})
    assert client.get(outage).status_code == 200
    client.post(outage, {"kind": "region", "region": "Lagos", "provider": "", "note": "No power"})
    assert OutageReport.objects.across_brands().get().region == "Lagos"
    client.post(reverse("scheduling:desk-check-in", kwargs={"claim_id": here.pk}))
    assert "Go home early?" not in client.get(reverse("scheduling:desk")).content.decode()
    actions.offer_vto(shift_id=running.pk, places=1, by=acme_owner, at=clock.now())
    assert "Go home early?" in client.get(reverse("scheduling:desk")).content.decode()
    client.post(reverse("scheduling:time-off", kwargs={"claim_id": here.pk}), {"sure": "1"})
    here.refresh_from_db()
    assert here.state == ClaimState.WORKED


def test_minutes_by_cause_add_up_to_what_was_promised(
    chat: Program, ada: Agent, acme_owner: BrandActor, now: datetime
) -> None:
    plan.make_worked_claim(ada, plan.make_shift(chat, now - 5 * HOUR, state=ShiftState.ENDED), minutes=180)
    on = (now - 5 * HOUR).date()
    found = minutes_by_cause(chat.brand_id, week_start(on))[0]
    assert (found.promised, found.paid_seconds, found.seconds["lost"]) == (4 * 3600, 3 * 3600, 3600)
    assert (found.adherence, found.conformance) == (0.75, 0.75)
    page = signed_in(acme_owner).get(reverse("scheduling:hours-causes", kwargs={"slug": "acme"}) + f"?week={on}")
    assert "Holiday Chat" in page.content.decode()
    for junk in ("soon", "0001-01-01", "9999-12-31"):
        answer = signed_in(acme_owner).get(
            reverse("scheduling:hours-causes", kwargs={"slug": "acme"}) + f"?week={junk}"
        )
        assert answer.status_code == 200, junk


def test_a_brand_disputes_minutes_from_worked_hours(
    chat: Program, ada: Agent, acme_owner: BrandActor, now: datetime
) -> None:
    claim = plan.make_worked_claim(ada, plan.make_shift(chat, now - 5 * HOUR, state=ShiftState.ENDED))
    url = reverse("scheduling:hours-dispute", kwargs={"slug": "acme", "claim_id": claim.pk})
    page = signed_in(acme_owner).get(reverse("scheduling:hours", kwargs={"slug": "acme"})).content.decode()
    assert f'action="{url}"' in page
    assert reverse("payments:billing-lines", kwargs={"slug": "acme"}) in page
    signed_in(acme_owner).post(url, {"minutes": "10", "reason": "Calls were dropped"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.DISPUTED


def test_a_paid_claim_leads_its_holder_to_the_line(
    chat: Program, ada: Agent, acme_owner: BrandActor, now: datetime
) -> None:
    shift = plan.make_shift(chat, now - 5 * HOUR, state=ShiftState.ENDED)
    claim = plan.make_worked_claim(ada, shift)
    page = reverse("scheduling:claim", kwargs={"claim_id": claim.pk})
    as_ada = Client()
    as_ada.force_login(ada.user)
    assert "something is wrong" not in as_ada.get(page).content.decode()
    actions.verify_claim(claim_id=claim.pk, by=acme_owner, at=now)
    while dispatcher.dispatch_due(at=now):
        pass
    line = Earning.objects.across_brands().get(source_id=claim.pk, kind="time")
    assert reverse("payments:earning", kwargs={"earning_id": line.pk}) in as_ada.get(page).content.decode()
