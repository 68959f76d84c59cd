"""The cast of vetting's stories."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from PIL import Image

from gigcx.audit import dispatcher
from gigcx.audit.models import Delivery
from gigcx.tenancy.actors import AgentActor, OpsActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from tests import cast
from tests.factories import recruiting as recruit


@pytest.fixture
def program(acme: Brand) -> Program:
    """Acme's Holiday Chat."""
    return recruit.make_program(acme)


@pytest.fixture
def ada(db: None) -> Agent:
    """Ada, an active agent."""
    return recruit.make_agent("Ada Obi")


@pytest.fixture
def ada_acts(ada: Agent) -> AgentActor:
    """Ada, ready to act."""
    return recruit.agent_actor(ada)


@pytest.fixture
def bo_acts(db: None) -> AgentActor:
    """Bo, another agent."""
    return recruit.agent_actor(recruit.make_agent("Bo Lind"))


@pytest.fixture
def oma(db: None) -> OpsActor:
    """A second person of ops."""
    return cast.ops("Oma Ops")


@pytest.fixture
def noon(at: datetime) -> Any:
    """The wall clock stands at the story's noon."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def ada_page(client: Client, ada: Agent) -> Client:
    """A browser that Ada is signed in with."""
    client.force_login(ada.user)
    return client


@pytest.fixture
def photo() -> bytes:
    """A picture of a document, as a camera would send it, with the marks of its place in it."""
    return draw_photo()


def draw_photo(width: int = 640, height: int = 420, form: str = "JPEG") -> bytes:
    """A picture of the given size."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 180, 140)).save(out, form)
    return out.getvalue()


@pytest.fixture
def deliver() -> Callable[[datetime], None]:
    """Hand over every fact that waits, again and again until none does."""

    def run(at: datetime) -> None:
        while dispatcher.dispatch_due(at=at):
            pass
        assert list(Delivery.objects.exclude(error="").values_list("consumer", "error")) == []

    return run
