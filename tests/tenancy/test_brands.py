"""Founding a brand, its review by ops, and what it says about itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gigcx.audit import trail
from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound, Stale
from gigcx.kernel.states import may_move
from gigcx.tenancy import actions
from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor, SystemActor
from gigcx.tenancy.errors import BrandNotActive, ReasonMissing
from gigcx.tenancy.models import Brand, Membership
from gigcx.tenancy.policies import may_prepare, may_trade, require_may_trade
from gigcx.tenancy.states import BRAND_MOVES, BrandState
from tests import cast

pytestmark = pytest.mark.django_db

WORDS = {
    "name": "Alder & Wren",
    "legal_name": "Alder & Wren Retail Inc.",
    "country": "US",
    "currency": "USD",
    "timezone": "America/New_York",
    "about": "Furniture, online and in shops.",
}


@pytest.fixture
def founded(mallory: PersonActor, at: datetime) -> Brand:
    return actions.found_brand(**WORDS, by=mallory, at=at)


def owner_of(brand: Brand) -> BrandActor:
    membership = Membership.objects.select_related("user").get(brand=brand)
    return BrandActor(membership.user, Brand.objects.get(pk=brand.pk), membership.role)


def test_a_founded_brand_has_an_owner_and_waits_for_ops(founded: Brand, mallory: PersonActor) -> None:
    assert founded.state == BrandState.IN_REVIEW
    assert founded.slug == "alder-wren"
    assert Membership.objects.get(brand=founded).user == mallory.user
    assert Membership.objects.get(brand=founded).role == "owner"
    assert list(AuditEntry.objects.order_by("id").values_list("action", "to_state")) == [
        ("tenancy.found_brand", "draft"),
        ("tenancy.submit_brand", "in_review"),
    ]
    assert OutboxEvent.objects.get().type == "tenancy.brand_submitted"


def test_two_brands_of_one_name_get_two_addresses(founded: Brand, mallory: PersonActor, at: datetime) -> None:
    assert actions.found_brand(**WORDS, by=mallory, at=at).slug == "alder-wren-2"


@pytest.mark.parametrize("name", ["東京家具", "🛋️", "أثاث", "'; DROP TABLE tenancy_brand; --"])
def test_a_name_in_any_script_gets_an_address(mallory: PersonActor, at: datetime, name: str) -> None:
    brand = actions.found_brand(**{**WORDS, "name": name}, by=mallory, at=at)
    assert brand.name == name
    assert brand.slug.isascii()
    assert brand.slug


def test_a_time_zone_that_does_not_exist_is_refused(mallory: PersonActor, at: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        actions.found_brand(**{**WORDS, "timezone": "Mars/Olympus"}, by=mallory, at=at)
    assert refused.value.field == "timezone"
    assert not Brand.objects.exists()


def test_ops_approve_a_brand_and_its_owners_hear_of_it(founded: Brand, olu: OpsActor, at: datetime) -> None:
    assert actions.approve_brand(brand_id=founded.pk, by=olu, at=at).state == BrandState.ACTIVE
    assert OutboxEvent.objects.filter(type="tenancy.brand_activated").exists()
    entry = AuditEntry.objects.get(action="tenancy.approve_brand")
    assert (entry.from_state, entry.to_state, entry.actor_kind) == ("in_review", "active", "ops")


@pytest.mark.parametrize("action", [actions.decline_brand, actions.ask_brand_info])
def test_a_decision_against_a_brand_needs_words(founded: Brand, olu: OpsActor, at: datetime, action: Any) -> None:
    with pytest.raises(ReasonMissing):
        action(brand_id=founded.pk, reason="  ", by=olu, at=at)
    assert Brand.objects.get().state == BrandState.IN_REVIEW


def test_a_declined_brand_may_be_sent_again(founded: Brand, olu: OpsActor, at: datetime) -> None:
    actions.decline_brand(brand_id=founded.pk, reason="We cannot find the register entry.", by=olu, at=at)
    assert Brand.objects.get().state_reason == "We cannot find the register entry."
    again = actions.submit_brand(brand_id=founded.pk, by=owner_of(founded), at=at)
    assert (again.state, again.state_reason) == (BrandState.IN_REVIEW, "")


@pytest.mark.parametrize(
    "action",
    [
        actions.approve_brand,
        actions.decline_brand,
        actions.ask_brand_info,
        actions.mark_past_due,
        actions.suspend_brand,
    ],
)
def test_only_ops_decide(
    founded: Brand, globex_owner: BrandActor, mallory: PersonActor, at: datetime, action: Any
) -> None:
    more = {} if action is actions.approve_brand else {"reason": "because"}
    for actor in (owner_of(founded), globex_owner, mallory):
        with pytest.raises(NotFound):
            action(brand_id=founded.pk, by=actor, at=at, **more)
    assert Brand.objects.get(pk=founded.pk).state == BrandState.IN_REVIEW


def test_every_pair_of_states_moves_or_is_refused(acme: Brand, olu: OpsActor, at: datetime) -> None:
    tries: dict[BrandState, Callable[[], Brand]] = {
        BrandState.ACTIVE: lambda: actions.reopen_brand(brand_id=acme.pk, by=olu, at=at),
        BrandState.IN_REVIEW: lambda: actions.submit_brand(brand_id=acme.pk, by=olu, at=at),
        BrandState.DECLINED: lambda: actions.decline_brand(brand_id=acme.pk, reason="no", by=olu, at=at),
        BrandState.INFO_NEEDED: lambda: actions.ask_brand_info(brand_id=acme.pk, reason="?", by=olu, at=at),
        BrandState.PAST_DUE: lambda: actions.mark_past_due(brand_id=acme.pk, reason="unpaid", by=olu, at=at),
        BrandState.SUSPENDED: lambda: actions.suspend_brand(brand_id=acme.pk, reason="stop", by=olu, at=at),
    }
    for current in BrandState:
        for target, attempt in tries.items():
            Brand.objects.filter(pk=acme.pk).update(state=current)
            if may_move(BRAND_MOVES, current, target):
                assert attempt().state == target
            else:
                with pytest.raises(MoveRefused):
                    attempt()


def test_only_an_active_brand_trades(acme: Brand) -> None:
    for state in BrandState:
        acme.state = state
        assert may_trade(acme) == (state == BrandState.ACTIVE)
    acme.state = BrandState.IN_REVIEW
    assert may_prepare(acme)
    with pytest.raises(BrandNotActive):
        require_may_trade(acme)


def test_there_is_one_house_brand(at: datetime) -> None:
    setup = SystemActor("setup")
    first = actions.found_house_brand(name="GigCX Academy", by=setup, at=at)
    assert actions.found_house_brand(name="GigCX Academy", by=setup, at=at) == first


def test_a_stale_page_overwrites_nothing(acme_owner: BrandActor, at: datetime) -> None:
    acme = acme_owner.brand

    def say(about: str) -> None:
        actions.update_brand(brand_id=acme.pk, changes={"about": about}, seen={"about": ""}, by=acme_owner, at=at)

    say("Tools.")
    with pytest.raises(Stale):
        say("Toys.")
    assert Brand.objects.get(pk=acme.pk).about == "Tools."


def test_the_currency_is_fixed_once_the_account_is_open(acme_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(Invalid):
        actions.update_brand(brand_id=acme_owner.brand_id, changes={"currency": "EUR"}, seen={}, by=acme_owner, at=at)


def test_a_planner_and_another_brands_owner_change_nothing(acme: Brand, globex_owner: BrandActor, at: datetime) -> None:
    planner = cast.make_member(acme, "Pia Planner", "planner")
    for actor, refusal in ((planner, NotAllowed), (globex_owner, NotFound)):
        with pytest.raises(refusal):
            actions.update_brand(brand_id=acme.pk, changes={"name": "Hacked"}, seen={}, by=actor, at=at)
    assert Brand.objects.get(pk=acme.pk).name == "Acme"


def test_an_audit_line_that_cannot_be_written_undoes_the_act(
    founded: Brand, olu: OpsActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_long = "x" * 100
    monkeypatch.setattr(OpsActor, "kind", too_long)
    from django.db import DataError

    with pytest.raises(DataError):
        actions.approve_brand(brand_id=founded.pk, by=olu, at=at)
    monkeypatch.undo()
    assert Brand.objects.get(pk=founded.pk).state == BrandState.IN_REVIEW
    assert not OutboxEvent.objects.filter(type="tenancy.brand_activated").exists()
    assert trail.history_of(founded).count() == 2


# In the browser -----------------------------------------------------------------------------------------------------


def test_somebody_founds_a_brand_in_the_browser(client: Client, mallory: PersonActor) -> None:
    client.force_login(mallory.user)
    answer = client.post("/brands/new/", {**WORDS, "website": "alderwren.example"}, follow=True)
    assert answer.redirect_chain == [("/b/alder-wren/account/", 302)]
    page = answer.content.decode()
    assert "We are looking at it." in page
    assert "founded the brand" in page
    assert Brand.objects.get().website == "https://alderwren.example"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "x" * 10_000, "at most 120 characters"),
        ("country", "XX", "not one of the available choices"),
        ("currency", "BTC", "not one of the available choices"),
        ("website", "javascript:alert(1)", "Enter a valid URL"),
        ("about", "a\x00b", "Null characters are not allowed"),
    ],
)
def test_wrong_input_names_the_field_and_keeps_what_was_typed(
    client: Client, mallory: PersonActor, field: str, value: str, words: str
) -> None:
    client.force_login(mallory.user)
    answer = client.post("/brands/new/", {**WORDS, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Alder &amp; Wren Retail Inc." in answer.content.decode()
    assert not Brand.objects.exists()


def test_the_owner_answers_what_ops_asked(client: Client, founded: Brand, olu: OpsActor, at: datetime) -> None:
    actions.ask_brand_info(brand_id=founded.pk, reason="Which register is it in?", by=olu, at=at)
    client.force_login(owner_of(founded).user)
    page = client.get("/b/alder-wren/account/").content.decode()
    assert "Which register is it in?" in page
    answer = client.post(
        "/b/alder-wren/account/answer/", {**WORDS, "about": "Register of Delaware, 4711."}, follow=True
    )
    assert answer.status_code == 200
    assert Brand.objects.get().state == BrandState.IN_REVIEW
    assert Brand.objects.get().about == "Register of Delaware, 4711."


def test_ops_decide_in_the_admin_with_buttons(client: Client, founded: Brand, olu: OpsActor) -> None:
    client.force_login(olu.user)
    home = client.get("/admin/").content.decode()
    assert "Brands to review" in home
    address = f"/admin/tenancy/brand/{founded.pk}/"
    assert "Approve" in client.get(f"{address}change/").content.decode()
    assert client.get(f"{address}decide/approve/").status_code == 405
    client.post(f"{address}decide/decline/", {"reason": " "})
    assert Brand.objects.get().state == BrandState.IN_REVIEW
    answer = client.post(f"{address}decide/approve/", follow=True)
    assert "open for business" in answer.content.decode()
    assert Brand.objects.get().state == BrandState.ACTIVE
    again = client.post(f"{address}decide/approve/", follow=True)
    assert "no longer possible" in again.content.decode()


def test_staff_alone_press_the_buttons(client: Client, founded: Brand, acme_owner: BrandActor) -> None:
    client.force_login(acme_owner.user)
    client.post(f"/admin/tenancy/brand/{founded.pk}/decide/approve/")
    assert Brand.objects.get(pk=founded.pk).state == BrandState.IN_REVIEW


def test_the_review_queue_counts_from_the_last_submission(founded: Brand, olu: OpsActor, at: datetime) -> None:
    from gigcx.web.admin.tenancy import brands_in_review

    assert brands_in_review(at) == (1, at)
    actions.ask_brand_info(brand_id=founded.pk, reason="?", by=olu, at=at)
    assert brands_in_review(at) == (0, None)
    actions.submit_brand(brand_id=founded.pk, by=owner_of(founded), at=at + timedelta(days=2))
    assert brands_in_review(at) == (1, at + timedelta(days=2))
