"""Two brands with a program each, and agents who may work in them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from gigcx.kernel import clock
from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from tests.factories import recruiting as recruit
from tests.factories import vetting as vet


@pytest.fixture
def chat(acme: Brand) -> Program:
    """Acme's Holiday Chat, live, with prices and terms; UTC keeps the figures readable."""
    return made_program(acme, "Holiday Chat")


@pytest.fixture
def voice(globex: Brand) -> Program:
    """Globex's Billing Voice, live, with prices and terms."""
    return made_program(globex, "Billing Voice", channels=["voice"])


def made_program(brand: Brand, name: str, **fields: Any) -> Program:
    """A live program that agents can be eligible for."""
    program = recruit.make_program(brand, name=name, **{"timezone": "UTC", **fields})
    recruit.make_rate_card(program)
    recruit.make_terms(program)
    vet.make_certification(program)
    return program


@pytest.fixture
def machine(client: Client, acme_owner: BrandActor) -> Client:
    """A browser or a program that Acme's owner is signed in with."""
    client.force_login(acme_owner.user)
    return client


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """The wall clock of the product stands at the story's noon."""
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def ada(chat: Program, at: datetime) -> Agent:
    """Ada Obi, who may work in Holiday Chat."""
    agent = recruit.make_agent("Ada Obi")
    vet.make_eligible(agent, chat, at)
    return agent


@pytest.fixture
def bo(chat: Program, at: datetime) -> Agent:
    """Bo Lind, who may work in Holiday Chat too."""
    agent = recruit.make_agent("Bo Lind")
    vet.make_eligible(agent, chat, at)
    return agent


@pytest.fixture
def as_ada(ada: Agent) -> AgentActor:
    """Ada, acting."""
    return recruit.agent_actor(ada)


@pytest.fixture
def as_bo(bo: Agent) -> AgentActor:
    """Bo, acting."""
    return recruit.agent_actor(bo)
