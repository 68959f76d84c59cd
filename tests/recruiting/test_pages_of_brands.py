"""What brands see and do in the browser."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Engagement, Program, RateCard, TermsVersion
from tests import cast
from tests.factories import recruiting as make


@pytest.fixture(autouse=True)
def _one_factor(settings: object) -> None:
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]  # what a second factor adds is tested with accounts


@pytest.fixture
def owner(client: Client, acme_owner: BrandActor) -> Client:
    client.force_login(acme_owner.user)
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"recruiting:{name}", kwargs={"slug": "acme", **kwargs})


def draft(**changes: object) -> dict[str, object]:
    """A filled program form."""
    return {
        "name": "Holiday Chat",
        "summary": "Answer shoppers by chat.",
        "description": "Two chats at a time.",
        "line_of_business": "customer_care",
        "channels": ["chat"],
        "engagement_mode": "shift",
        "language_1": "en",
        "level_1": "B2",
        "equipment": "A computer\nA quiet room",
        "sensitivity_ceiling": "1",
        "timezone": "America/New_York",
        "days_1": ["0", "1", "2", "3", "4"],
        "from_1": "09:00",
        "to_1": "00:00",
        "interval_minutes": "30",
        "lock_down_hours": "24",
        "undo_minutes": "5",
        "launch_minimum": "5",
        "is_launched_at_minimum": "on",
        **changes,
    }


def test_a_program_is_written_priced_agreed_and_sent_to_review(owner: Client) -> None:
    answer = owner.post(url("program-new"), draft())
    program = Program.objects.across_brands().get()
    assert answer.url == url("program", program_id=program.pk)  # type: ignore[attr-defined]  # a redirect
    assert program.service_hours[0] == {"weekday": 0, "from": "09:00", "to": "00:00"}
    assert program.equipment == ["A computer", "A quiet room"]
    page = owner.get(url("program", program_id=program.pk)).content.decode()
    assert "Publish prices." in page
    assert "Publish terms." in page
    prices = {"seen_version": "0", "productive_hour_pay": "14.00", "productive_hour_bill": "19.90"}
    owner.post(url("program-pay", program_id=program.pk), prices)
    card = RateCard.objects.across_brands().with_lines().get()
    assert [(line.kind, line.pay_minor, line.bill_minor) for line in card.lines.all()] == [
        ("productive_hour", 1400, 1990)
    ]
    owner.post(url("program-terms", program_id=program.pk), {"seen_version": "0", "body": "## Be kind"})
    assert TermsVersion.objects.across_brands().get().is_material
    owner.post(url("program-move", program_id=program.pk), {"move": "submit"})
    program.refresh_from_db()
    assert program.state == "content_review"


def test_only_ways_of_giving_out_work_that_a_stage_carries_out_are_offered(owner: Client, acme: Brand) -> None:
    page = owner.get(url("program-new"))
    assert [value for value, _label in page.context["form"].fields["engagement_mode"].choices] == ["shift"]
    answer = owner.post(url("program-new"), draft(engagement_mode="case"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["engagement_mode"]
    assert not Program.objects.across_brands().exists()


def test_a_program_keeps_a_way_that_is_no_longer_offered(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme, state="draft", engagement_mode="case")
    page = owner.get(url("program-edit", program_id=program.pk))
    assert [value for value, _label in page.context["form"].fields["engagement_mode"].choices] == ["shift", "case"]
    changes = {"revision": str(program.revision), "engagement_mode": "case"}
    owner.post(url("program-edit", program_id=program.pk), draft(summary="Case by case.", **changes))
    program.refresh_from_db()
    assert (program.summary, program.engagement_mode) == ("Case by case.", "case")


def test_a_draft_that_lacks_prices_is_not_sent_and_says_what_is_missing(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme, state="draft")
    answer = owner.post(url("program-move", program_id=program.pk), {"move": "submit"}, follow=True)
    assert "Not ready yet. Publish prices. Publish terms." in answer.content.decode()
    program.refresh_from_db()
    assert program.state == "draft"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 10_000}, "name", "at most 80"),
        ({"channels": []}, "channels", "at least one"),
        ({"language_1": "en", "level_1": ""}, "level_1", "level of this language"),
        ({"language_2": "en", "level_2": "C1"}, "language_2", "given twice"),
        ({"from_1": ""}, "from_1", "time for these days"),
        ({"days_1": []}, "days_1", "days for these hours"),
        ({"launch_minimum": "-3"}, "launch_minimum", "a whole number from 1 to 5000."),
        ({"launch_minimum": "٣٫٥"}, "launch_minimum", "a whole number from 1 to 5000."),
        ({"lock_down_hours": "9000"}, "lock_down_hours", "a whole number from 0 to 168."),
        ({"lock_down_hours": ""}, "lock_down_hours", "a whole number from 0 to 168."),
        ({"undo_minutes": "61"}, "undo_minutes", "a whole number from 0 to 60."),
        ({"undo_minutes": "five"}, "undo_minutes", "a whole number from 0 to 60."),
        ({"equipment": "A thing\n" * 13}, "equipment", "at most twelve"),
        ({"timezone": "Mars/Olympus"}, "timezone", "valid choice"),
        ({"interval_minutes": "7"}, "interval_minutes", "15, 30 or 60"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(
    owner: Client, changes: dict[str, object], field: str, words: str
) -> None:
    answer = owner.post(url("program-new"), draft(**changes))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in " ".join(form.errors[field])
    assert "Two chats at a time." in answer.content.decode()
    assert not Program.objects.across_brands().exists()


@pytest.mark.parametrize("name", ["Черная пятница 🎁", "برنامج العطلة", "'; DROP TABLE recruiting_program; --"])
def test_a_name_in_any_script_is_kept_as_text(owner: Client, name: str) -> None:
    owner.post(url("program-new"), draft(name=name))
    program = Program.objects.across_brands().get()
    assert program.name == name
    assert owner.get(url("program", program_id=program.pk)).status_code == 200


def test_a_program_s_own_rules_are_explained_and_changed_by_the_brand(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme)
    address = url("program-edit", program_id=program.pk)
    page = owner.get(address).content.decode()
    for words in (
        "Requests already drafted keep theirs.",
        "costs reliability points",
        "keep the time they were promised",
    ):
        assert words in page
    rules = {"interval_minutes": 15, "lock_down_hours": 48, "undo_minutes": 10, "launch_minimum": 9}
    owner.post(address, draft(revision="1", **{name: str(value) for name, value in rules.items()}))
    program.refresh_from_db()
    assert {name: getattr(program, name) for name in rules} == rules
    page = owner.get(url("program", program_id=program.pk)).content.decode()
    for words in ("48 h before the start", "10 min after the claim", "15 min", "9 certified agents"):
        assert words in page


def test_a_stale_form_changes_nothing_and_says_so(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme, state="draft")
    Program.objects.across_brands().update(revision=4)
    answer = owner.post(url("program-edit", program_id=program.pk), draft(revision="3", name="Other"))
    assert answer.status_code == 422
    assert "changed while you had it open" in answer.content.decode()
    program.refresh_from_db()
    assert program.name == "Holiday Chat"


def test_a_bill_below_the_pay_is_refused_beside_its_line(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme, state="draft")
    prices = {"seen_version": "0", "productive_hour_pay": "14.00", "productive_hour_bill": "13.99"}
    answer = owner.post(url("program-pay", program_id=program.pk), prices)
    assert answer.status_code == 422
    assert "cannot be below" in answer.context["form"].errors["productive_hour_bill"][0]
    assert 'value="13.99"' in answer.content.decode()
    assert not RateCard.objects.across_brands().exists()


@pytest.mark.parametrize(
    ("pay", "bill", "field"),
    [("14.005", "20", "pay"), ("-1", "20", "pay"), ("abc", "20", "pay"), ("14", "", "bill"), ("14", "9999999", "bill")],
)
def test_an_amount_that_cannot_be_right_is_named(owner: Client, acme: Brand, pay: str, bill: str, field: str) -> None:
    program = make.make_program(acme, state="draft")
    prices = {"seen_version": "0", "productive_hour_pay": pay, "productive_hour_bill": bill}
    answer = owner.post(url("program-pay", program_id=program.pk), prices)
    assert answer.status_code == 422
    assert f"productive_hour_{field}" in answer.context["form"].errors


def test_prices_edited_by_two_at_once_keep_the_first(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme)
    make.make_rate_card(program)
    make.make_rate_card(program)
    prices = {"seen_version": "1", "productive_hour_pay": "15", "productive_hour_bill": "20"}
    answer = owner.post(url("program-pay", program_id=program.pk), prices)
    assert answer.status_code == 422
    assert RateCard.objects.across_brands().count() == 2


def test_a_planner_may_look_at_prices_and_not_publish_them(client: Client, acme: Brand) -> None:
    client.force_login(cast.make_member(acme, "Paul Planner", "planner").user)
    program = make.make_program(acme)
    make.make_rate_card(program)
    assert client.get(url("program-pay", program_id=program.pk)).status_code == 200
    prices = {"seen_version": "1", "productive_hour_pay": "15", "productive_hour_bill": "20"}
    answer = client.post(url("program-pay", program_id=program.pk), prices)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()
    assert RateCard.objects.across_brands().count() == 1


def test_questions_are_replaced_and_wrong_ones_are_named(owner: Client, acme: Brand) -> None:
    program = make.make_program(acme)
    address = url("program-questions", program_id=program.pk)
    blank = {f"kind_{place}": "yes_no" for place in range(1, 7)}
    wrong = {**blank, "prompt_1": "Which?", "kind_1": "choice", "options_1": "One"}
    answer = owner.post(address, wrong)
    assert answer.status_code == 422
    assert "two options" in answer.context["form"].errors["options_1"][0]
    right = {**blank, "prompt_1": "Years?", "kind_1": "number", "passes_1": "2", "prompt_2": "Weekends?"}
    assert owner.post(address, right).status_code == 302
    kept = list(program.questions.filter(is_retired=False).order_by("position"))
    assert [(one.prompt, one.is_knock_out, one.accepted) for one in kept] == [
        ("Years?", True, {"min": 2}),
        ("Weekends?", False, []),
    ]


@pytest.fixture
def applicant(acme: Brand) -> Engagement:
    agent = make.make_agent("Ada Obi", headline="Writes short and kind")
    make.give_language(agent)
    return make.make_engagement(agent, make.make_program(acme), state="applied", fit_score=71)


def test_an_applicant_is_shown_by_handle_until_accepted(owner: Client, applicant: Engagement) -> None:
    page = owner.get(url("talent")).content.decode()
    assert applicant.agent.handle in page
    assert "Ada Obi" not in page
    owner.post(url("talent-decide"), {"decision": "accept", "engagement": [str(applicant.pk)]})
    page = owner.get(url("talent") + "?stage=accepted").content.decode()
    assert "Ada Obi" in page


def test_declining_without_a_sentence_keeps_the_ticks_and_names_the_field(owner: Client, applicant: Engagement) -> None:
    answer = owner.post(
        url("talent-decide"), {"decision": "decline", "code": "hours", "engagement": [str(applicant.pk)]}
    )
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert "checked" in answer.content.decode()
    applicant.refresh_from_db()
    assert applicant.state == "applied"


def test_several_are_declined_with_one_reason(owner: Client, applicant: Engagement) -> None:
    bo = make.make_engagement(make.make_agent("Bo Lindqvist"), applicant.program, state="applied")
    ids = [str(applicant.pk), str(bo.pk)]
    words = {"decision": "decline", "code": "hours", "reason": "Evenings are full.", "engagement": ids}
    answer = owner.post(url("talent-decide"), words, follow=True)
    assert "2 people decided." in answer.content.decode()
    reasons = Engagement.objects.across_brands().values_list("state", "decline_reason")
    assert set(reasons) == {("declined", "Evenings are full.")}


def test_ticking_nobody_or_nonsense_decides_nothing(owner: Client, applicant: Engagement) -> None:
    for ticked in ([], ["nonsense", "'; DROP"]):
        answer = owner.post(url("talent-decide"), {"decision": "accept", "engagement": ticked})
        assert answer.status_code == 422
        assert "Tick at least one" in answer.content.decode()


def test_a_search_for_what_no_name_can_hold_is_answered(owner: Client, applicant: Engagement) -> None:
    for words in ("\x00Ada", "'; DROP TABLE x; --", "\N{FOX FACE}", "x" * 10_000):
        assert owner.get(url("talent"), {"q": words}).status_code == 200


def test_a_double_submit_decides_once(owner: Client, applicant: Engagement) -> None:
    words = {"decision": "accept", "engagement": [str(applicant.pk)]}
    owner.post(url("talent-decide"), words)
    answer = owner.post(url("talent-decide"), words, follow=True)
    assert "1 had moved on meanwhile." in answer.content.decode()


def test_the_page_of_an_agent_says_nothing_of_another_brand(
    owner: Client, applicant: Engagement, globex: Brand
) -> None:
    other = make.make_program(globex, name="Secret Voice", summary="Hidden line")
    make.make_engagement(applicant.agent, other, state="certified", tier="trusted", standing_reason="Globex words")
    pages = [
        owner.get(url("person", engagement_id=applicant.pk)),
        owner.get(url("talent")),
        owner.get(url("talent") + "?stage=certified"),
        owner.get(url("talent") + f"?q=Secret&program={other.pk}"),
        owner.get(url("programs")),
    ]
    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        assert not any(words in text for words in ("Secret Voice", "Globex", "Hidden line", "Ada Obi", "ada@example"))


def test_a_search_treats_signs_as_text(owner: Client, applicant: Engagement) -> None:
    for words in ("C++", "O'Neil", "%", "_", "🎁", "ليلى", "\\", "'; DROP TABLE"):
        answer = owner.get(url("talent"), {"q": words})
        assert answer.status_code == 200
        assert applicant.agent.handle not in answer.content.decode()
    assert applicant.agent.handle in owner.get(url("talent"), {"q": "short AND kind"[:5]}).content.decode()


@pytest.mark.parametrize("value", ["nonsense", "00000000-0000-0000-0000-000000000000", "%00"])
def test_a_filter_with_nonsense_shows_a_page(owner: Client, applicant: Engagement, value: str) -> None:
    assert owner.get(url("talent"), {"program": value, "stage": value, "page": value}).status_code == 200


def test_another_brands_things_are_not_found_under_ones_own_address(owner: Client, globex: Brand) -> None:
    program = make.make_program(globex)
    engagement = make.make_engagement(make.make_agent("Bo Lindqvist"), program, state="applied")
    names = ("program", "program-edit", "program-pay", "program-terms", "program-questions")
    for name in names:
        assert owner.get(url(name, program_id=program.pk)).status_code == 404
    assert owner.post(url("program-move", program_id=program.pk), {"move": "pause"}).status_code == 404
    assert owner.get(url("person", engagement_id=engagement.pk)).status_code == 404
    decide = {"decision": "accept", "engagement": [str(engagement.pk)]}
    assert owner.post(url("talent-decide"), decide).status_code == 404
    assert owner.post(url("person-do", engagement_id=engagement.pk, deed="favor")).status_code == 404
    engagement.refresh_from_db()
    assert engagement.state == "applied"


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_database_the_same_number_of_times_for_one_and_three(
    owner: Client, acme: Brand, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        program = make.make_program(acme, name=f"Program {number}")
        agent = make.make_agent(f"Person{number} Name")
        make.give_skill(agent)
        make.give_language(agent)
        make.make_engagement(agent, program, state="applied", fit_reasons=REASONS)
        make.make_engagement(make.make_agent(f"Other{number} Name"), program, state="certified")
    owner.get(url("talent"))
    with django_assert_num_queries(PROGRAMS_QUERIES):
        owner.get(url("programs"))
    with django_assert_num_queries(TALENT_QUERIES):
        owner.get(url("talent"))


PROGRAMS_QUERIES = 7
TALENT_QUERIES = 12
REASONS = [{"code": "skill", "subject": "live-chat", "has": "4", "needs": "3", "points": 30, "possible": 30}]
