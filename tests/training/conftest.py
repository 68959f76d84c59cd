"""Fixtures of the training tests: a program, a course in it, a learner, and two people who write and approve."""

import pytest

from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import training as train
from training import actions
from training.models import Course, CourseVersion, Enrolment
from training.pages.starters import TONE


@pytest.fixture
def program(acme: Brand) -> Program:
    """Acme's program, with prices: training pays 12.00 an hour."""
    program = recruit.make_program(acme)
    recruit.make_rate_card(program)
    return program


@pytest.fixture
def tina(acme: Brand) -> BrandActor:
    """Acme's trainer, who writes."""
    return cast.make_member(acme, "Tina Trainer", role="trainer")


@pytest.fixture
def rita(acme: Brand) -> BrandActor:
    """Acme's other trainer, who approves."""
    return cast.make_member(acme, "Rita Reviewer", role="trainer")


@pytest.fixture
def course(program: Program) -> Course:
    """A course in the program."""
    return train.make_course(program)


@pytest.fixture
def version(course: Course) -> CourseVersion:
    """Its published version: two pages, the first with a question."""
    return train.make_version(course)


@pytest.fixture
def ada_obi(program: Program) -> Agent:
    """Ada, accepted for the program."""
    agent = recruit.make_agent("Ada Obi")
    recruit.make_engagement(agent, program, state=EngagementState.ACCEPTED)
    return agent


@pytest.fixture
def ada(ada_obi: Agent) -> AgentActor:
    """Ada, ready to act."""
    return recruit.agent_actor(ada_obi)


@pytest.fixture
def enrolment(ada_obi: Agent, version: CourseVersion) -> Enrolment:
    """Ada's fresh enrolment."""
    return train.make_enrolment(ada_obi, version)


@pytest.fixture
def draft(program: Program, tina: BrandActor) -> CourseVersion:
    """Tina's draft, made from the tone starter."""
    return actions.create_course(program_id=program.pk, title="Our tone", outline=TONE, by=tina, at=cast.MONDAY_NOON)
