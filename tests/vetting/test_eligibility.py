"""One answer for every stage: may this agent work here, then?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Engagement, Program
from recruiting.states import AgentState, EngagementState, ProgramState, Standing
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from vetting.models import AgentIdentity, Certificate
from vetting.queries import eligibilities, eligibility, eligible_agents
from vetting.queries.eligibility import eligibilities_in, works_until
from vetting.states import CertificateState, IdentityState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def program(acme: Brand) -> Program:
    return recruit.make_program(acme)


@pytest.fixture
def ada(acme: Brand) -> Agent:
    return recruit.make_agent("Ada Obi")


def codes(agent: Agent, program: Program, at: datetime) -> list[str]:
    return [reason.code for reason in eligibility(agent, program, at).reasons]


def test_an_agent_with_everything_may_work_until_the_first_thing_ends(
    ada: Agent, program: Program, at: datetime
) -> None:
    certificate = make.make_eligible(ada, program, at)
    make.make_identity(ada, at=at, until=at + 10 * DAY)
    answer = eligibility(ada, program, at)
    assert answer.is_eligible
    assert answer.certificate_id == certificate.pk
    assert answer.lapses_at == at + 10 * DAY
    assert answer.reasons == ()
    assert answer.next_steps == ()


def test_an_agent_who_just_registered_is_told_everything_that_is_missing(
    ada: Agent, program: Program, at: datetime
) -> None:
    answer = eligibility(ada, program, at)
    assert not answer.is_eligible
    assert [reason.code for reason in answer.reasons] == [
        "no_engagement",
        "identity_missing",
        "certificate_missing",
        "terms_not_accepted",
    ]
    assert [step.who_acts for step in answer.next_steps] == ["agent"] * 4
    assert answer.certificate_id is None


def pause(agent: Agent, program: Program, at: datetime) -> None:
    Agent.objects.across_brands().filter(pk=agent.pk).update(state=AgentState.PAUSED, paused_until=at + DAY)


def pause_program(agent: Agent, program: Program, at: datetime) -> None:
    Program.objects.across_brands().filter(pk=program.pk).update(state=ProgramState.PAUSED)
    program.refresh_from_db()


def change_engagement(**fields: Any) -> Callable[[Agent, Program, datetime], None]:
    def change(agent: Agent, program: Program, at: datetime) -> None:
        Engagement.objects.across_brands().filter(agent=agent).update(**fields)

    return change


def change_identity(**fields: Any) -> Callable[[Agent, Program, datetime], None]:
    def change(agent: Agent, program: Program, at: datetime) -> None:
        AgentIdentity.objects.across_brands().filter(agent=agent).update(**fields)

    return change


def change_certificate(**fields: Any) -> Callable[[Agent, Program, datetime], None]:
    def change(agent: Agent, program: Program, at: datetime) -> None:
        Certificate.objects.across_brands().filter(agent=agent).update(**fields)

    return change


def new_terms(agent: Agent, program: Program, at: datetime) -> None:
    recruit.make_terms(program, body="New prices.", at=at)


def new_wording(agent: Agent, program: Program, at: datetime) -> None:
    recruit.make_terms(program, body="A comma.", is_material=False, at=at)


def nothing(agent: Agent, program: Program, at: datetime) -> None:
    return None


TROUBLES: dict[str, tuple[Callable[[Agent, Program, datetime], None], str]] = {
    "paused": (pause, "agent_paused"),
    "program paused": (pause_program, "program_paused"),
    "engagement lapsed": (change_engagement(state=EngagementState.LAPSED), "not_certified"),
    "blocked": (change_engagement(blocked_by_brand_at=recruit.LONG_AGO), "blocked_by_brand"),
    "suspended": (change_engagement(standing=Standing.SUSPENDED), "standing_suspended"),
    "restricted": (change_engagement(standing=Standing.RESTRICTED), "standing_restricted"),
    "identity expired": (change_identity(state=IdentityState.EXPIRED), "identity_expired"),
    "identity over": (change_identity(verified_until=recruit.LONG_AGO), "identity_expired"),
    "identity held": (change_identity(is_held=True, held_at=recruit.LONG_AGO), "identity_held"),
    "certificate suspended": (change_certificate(state=CertificateState.SUSPENDED), "certificate_suspended"),
    "certificate revoked": (change_certificate(state=CertificateState.REVOKED), "certificate_revoked"),
    "certificate replaced": (change_certificate(state=CertificateState.SUPERSEDED), "certificate_expired"),
    "terms changed": (new_terms, "terms_changed"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_alone_closes_work_and_says_why(trouble: str, ada: Agent, program: Program, at: datetime) -> None:
    make.make_eligible(ada, program, at)
    change, code = TROUBLES[trouble]
    change(ada, program, at)
    ada.refresh_from_db()
    answer = eligibility(ada, program, at)
    assert [reason.code for reason in answer.reasons] == [code]
    assert len(answer.next_steps) == 1
    assert not eligible_agents(program, at).exists()


def test_a_change_of_wording_asks_for_no_new_signature(ada: Agent, program: Program, at: datetime) -> None:
    make.make_eligible(ada, program, at)
    new_wording(ada, program, at)
    assert eligibility(ada, program, at).is_eligible
    assert list(eligible_agents(program, at)) == [ada]


def test_a_certificate_counts_up_to_its_end_and_not_at_it(ada: Agent, program: Program, at: datetime) -> None:
    certificate = make.make_eligible(ada, program, at)
    make.make_identity(ada, at=at, until=at + 2 * make.YEAR)
    end = certificate.expires_at
    assert eligibility(ada, program, end - timedelta(seconds=1)).is_eligible
    assert codes(ada, program, end) == ["certificate_expired"]


def generated_agents(program: Program, at: datetime) -> list[Agent]:
    """Two dozen agents with every trouble alone, several at once, and nothing at all."""
    changes = [nothing, new_wording, *(change for change, _code in TROUBLES.values() if change is not pause_program)]
    for number in range(24):
        agent = recruit.make_agent(f"Agent{number} Generated")
        if number % 12 != 11:
            make.make_eligible(agent, program, at)
        picked = [
            change for bit, change in enumerate(changes) if number == bit or (number > 14 and (number >> bit) & 1)
        ]
        for change in picked:
            if change not in (new_terms, new_wording):
                change(agent, program, at)
    return list(Agent.objects.across_brands().order_by("pk"))


def test_the_set_and_the_single_answer_agree_for_every_generated_agent(acme: Brand, at: datetime) -> None:
    program = recruit.make_program(acme)
    agents = generated_agents(program, at)
    for moment in (at, at + 2 * DAY, at + 400 * DAY):
        single = {agent.pk for agent in agents if eligibility(agent, program, moment).is_eligible}
        many = {key for key, answer in eligibilities(agents, program, moment).items() if answer.is_eligible}
        assert single == many == set(eligible_agents(program, moment).values_list("pk", flat=True))
    assert eligible_agents(program, at).exists()


@pytest.mark.parametrize("change", [nothing, new_wording, new_terms, pause_program])
def test_the_answer_without_reasons_agrees_with_the_explained_one_for_every_generated_agent(
    change: Callable[[Agent, Program, datetime], None], acme: Brand, at: datetime
) -> None:
    program = recruit.make_program(acme)
    agents = generated_agents(program, at)
    change(agents[0], program, at)
    for moment in (at, at + 2 * DAY, at + 400 * DAY):
        explained = eligibilities(agents, program, moment)
        for agent in agents:
            answer = explained[agent.pk]
            assert works_until(agent.pk, program.pk, moment) == answer.lapses_at
            assert answer.is_eligible == (answer.lapses_at is not None) == (not answer.reasons)


def test_one_agent_is_judged_in_many_programs_as_in_each_of_them(
    ada: Agent, acme: Brand, at: datetime, django_assert_num_queries: Any
) -> None:
    programs = [recruit.make_program(acme, name=f"Program {number}") for number in range(3)]
    make.make_eligible(ada, programs[1], at)
    with django_assert_num_queries(1):
        answers = eligibilities_in(ada, programs, at)
    assert answers == {program.pk: eligibility(ada, program, at) for program in programs}
    assert [answers[program.pk].is_eligible for program in programs] == [False, True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_many_agents_are_judged_with_one_query(
    count: int, acme: Brand, at: datetime, django_assert_num_queries: Any
) -> None:
    program = recruit.make_program(acme)
    agents = [recruit.make_agent(f"Agent{number} Many") for number in range(count)]
    for agent in agents:
        make.make_eligible(agent, program, at)
    with django_assert_num_queries(1):
        assert all(answer.is_eligible for answer in eligibilities(agents, program, at).values())
