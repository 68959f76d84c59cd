"""The demo world in a database of its own, for the tests that walk through all of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.template.base import Template
from django.test import override_settings
from django.test import utils as test_utils

from gigcx.accounts.models import User
from gigcx.kernel import clock
from gigcx.tenancy.actions import make_api_key
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments.models import InstantQuote, PayoutAccount
from scheduling.models import CapacityRequest, Remedy
from scheduling.states import RemedyKind, RemedyState, RequestState
from tests.databases import copy_demo, drop_database

# A walk asks in a minute what people ask in a day.
AS_OFTEN_AS_LIKED = dict.fromkeys(("ip", "actor", "key", "verify", "draw_proof"), 10**9)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo world, reached through Django's one connection."""
    name = f"test_demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    folder = tmp_path_factory.mktemp("demo")
    copy_demo(name, folder)
    with (
        django_db_blocker.unblock(),
        override_settings(
            MEDIA_ROOT=folder / "media", VAULT_ROOT=folder / "media" / "vault", API_RATES=AS_OFTEN_AS_LIKED
        ),
    ):
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        _add_key()
        _add_remedy()
        _add_instant_quote()
        with _pages_not_kept():
            yield
        connection.close()
        connection.settings_dict["NAME"] = usual
        drop_database(name)


@contextmanager
def _pages_not_kept() -> Iterator[None]:
    """Draw pages as outside of tests: here nobody asks what each was drawn from, and keeping it takes a fifth of the time."""
    plain = vars(test_utils)["_TestState"].saved_data.template_render
    with mock.patch.object(Template, "_render", plain):
        yield


def _add_key() -> None:
    """Give Alder & Wren an API key: the demo world has none, because nobody would know its text."""
    brand = Brand.objects.get(slug="alder-wren")
    owner = BrandActor(User.objects.get(email="dana@demo.example"), brand, "owner")
    make_api_key(name="Planner", scopes=["view"], by=owner, at=clock.now())


def _add_instant_quote() -> None:
    """Offer Ada an instant payout: her bank takes none in the demo world."""
    at = clock.now()
    account = PayoutAccount.objects.across_brands().filter(agent__user__email="ada@demo.example").first()
    assert account is not None, "Ada has told where her money goes"
    InstantQuote.objects.create(
        agent_id=account.agent_id,
        account=account,
        currency=account.currency,
        amount_minor=5000,
        fee_minor=299,
        earning_ids=[],
        arrives_at=at + timedelta(minutes=30),
        quoted_at=at,
        expires_at=at + timedelta(hours=5),
    )


def _add_remedy() -> None:
    """Put a remedy on Alder & Wren's board: at night the demo world needs none."""
    at = clock.now()
    if Remedy.objects.across_brands().filter(state=RemedyState.PROPOSED, ends_at__gt=at).exists():
        return
    requests = CapacityRequest.objects.across_brands().filter(brand__slug="alder-wren")
    request = requests.filter(state__in=[RequestState.LIVE, RequestState.PUBLISHED]).select_related("brand").first()
    assert request is not None, "the demo world has a week that is published"
    Remedy.objects.create(
        brand=request.brand,
        request=request,
        program_id=request.program_id,
        kind=RemedyKind.OWN_STAFF,
        starts_at=at + timedelta(hours=1),
        ends_at=at + timedelta(hours=2),
        seats=1,
        covered_minutes=60,
        currency=request.brand.currency,
        proposed_at=at,
    )
