"""What visitors and agents see and do in the browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from gigcx.kernel import clock
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Engagement, Program, TermsAcceptance
from tests import cast
from tests.factories import recruiting as make


def url(name: str, *args: object) -> str:
    return reverse(f"recruiting:{name}", args=args)


@pytest.fixture
def chat(acme: Brand) -> Program:
    make.make_skill("live-chat")
    program = make.make_program(acme, required_skills=[{"key": "live-chat", "level": 3}])
    make.make_rate_card(program)
    make.make_terms(program, body="## Be kind\n\n<script>alert(1)</script>")
    return program


@pytest.fixture
def ada(client: Client, db: None) -> Agent:
    agent = make.make_agent("Ada Obi")
    make.give_language(agent)
    make.give_skill(agent)
    client.force_login(agent.user)
    return agent


ABOUT = {"country": "CA", "timezone": "America/Halifax", "handle": "ada-o", "headline": "", "bio": ""}
ABILITIES = {"channels": ["chat"], "language_1": "en", "level_1": "C1", "skill_live_chat": "4"}
HOURS = {
    "weekly_hours_wanted": "20",
    "days_1": ["4", "5"],
    "from_1": "18:00",
    "to_1": "02:00",
    "equipment": ["computer"],
}


def test_anybody_reads_the_true_pay_of_an_opportunity(client: Client, chat: Program) -> None:
    for address in (url("opportunities"), url("opportunity", chat.public_slug)):
        page = client.get(address).content.decode()
        assert "16.00" in page
        assert "not enough data yet" in page
        assert "22.00" not in page, "what the brand pays is not on the advert"


def test_who_takes_part_already_is_led_to_the_next_step_and_not_asked_to_apply(
    client: Client, chat: Program, ada: Agent
) -> None:
    before = client.get(url("opportunity", chat.public_slug)).content.decode()
    make.make_engagement(ada, chat)
    after = client.get(url("opportunity", chat.public_slug)).content.decode()
    for page, way in ((before, url("apply", chat.public_slug)), (after, url("applications"))):
        assert f'href="{way}"' in page
    assert url("apply", chat.public_slug) not in after


@pytest.mark.parametrize("state", ["draft", "content_review", "paused", "sunset", "archived"])
def test_a_program_that_is_not_public_is_not_found(client: Client, acme: Brand, state: str) -> None:
    program = make.make_program(acme, state=state)
    assert client.get(url("opportunity", program.public_slug)).status_code == 404
    assert client.get(url("apply", program.public_slug)).status_code == 404
    assert program.name not in client.get(url("opportunities")).content.decode()


def test_a_visitor_who_applies_signs_up_makes_a_profile_and_comes_back(client: Client, chat: Program) -> None:
    answer = client.get(url("apply", chat.public_slug))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_signup"))
    client.force_login(cast.make_user("Ada Obi"))
    session = client.session
    session["apply_to"] = chat.public_slug
    session.save()
    assert client.get(url("apply", chat.public_slug)).headers["Location"] == url("agent-start")
    assert client.post(url("agent-start")).headers["Location"] == url("welcome-step", "about")
    assert client.post(url("welcome-step", "about"), ABOUT).headers["Location"] == url("welcome-step", "abilities")
    assert client.post(url("welcome-step", "abilities"), ABILITIES).headers["Location"] == url("welcome-step", "hours")
    assert client.post(url("welcome-step", "hours"), HOURS).headers["Location"] == url("apply", chat.public_slug)
    assert client.post(url("apply", chat.public_slug)).headers["Location"] == url("applications")
    engagement = Engagement.objects.across_brands().get()
    assert (engagement.state, engagement.agent.handle) == ("applied", "ada-o")
    assert "Application sent" in client.get(url("applications")).content.decode()


def test_onboarding_resumes_at_the_step_that_was_left(client: Client, db: None) -> None:
    client.force_login(cast.make_user("Ada Obi"))
    client.post(url("agent-start"))
    client.post(url("welcome-step", "about"), ABOUT)
    assert client.get(url("agent-start")).headers["Location"] == url("welcome-step", "abilities")
    assert client.get(url("find")).headers["Location"] == url("agent-start")
    assert client.get(url("profile")).headers["Location"] == url("agent-start")


@pytest.mark.parametrize(
    ("step", "changes", "field"),
    [
        ("about", {"country": ""}, "country"),
        ("about", {"country": "Atlantis"}, "country"),
        ("about", {"timezone": "Mars/Olympus"}, "timezone"),
        ("about", {"handle": "x" * 10_000}, "handle"),
        ("about", {"headline": "x" * 121}, "headline"),
        ("abilities", {"channels": []}, "channels"),
        ("abilities", {"language_1": "", "level_1": ""}, "language_1"),
        ("abilities", {"language_1": "klingon"}, "language_1"),
        ("abilities", {"skill_live_chat": "9"}, "skill_live_chat"),
        ("hours", {"weekly_hours_wanted": "900"}, "weekly_hours_wanted"),
        ("hours", {"weekly_hours_wanted": "lots"}, "weekly_hours_wanted"),
        ("hours", {"from_1": "25:99"}, "from_1"),
        ("hours", {"days_1": ["9"]}, "days_1"),
        ("hours", {"equipment": ["spaceship"]}, "equipment"),
    ],
)
def test_a_wrong_answer_is_named_and_what_was_typed_stays(
    client: Client, ada: Agent, step: str, changes: dict[str, object], field: str
) -> None:
    make.make_skill("live-chat")
    forms: dict[str, Any] = {"about": ABOUT, "abilities": ABILITIES, "hours": HOURS}
    whole: dict[str, object] = forms[step]
    answer = client.post(url("profile-edit", step), {**whole, **changes})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    kept = {"about": "America/Halifax", "abilities": "C1, near native", "hours": "Hours a week"}[step]
    assert kept in answer.content.decode()


def test_a_taken_handle_is_named_whatever_its_case(client: Client, ada: Agent) -> None:
    make.make_agent("Bo Lindqvist", handle="Bo-L")
    answer = client.post(url("profile-edit", "about"), {**ABOUT, "handle": "bo-l"})
    assert answer.status_code == 422
    assert "already goes by this handle" in answer.context["form"].errors["handle"][0]


@pytest.mark.parametrize("handle", ["ليلى", "नीलम-7", "calm-otter-7", "Łucja"])
def test_a_handle_in_any_script_is_kept(client: Client, ada: Agent, handle: str) -> None:
    client.post(url("profile-edit", "about"), {**ABOUT, "handle": handle})
    ada.refresh_from_db()
    assert ada.handle == handle


@pytest.mark.parametrize("handle", ["bad handle !!", "ab", "🎧 Ada", "'; DROP TABLE agents; --", "<b>bold</b>"])
def test_a_handle_of_other_signs_is_refused_with_the_rule(client: Client, ada: Agent, handle: str) -> None:
    answer = client.post(url("profile-edit", "about"), {**ABOUT, "handle": handle})
    assert answer.status_code == 422
    assert "3 to 30 letters and digits" in answer.context["form"].errors["handle"][0]
    assert "<b>bold</b>" not in answer.content.decode()


def test_two_stretches_that_start_together_are_refused(client: Client, ada: Agent) -> None:
    twice = {**HOURS, "days_2": ["4"], "from_2": "18:00", "to_2": "20:00"}
    answer = client.post(url("profile-edit", "hours"), twice)
    assert answer.status_code == 422
    assert "start at the same time" in answer.content.decode()
    assert not ada.availability_rules.exists()


def test_an_agent_reads_why_a_program_fits_and_what_is_missing(client: Client, chat: Program, ada: Agent) -> None:
    page = client.get(url("find")).content.decode()
    assert "English at C1, B2 needed" in page
    assert "not tested yet; 3 needed" in page
    assert "No work on record yet" in page


def test_terms_are_agreed_once_with_the_name_of_the_account(client: Client, chat: Program, ada: Agent) -> None:
    make.make_engagement(ada, chat, state="accepted")
    address = url("terms", chat.pk)
    page = client.get(address)
    assert "<script>" not in page.content.decode().partition("Be kind")[2].partition("</section>")[0]
    version = str(page.context["version"].pk)
    wrong = client.post(address, {"name_typed": "Somebody Else", "terms_version_id": version})
    assert wrong.status_code == 422
    assert "full name" in wrong.context["form"].errors["name_typed"][0]
    for _once_more in range(2):
        answer = client.post(address, {"name_typed": "  ada   OBI ", "terms_version_id": version})
        assert answer.status_code == 302
    assert TermsAcceptance.objects.across_brands().get().name_typed == "ada OBI"
    assert "Get certified" in client.get(url("applications")).content.decode()


def test_terms_that_changed_meanwhile_are_not_agreed(client: Client, chat: Program, ada: Agent) -> None:
    make.make_engagement(ada, chat, state="accepted")
    old = client.get(url("terms", chat.pk)).context["version"]
    make.make_terms(chat, body="## New words", at=clock.now() - timedelta(minutes=1))
    answer = client.post(url("terms", chat.pk), {"name_typed": "Ada Obi", "terms_version_id": str(old.pk)})
    assert answer.status_code == 422
    assert "changed since you opened them" in answer.content.decode()
    assert not TermsAcceptance.objects.across_brands().exists()


def test_terms_of_a_program_one_is_not_in_are_not_found(client: Client, chat: Program, ada: Agent) -> None:
    assert client.get(url("terms", chat.pk)).status_code == 404


def test_a_declined_agent_reads_reasons_and_a_date(client: Client, chat: Program, ada: Agent) -> None:
    make.make_engagement(ada, chat, state="declined", reapply_at=clock.now() + timedelta(days=3))
    page = client.get(url("applications")).content.decode()
    assert "Chat at two windows is needed." in page
    assert "You may apply again from" in page
    answer = client.post(url("apply", chat.public_slug))
    assert answer.status_code == 422
    assert "You may apply again from" in answer.content.decode()


def test_applying_twice_says_so_and_keeps_one(client: Client, chat: Program, ada: Agent) -> None:
    client.post(url("apply", chat.public_slug))
    answer = client.post(url("apply", chat.public_slug))
    assert answer.status_code == 422
    assert "already have an open application" in answer.content.decode()
    assert Engagement.objects.across_brands().count() == 1


def test_an_agent_leaves_after_seeing_what_it_means(client: Client, chat: Program, ada: Agent) -> None:
    engagement = make.make_engagement(ada, chat, state="certified")
    assert "Your place ends at once" in client.get(url("withdraw", engagement.pk)).content.decode()
    client.post(url("withdraw", engagement.pk), {"reason": ""})
    engagement.refresh_from_db()
    assert (engagement.state, engagement.end_code) == ("ended", "withdrawn")


def test_an_agent_neither_sees_nor_leaves_for_another(client: Client, chat: Program, ada: Agent) -> None:
    theirs = make.make_engagement(make.make_agent("Bo Lindqvist"), chat, state="applied")
    assert client.get(url("withdraw", theirs.pk)).status_code == 404
    assert client.post(url("withdraw", theirs.pk), {"reason": ""}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "applied"


def test_home_shows_the_next_step(client: Client, chat: Program, ada: Agent) -> None:
    assert "Find a program" in client.get(reverse("web:agent-home")).content.decode()
    make.make_engagement(ada, chat, state="accepted")
    assert "You are in: read the terms" in client.get(reverse("web:agent-home")).content.decode()


@pytest.mark.parametrize("name", ["agent-start", "find", "applications", "profile"])
def test_pages_of_agents_ask_visitors_to_sign_in(client: Client, db: None, name: str) -> None:
    answer = client.get(url(name))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_database_the_same_number_of_times_for_one_and_three(
    client: Client, acme: Brand, ada: Agent, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        program = make.make_program(acme, name=f"Program {number}")
        make.make_rate_card(program)
        make.make_terms(program)
        make.make_engagement(ada, program, state="accepted")
    client.get(url("profile"))
    with django_assert_num_queries(FIND_QUERIES):
        client.get(url("find"))
    with django_assert_num_queries(APPLICATIONS_QUERIES):
        client.get(url("applications"))
    client.logout()
    with django_assert_num_queries(PUBLIC_QUERIES):
        client.get(url("opportunities"))


FIND_QUERIES = 12
APPLICATIONS_QUERIES = 9
PUBLIC_QUERIES = 3
