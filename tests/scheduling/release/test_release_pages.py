"""The pages of the release: finding, ranking, the proof, the fill of a request; what each must say, and to whom."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor, OpsActor
from recruiting.models import Agent, Program
from scheduling.allocation import verify_draw
from scheduling.models import CapacityRequest, ClaimWindow, DrawEntry, Incentive, Shift
from scheduling.queries.draws import draw_proof
from scheduling.states import DrawEntryState, RequestState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.scheduling.release.scene import DAY, HOUR, close, enter, released, settle, window_of, worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs=kwargs)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_find_says_of_each_shift_whether_it_is_drawn_open_or_later(chat: Program, ada: Agent, at: datetime) -> None:
    released(chat, at, starts=(35, 96))
    released(chat, at, starts=(200,), publish_at=at + 5 * HOUR)
    shift = sched.make_shift(chat, at + HOUR)
    Incentive.objects.create(
        brand_id=shift.brand_id, shift=shift, per_hour_minor=250, currency="USD", cause="brand", announced_at=at
    )
    page = text_of(signed_in(ada.user).get(url("find")))
    assert "Draw for everyone. Wishes until" in page
    assert "Wishes for its draw are taken from" in page
    assert "First come" in page
    assert "Hot: starts soon" in page
    assert "with +2.50/h extra" in page
    assert "18.50" in page


def test_favorites_see_their_draw_and_others_when_theirs_comes(chat: Program, ada: Agent, at: datetime) -> None:
    fay = worker("Fay Vorite", chat, at, is_favorite=True)
    released(chat, at, seats=10)
    assert "Draw for favorites, you are one of them." in text_of(signed_in(fay.user).get(url("find")))
    others = text_of(signed_in(ada.user).get(url("find")))
    assert "Draw for favorites" not in others
    assert "Wishes for its draw are taken from" in others


def test_the_number_of_queries_of_find_grows_with_neither_shifts_nor_draws(
    chat: Program, ada: Agent, at: datetime, django_assert_num_queries: Any
) -> None:
    client = signed_in(ada.user)
    released(chat, at, starts=(96,))
    client.get(url("find"))
    with django_assert_num_queries(19):
        client.get(url("find"))
    released(chat, at, starts=(100, 110, 130))
    released(chat, at, starts=(150,))
    with django_assert_num_queries(19):
        client.get(url("find"))


def test_wishes_are_ranked_by_buttons_alone_and_sealed_with_a_receipt(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    client, address = signed_in(ada.user), url("draw", window_id=window_of(request).pk)
    one, two = str(shifts[0].pk), str(shifts[1].pk)
    page = text_of(client.post(address, {"wish": [one], "add": two}))
    assert page.index(f'name="wish" value="{one}"') < page.index(f'name="wish" value="{two}"')
    page = text_of(client.post(address, {"wish": [one, two], "up": two}))
    assert page.index(f'name="wish" value="{two}"') < page.index(f'name="wish" value="{one}"')
    assert f'name="wish" value="{one}"' not in text_of(client.post(address, {"wish": [one], "drop": one}))
    assert not DrawEntry.objects.across_brands().exists()
    sealed = client.post(address, {"wish": [two, one], "hours": "8", "seal": "1"}, follow=True)
    entry = DrawEntry.objects.across_brands().get(agent=ada)
    assert (entry.wishes, entry.max_minutes) == ([two, one], 480)
    assert entry.receipt in text_of(sealed)
    client.post(url("draw-withdraw", window_id=window_of(request).pk))
    entry.refresh_from_db()
    assert entry.state == DrawEntryState.WITHDRAWN


def test_what_was_typed_stays_when_sealing_is_refused(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    client, address = signed_in(ada.user), url("draw", window_id=window_of(request).pk)
    nothing = client.post(address, {"seal": "1"})
    assert (nothing.status_code, "Choose at least one shift." in text_of(nothing)) == (422, True)
    wrong = client.post(address, {"seal": "1", "wish": [str(shifts[0].pk)], "hours": "many"})
    assert (wrong.status_code, f'value="{shifts[0].pk}"' in text_of(wrong)) == (422, True)
    assert client.post(address, {"seal": "1", "wish": ["no id", "", str(shifts[0].pk)]}).status_code == 302


def test_the_result_names_each_wish_and_what_decided_it(
    chat: Program, ada: Agent, bo: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, shifts = released(chat, at, starts=(96,), seats=1)
    window = window_of(request)
    enter(window, ada, shifts, at)
    enter(window, bo, shifts, at)
    settle(window)
    monkeypatch.setattr(clock, "now", lambda: at + 2 * DAY)
    pages = [text_of(signed_in(agent.user).get(url("draw", window_id=window.pk))) for agent in (ada, bo)]
    winner, loser = sorted(pages, key=lambda page: "You won." not in page)
    assert "You won." in winner
    assert "Every seat went to entries drawn before yours. You are number 1 in line." in loser
    assert all("You were drawn in the" in page for page in pages)


def test_a_draw_is_seen_by_its_programs_agents_only(chat: Program, voice: Program, at: datetime) -> None:
    request, _shifts = released(chat, at)
    stranger = worker("Sten Other", voice, at)
    assert signed_in(stranger.user).get(url("draw", window_id=window_of(request).pk)).status_code == 404


def test_the_public_proof_shows_the_commitment_first_and_everything_after_the_reveal(
    chat: Program, ada: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    receipt = enter(window, ada, shifts, at).receipt
    address, client = url("proof", window_id=window.pk), Client()
    sealed = text_of(client.get(address, {"receipt": receipt}))
    assert window.commitment in sealed
    assert "Receipts are listed when the draw closes." in sealed
    closed = close(window)
    assert closed.entries_digest in text_of(client.get(address))
    settled = settle(window)
    revealed = text_of(client.get(address, {"receipt": receipt.upper()}))
    assert settled.revealed_seed in revealed
    assert "This receipt is part of the draw: Won." in revealed
    assert "not part of this draw" in text_of(client.get(address, {"receipt": "0" * 64}))
    assert "A receipt is 64 letters" in text_of(client.get(address, {"receipt": "<b>"}))
    assert str(ada.handle) not in revealed
    assert ada.user.full_name not in revealed


def test_the_downloaded_script_checks_the_downloaded_proof(
    chat: Program, ada: Agent, bo: Agent, at: datetime, tmp_path: Any
) -> None:
    import subprocess
    import sys

    request, shifts = released(chat, at)
    window = window_of(request)
    receipt = enter(window, ada, shifts, at).receipt
    enter(window, bo, shifts[::-1], at)
    settled = settle(window)
    client = Client()
    proof = client.get(url("proof-file", window_id=window.pk))
    script = client.get(url("proof-script"))
    (tmp_path / "verify_draw.py").write_bytes(script.content)
    (tmp_path / "proof.json").write_bytes(proof.content)
    assert json.loads(proof.content) == draw_proof(settled)
    command = [sys.executable, "-I", "verify_draw.py", "proof.json", receipt]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, "The draw is as stated." in ran.stdout) == (0, True), ran.stdout + ran.stderr
    altered = json.loads(proof.content)
    altered["entries"][0]["tickets"] += 1
    assert not verify_draw.check(altered, say=lambda line: None)


def test_the_fill_page_shows_waves_sources_and_what_an_incentive_costs_before_it_is_announced(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts[:1], at)
    client = signed_in(acme_owner.user)
    address = url("request-fill", slug="acme", request_id=request.pk)
    page = text_of(client.get(address))
    assert "Entries are counted at the close" in page
    settle(window)
    assert "1 seat given" in text_of(client.get(address))
    chosen = [str(one.pk) for one in shifts]
    preview = text_of(client.get(address, {"amount": "2.00", "shifts": chosen}))
    assert "on 6 seats costs at most 48.00" in preview
    assert "Missing:" in preview
    client.post(url("request-incentive-budget", slug="acme", request_id=request.pk), {"budget": "50"})
    done = client.post(
        url("request-incentive", slug="acme", request_id=request.pk), {"amount": "2.00", "shifts": chosen}
    )
    assert done.status_code == 302
    assert Incentive.objects.across_brands().count() == 3
    assert CapacityRequest.objects.across_brands().get(pk=request.pk).incentive_spent_minor == 4800


def test_the_fill_page_moves_by_itself_while_seats_fill_and_leaves_what_is_typed_alone(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    request, _shifts = released(chat, at)
    client = signed_in(acme_owner.user)
    address = url("request-fill", slug="acme", request_id=request.pk)
    page = text_of(client.get(address))
    moving, _, still = page.partition("</main>")[0].partition('class="cols-side"')
    assert f'id="fills" hx-get="{address}" hx-trigger="poll" data-poll="15"' in moving
    assert 'name="amount"' not in moving
    assert still.count('id="fill-seats"') == 1
    CapacityRequest.objects.across_brands().update(state=RequestState.COMPLETED)
    assert "data-poll" not in text_of(client.get(address))


def test_an_incentive_past_the_budget_announces_nothing_and_says_what_is_missing(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    request, shifts = released(chat, at)
    CapacityRequest.objects.across_brands().filter(pk=request.pk).update(incentive_budget_minor=2000)
    client = signed_in(acme_owner.user)
    answer = client.post(
        url("request-incentive", slug="acme", request_id=request.pk),
        {"amount": "2.00", "shifts": [str(one.pk) for one in shifts]},
    )
    assert answer.status_code == 422
    assert "is missing." in text_of(answer)
    assert not Incentive.objects.across_brands().exists()


def test_another_brand_sees_no_fill(chat: Program, globex_owner: BrandActor, at: datetime) -> None:
    request, _shifts = released(chat, at)
    client = signed_in(globex_owner.user)
    for slug in ("acme", "globex"):
        for name in ("request-fill", "request-incentive", "request-incentive-budget"):
            address = url(name, slug=slug, request_id=request.pk)
            method = client.get if name == "request-fill" else client.post
            assert method(address).status_code == 404


def test_claims_show_their_incentive(chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime) -> None:
    shift = sched.make_shift(chat, at + 30 * HOUR)
    claim = sched.make_claim(ada, shift, at=at)
    Incentive.objects.create(
        brand_id=shift.brand_id, shift=shift, per_hour_minor=250, currency="USD", cause="brand", announced_at=at
    )
    page = text_of(signed_in(ada.user).get(url("claim", claim_id=claim.pk)))
    assert "2.50" in page
    assert Shift.objects.across_brands().count() == 1
    assert recruit.agent_actor(ada).agent_id == claim.agent_id


def test_everybody_who_entered_is_told_how_the_draw_went_for_them(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    from gigcx.audit import dispatcher
    from gigcx.notify.models import Notification

    request, shifts = released(chat, at, starts=(96,), seats=1)
    window = window_of(request)
    enter(window, ada, shifts, at)
    enter(window, bo, shifts, at)
    settle(window)
    dispatcher.dispatch_due(at=window.closes_at)
    told = {one.user_id: str(one.payload["title"]) for one in Notification.objects.filter(kind="draw_result")}
    assert set(told) == {ada.user_id, bo.user_id}
    assert sorted(told.values()) == [
        "No seat in the draw of Holiday Chat, you are in line",
        "You won 1 shift in Holiday Chat",
    ]


def test_ops_void_a_draw_in_the_admin_and_everybody_who_entered_is_told(
    chat: Program, ada: Agent, olu: OpsActor, at: datetime
) -> None:
    from gigcx.audit import dispatcher
    from gigcx.notify.models import Notification

    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    client = signed_in(olu.user)
    page = reverse("admin:scheduling_claimwindow_change", args=[window.pk])
    assert window.commitment in text_of(client.get(page))
    decide = reverse("admin:scheduling_claimwindow_decide", args=[window.pk, "void"])
    client.post(decide, {"reason": "Wrong week."})
    window.refresh_from_db()
    assert (window.state, window.void_reason) == ("void", "Wrong week.")
    dispatcher.dispatch_due(at=at)
    told = Notification.objects.get(kind="draw_result", user=ada.user)
    assert (told.payload["title"], "Wrong week." in told.payload["text"]) == ("A draw you entered was voided", True)
    proof = text_of(Client().get(url("proof", window_id=window.pk)))
    assert "Wrong week." in proof
    follower = ClaimWindow.objects.across_brands().exclude(pk=window.pk).get()
    assert "Voided before this one" in text_of(Client().get(url("proof", window_id=follower.pk)))


def test_machines_read_windows_and_proofs_seal_wishes_and_announce_incentives(
    chat: Program, ada: Agent, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    agent, brand = signed_in(ada.user), signed_in(acme_owner.user)
    listed = agent.get("/api/v1/me/windows/").json()["results"]
    assert [one["id"] for one in listed] == [str(window.pk)]
    entry_url = f"/api/v1/me/windows/{window.pk}/entry/"
    assert agent.get(entry_url).status_code == 404
    sealed = agent.post(entry_url, {"wishes": [str(one.pk) for one in shifts]}, "application/json")
    assert sealed.status_code == 201
    assert agent.get(entry_url).json()["receipt"] == sealed.json()["receipt"]
    assert agent.post(f"{entry_url}withdraw/", {}, "application/json").json()["state"] == "withdrawn"
    base = "/api/v1/brands/acme"
    assert brand.get(f"{base}/windows/{window.pk}/").json()["commitment"] == window.commitment
    assert "seed" not in brand.get(f"{base}/windows/{window.pk}/proof/").json()["proof"]
    assert len(brand.get(f"{base}/capacity-requests/{request.pk}/waves/").json()["results"]) == 2
    CapacityRequest.objects.across_brands().filter(pk=request.pk).update(incentive_budget_minor=10_000)
    steps = f"{base}/shifts/{shifts[0].pk}/incentives/"
    refused = brand.post(steps, {"per_hour_minor": 8000}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_too_small")
    assert brand.post(steps, {"per_hour_minor": 200}, "application/json").status_code == 201
    assert [one["per_hour_minor"] for one in brand.get(steps).json()["results"]] == [200]
    assert signed_in(globex_owner.user).get(f"/api/v1/brands/globex/windows/{window.pk}/proof/").status_code == 404
