"""Publishing what a brand wrote: nothing on the page is lost, and nobody passes their own work off as looked at."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gigcx.audit.models import AuditEntry
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from vetting import actions
from vetting.errors import OwnWork, ReasonRequired
from vetting.models import AssessmentVersion, CertificationVersion, ItemVersion
from vetting.states import VersionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme_page(acme_owner: BrandActor) -> Client:
    """A browser that Acme's owner is signed in with."""
    browser = Client()
    browser.force_login(acme_owner.user)
    return browser


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def asked(version: CertificationVersion) -> list[str]:
    return list(version.requirements.order_by("position").values_list("kind", flat=True))


def begin(page: Client, program: Program) -> str:
    base = "/b/acme/training/certifications/"
    made = page.post(base, {"program": str(program.pk), "name": "Holiday Chat"}, follow=True)
    return str(made.redirect_chain[-1][0])


def test_what_is_ticked_but_not_saved_is_saved_before_it_is_published(acme_page: Client, program: Program) -> None:
    test = make.make_assessment(program.brand)
    address = begin(acme_page, program)
    effect = acme_page.get(address).context["effect"].digest
    ticked = {"asked": [f"assessment:{test.assessment_id}"], "change": "minor", "validity_months": 6}
    acme_page.post(address, {**ticked, "go": "publish", "effect": effect})
    version = CertificationVersion.objects.across_brands().get()
    assert version.state == VersionState.LIVE
    assert version.validity_months == 6
    assert asked(version) == ["identity", "terms", "assessment"]


def test_another_effect_than_the_one_shown_keeps_the_ticks_and_publishes_nothing(
    acme_page: Client, ada: Agent, program: Program, at: datetime
) -> None:
    make.make_eligible(ada, program, at)
    test = make.make_assessment(program.brand)
    address = f"/b/acme/training/certifications/{CertificationVersion.objects.across_brands().get().certification_id}/"
    plain: dict[str, Any] = {"change": "minor", "validity_months": 12}
    acme_page.post(address, plain)
    effect = acme_page.get(address).context["effect"].digest
    harder = {"asked": [f"assessment:{test.assessment_id}"], "change": "breaking", "validity_months": 12}
    refused = acme_page.post(address, {**harder, "go": "publish", "effect": effect}, follow=True)
    assert "is saved as a draft" in text_of(refused)
    assert refused.context["effect"].losing == 1
    draft = CertificationVersion.objects.across_brands().get(n=2)
    assert draft.state == VersionState.DRAFT
    assert asked(draft) == ["identity", "terms", "assessment"]
    acme_page.post(address, {**harder, "go": "publish", "effect": refused.context["effect"].digest})
    draft.refresh_from_db()
    assert draft.state == VersionState.LIVE


def test_publishing_with_a_wrong_field_says_so_keeps_it_and_publishes_nothing(
    acme_page: Client, program: Program
) -> None:
    address = begin(acme_page, program)
    effect = acme_page.get(address).context["effect"].digest
    wrong = acme_page.post(address, {"change": "minor", "validity_months": 900, "go": "publish", "effect": effect})
    assert wrong.status_code == 422
    assert 'value="900"' in wrong.content.decode()
    assert CertificationVersion.objects.across_brands().get().state == VersionState.DRAFT


def test_a_certification_has_one_main_button_and_it_stands_below_what_it_publishes(
    acme_page: Client, program: Program
) -> None:
    make.make_assessment(program.brand)
    page = acme_page.get(begin(acme_page, program)).content.decode()
    assert page.count("btn-primary") == 1
    assert page.index('name="asked"') < page.index("btn-primary")


def test_a_tests_unsaved_numbers_are_saved_before_it_is_published(acme_page: Client, acme: Brand) -> None:
    bank = make.make_bank(acme)
    make.make_item(bank)
    made = acme_page.post("/b/acme/training/tests/", {"name": "Tone test"}, follow=True).redirect_chain[-1][0]
    draft = {"minutes": 20, "max_tries": 3, "cut_percent": 70, "feedback": "skills", "bank_1": bank.pk, "draw_1": 1}
    acme_page.post(made, draft)
    acme_page.post(made, {**draft, "minutes": 35, "go": "publish"})
    version = AssessmentVersion.objects.across_brands().get()
    assert version.state == VersionState.LIVE
    assert version.limit_seconds == 35 * 60


# one's own questions ------------------------------------------------------------------------------------------------


def waiting_item(bank_id: UUID, by: BrandActor, at: datetime) -> ItemVersion:
    options = [{"id": "a", "text": "Hello"}, {"id": "b", "text": "What?"}]
    version = actions.write_item(
        bank_id=bank_id,
        kind="single_choice",
        payload={"prompt": "Which greeting fits?", "options": options},
        key={"options": ["a"]},
        points=Decimal(1),
        by=by,
        at=at,
    )
    return actions.send_item_to_review(item_version_id=version.pk, by=by, at=at)


def test_alone_in_a_brand_an_author_publishes_with_a_reason_that_stays(
    acme_page: Client, acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    version = waiting_item(make.make_bank(acme).pk, acme_owner, at)
    address = f"/b/acme/training/banks/items/{version.item_id}/"
    page = text_of(acme_page.get(address))
    assert "nobody else in this brand may publish" in page
    assert "Publish alone" in page
    silent = acme_page.post(f"{address}move/", {"move": "publish", "reason": "  "}, follow=True)
    assert "Say why nobody else looks at it" in text_of(silent)
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW
    shown = acme_page.post(f"{address}move/", {"move": "publish", "reason": "A shop of one"}, follow=True)
    version.refresh_from_db()
    assert version.state == VersionState.LIVE
    assert "Nobody else looked at it" in text_of(shown)
    assert "A shop of one" in text_of(shown)
    entry = AuditEntry.objects.get(action="vetting.publish_own_item")
    assert entry.reason == "A shop of one"


def test_with_a_colleague_who_may_publish_an_author_is_told_who_and_cannot(
    acme_page: Client, acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    cast.make_member(acme, "Tess Trainer", "trainer")
    version = waiting_item(make.make_bank(acme).pk, acme_owner, at)
    page = text_of(acme_page.get(f"/b/acme/training/banks/items/{version.item_id}/"))
    assert "Tess Trainer" in page
    assert "Publish alone" not in page
    with pytest.raises(OwnWork):
        actions.publish_item_version(item_version_id=version.pk, reason="In a hurry", by=acme_owner, at=at)


def test_a_whole_bank_is_published_alone_only_with_a_reason(
    acme_page: Client, acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    bank = make.make_bank(acme)
    for _number in range(2):
        waiting_item(bank.pk, acme_owner, at)
    assert "Publish 2 questions" in text_of(acme_page.get(f"/b/acme/training/banks/{bank.pk}/"))
    with pytest.raises(ReasonRequired):
        actions.publish_waiting_items(bank_id=bank.pk, by=acme_owner, at=at)
    done = acme_page.post(f"/b/acme/training/banks/{bank.pk}/publish/", {"reason": "A shop of one"}, follow=True)
    assert "2 questions published" in text_of(done)


def test_an_engaged_agent_is_put_on_the_way_when_a_certification_is_published(
    acme_page: Client, ada: Agent, program: Program
) -> None:
    recruit.make_engagement(ada, program, state=EngagementState.ACCEPTED)
    address = begin(acme_page, program)
    shown = acme_page.get(address).context["effect"]
    acme_page.post(address, {"change": "minor", "validity_months": 12, "go": "publish", "effect": shown.digest})
    assert acme_page.get(address).context["live"].state == VersionState.LIVE


def test_sending_to_review_saves_what_was_typed_first_and_keeps_the_author_of_what_was_not(
    acme_page: Client, acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    bank = make.make_bank(acme)
    form = {"prompt": "Which?", "points": 1, "text_1": "Good", "text_2": "Bad", "right_1": "on"}
    new = f"/b/acme/training/banks/{bank.pk}/new/?kind=single_choice"
    item = acme_page.post(new, form, follow=True).redirect_chain[-1][0]
    acme_page.post(item, {**form, "prompt": "Which one is kinder?", "go": "review"})
    version = ItemVersion.objects.across_brands().get()
    assert (version.state, version.payload["prompt"]) == (VersionState.IN_REVIEW, "Which one is kinder?")

    actions.take_item_back(item_version_id=version.pk, by=acme_owner, at=at)
    tess = Client()
    tess.force_login(cast.make_member(acme, "Tess Trainer", "trainer").user)
    page = tess.get(item).context["form"]
    same = {one.html_name: one.value() for one in page if one.value() not in (None, "", False)}
    tess.post(item, {**same, "go": "review"})
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW
    assert version.written_by_id == acme_owner.user.pk
