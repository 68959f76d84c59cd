"""The demo world's frame and the platform's chapter."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from gigcx.accounts.models import User
from gigcx.audit import hints
from gigcx.audit.models import AuditEntry, Delivery
from gigcx.kernel import clock
from gigcx.notify.models import Letter, LetterState, Notification
from gigcx.tenancy.models import Brand, Membership
from gigcx.web import demo_platform, registries
from gigcx.web.demo import DEMO_PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The platform's chapter alone, told by the command."""
    monkeypatch.setattr(registries, "_chapters", [registries.Chapter(5, "platform", demo_platform.tell)])
    monkeypatch.setenv("GIGCX_LOCAL_DIR", str(tmp_path))
    out = StringIO()
    call_command("demo", stdout=out)
    assert (tmp_path / "demo-signins.txt").read_text() in out.getvalue()
    return out.getvalue()


def test_two_brands_are_open_one_waits_and_the_house_stands(told: str) -> None:
    assert dict(Brand.objects.order_by("name").values_list("slug", "state")) == {
        "alder-wren": "active",
        "fjord-outdoor": "in_review",
        "house": "active",
        "northline": "active",
    }
    assert Brand.objects.get(is_house=True).name == "GigCX Academy"
    roles = Membership.objects.filter(brand__slug="alder-wren").order_by("role").values_list("role", flat=True)
    assert list(roles) == ["finance", "owner", "planner", "trainer"]


def test_the_world_was_told_through_actions_with_its_own_history(told: str) -> None:
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"tenancy.found_brand", "tenancy.approve_brand", "tenancy.accept_member_invitation"} <= actions
    assert not AuditEntry.objects.filter(at__gt=clock.now()).exists()


def test_facts_were_heard_and_no_letter_about_the_past_is_sent(told: str) -> None:
    assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()
    assert Notification.objects.exists()
    assert not Letter.objects.filter(state=LetterState.WAITING).exists()


def test_everybody_who_is_printed_can_sign_in(told: str) -> None:
    printed = [word for word in told.split() if word.endswith("@demo.example")]
    assert {"dana@demo.example", "nils@demo.example", "olu@demo.example"} <= set(printed)
    assert DEMO_PASSWORD in told
    for email in printed:
        client = Client()
        client.post("/account/login/", {"login": email, "password": DEMO_PASSWORD})
        assert client.get("/start/", follow=True).status_code == 200, email


def test_people_of_the_world_are_verified(told: str) -> None:
    unverified = User.objects.exclude(emailaddress__verified=True)
    assert list(unverified) == []


def test_a_world_with_people_in_it_is_not_overwritten(told: str, settings: Settings) -> None:
    with pytest.raises(CommandError, match="--fresh"):
        call_command("demo")
    with pytest.raises(CommandError, match="real mail"):
        call_command("demo", "--fresh")
    assert Brand.objects.count() == 4


def test_a_scale_below_one_is_refused() -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("demo", "--scale", "0")


def test_hints_are_heard_again_afterwards(told: str) -> None:
    assert hints._silent_until != float("inf")


def test_the_same_seed_throws_the_same_dice() -> None:
    first, second = (World(at=clock.now(), seed=11).rng.random() for _turn in range(2))
    assert first == second != World(at=clock.now(), seed=12).rng.random()
