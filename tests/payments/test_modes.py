"""A product that could move the wrong money does not start; and no float comes near money."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

import payments
from gigcx.local.run import demo_beside_stripe
from payments.apps import PaymentsConfig
from payments.gateways import mode_problems, rail_of, require_sound_mode
from payments.gateways.guard import InsideTransaction
from payments.gateways.modes import check_mode
from payments.gateways.protocol import PayoutRail
from payments.states import RailCode

ROOT = Path(__file__).resolve().parents[2]


_MIXTURES = pytest.mark.parametrize(
    ("mode", "key", "base", "is_debug", "is_sound"),
    [
        ("sandbox", "", "", False, True),
        ("sandbox", "sk_test_x", "", False, False),
        ("sandbox", "sk_live_x", "", False, False),
        ("sandbox", "rk_live_x", "", False, False),
        ("sandbox", "anything", "", True, False),
        ("test", "sk_test_x", "http://localhost:1", True, True),
        ("test", "rk_test_x", "", False, True),
        ("test", "sk_live_x", "", False, False),
        ("test", "rk_live_x", "", True, False),
        ("test", "", "", False, False),
        ("live", "sk_live_x", "", False, True),
        ("live", "rk_live_x", "", False, True),
        ("live", "sk_test_x", "", False, False),
        ("live", "", "", False, False),
        ("live", "sk_live_x", "http://localhost:1", False, False),
        ("live", "sk_live_x", "", True, False),
        ("playground", "", "", False, False),
    ],
)


@_MIXTURES
def test_only_keys_that_fit_the_mode_are_accepted(
    mode: str, key: str, base: str, is_debug: bool, is_sound: bool
) -> None:
    assert (mode_problems(mode=mode, key=key, base=base, is_debug=is_debug) == []) == is_sound


@_MIXTURES
def test_every_mixture_of_modes_and_keys_that_is_not_sound_stops_the_start_the_checks_and_each_gateway(
    settings: Any, mode: str, key: str, base: str, is_debug: bool, is_sound: bool
) -> None:
    settings.PAYMENTS_MODE, settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = mode, key, base
    settings.DEBUG, settings.DEMO_STAYS_ALIVE = is_debug, False
    rail = RailCode.SANDBOX if mode == "sandbox" else RailCode.STRIPE_CONNECT
    if is_sound:
        require_sound_mode()
        rail_of(rail)
    else:
        with pytest.raises(ImproperlyConfigured):
            PaymentsConfig("payments", payments).ready()  # what `django.setup` runs in every process
        with pytest.raises(ImproperlyConfigured):
            rail_of(rail)
    found = {one.id for one in run_checks(tags=[Tags.security]) if one.id and one.id.startswith("payments.")}
    assert found == (set() if is_sound else {"payments.E001"})


def test_real_money_and_the_demo_world_do_not_start_together() -> None:
    sound: dict[str, Any] = {"key": "sk_live_x", "base": "", "is_debug": False}
    assert mode_problems(mode="live", is_demo=False, **sound) == []
    (problem,) = mode_problems(mode="live", is_demo=True, **sound)
    assert "set DEMO=no" in problem
    assert mode_problems(mode="sandbox", is_demo=True, **{**sound, "key": ""}) == []


@pytest.mark.parametrize(("mode", "is_told"), [("", False), ("sandbox", False), ("test", True)])
def test_the_start_says_what_the_demo_world_is_beside_stripe(
    mode: str, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAYMENTS_MODE", mode)
    words = demo_beside_stripe()
    assert bool(words) == is_told
    assert not words or ("PAYMENTS_MODE is test" in words and "DEMO=no" in words)


def test_a_gateway_is_not_built_with_the_wrong_key(settings: Any) -> None:
    settings.STRIPE_API_KEY = "sk_test_x"
    with pytest.raises(ImproperlyConfigured):
        rail_of("sandbox")
    assert [error.id for error in check_mode(None)] == ["payments.E001"]


def test_a_sandbox_with_a_stripe_key_does_not_start() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gigcx.settings.prod",
        "PAYMENTS_MODE": "sandbox",
        "STRIPE_API_KEY": "sk_test_x",
        "SECRET_KEY": "x",
        "VAULT_KEYS": "x",
        "FINGERPRINT_KEY": "x",
    }
    started = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert started.returncode != 0
    assert "PAYMENTS_MODE is sandbox" in started.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "ask",
    [
        lambda rail: rail.balance("USD"),
        lambda rail: rail.find(None),
        lambda rail: rail.payments_since(None),
        lambda rail: rail.account_facts("x"),
        lambda rail: rail.send(None, key="x"),
        lambda rail: rail.open_account(account_id=None, country="US", email="", key="x"),
    ],
)
def test_no_rail_is_asked_inside_a_transaction(ask: Any) -> None:
    rail: PayoutRail = rail_of("sandbox")
    with pytest.raises(InsideTransaction), transaction.atomic():
        ask(rail)


def sources() -> list[Path]:
    return [path for path in (ROOT / "payments").rglob("*.py") if "migrations" not in path.parts]


# Widths of pictures, shares of an hour and text of a clock: never money.
_PICTURES = {"views/pictures.py", "queries/minutes.py"}


def test_no_float_comes_near_money() -> None:
    found = []
    for path in sources():
        name = str(path.relative_to(ROOT / "payments"))
        for node in ast.walk(ast.parse(path.read_text())):
            is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_call = isinstance(node, ast.Name) and node.id == "float"
            if (is_float or is_call) and name not in _PICTURES and not name.startswith("ledger/retries"):
                found.append(f"{name}:{getattr(node, 'lineno', 0)}")
    assert found == []


def test_stripe_is_imported_in_one_package_only() -> None:
    found = {
        str(path.relative_to(ROOT / "payments").parent)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Import) and any(one.name.split(".")[0] == "stripe" for one in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "stripe")
    }
    assert found == {"gateways/stripe"}
