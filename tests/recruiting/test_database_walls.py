"""What the database itself refuses, whoever asks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from gigcx.tenancy.models import Brand
from recruiting.models import Engagement, RateCardLine
from recruiting.states import LineKind, VersionState
from tests.factories import recruiting as make


def test_an_agent_has_one_engagement_in_a_program_until_it_ends(acme: Brand) -> None:
    ada, chat = make.make_agent("Ada Obi"), make.make_program(acme)
    make.make_engagement(ada, chat, state="ended")
    make.make_engagement(ada, chat, state="declined")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_engagement(ada, chat, state="applied")
    assert Engagement.objects.across_brands().count() == 2


def test_an_engagement_belongs_to_the_brand_of_its_program(acme: Brand, globex: Brand) -> None:
    ada, chat = make.make_agent("Ada Obi"), make.make_program(acme)
    engagement = make.make_engagement(ada, chat)
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.across_brands().filter(pk=engagement.pk).update(brand=globex)


def test_an_active_rate_card_and_its_lines_no_longer_change(acme: Brand, at: datetime) -> None:
    card = make.make_rate_card(make.make_program(acme))
    line = card.line(LineKind.PRODUCTIVE_HOUR)
    assert line is not None
    for refused in (
        lambda: type(card).objects.across_brands().filter(pk=card.pk).update(pay_currency="EUR"),
        lambda: RateCardLine.objects.across_brands().filter(pk=line.pk).update(pay_minor=1),
        lambda: RateCardLine.objects.across_brands().filter(pk=line.pk).delete(),
        lambda: RateCardLine.objects.create(card=card, kind="royalty", pay_minor=1, bill_minor=1, unit="each"),
        card.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    later = at + timedelta(days=1)
    type(card).objects.across_brands().filter(pk=card.pk).update(state=VersionState.SUPERSEDED, valid_until=later)
    card.refresh_from_db()
    assert (card.state, card.valid_until, card.pay_currency) == ("superseded", later, "USD")


def test_a_card_that_bills_less_than_it_pays_cannot_become_active(acme: Brand) -> None:
    program = make.make_program(acme)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_rate_card(program, {LineKind.PRODUCTIVE_HOUR: (1600, 1599)})
    assert make.make_rate_card(program, {LineKind.PRODUCTIVE_HOUR: (1600, 1600)}).state == VersionState.ACTIVE


def test_published_terms_and_their_acceptances_no_longer_change(acme: Brand) -> None:
    program, ada = make.make_program(acme), make.make_agent("Ada Obi")
    acceptance = make.accept_terms_directly(ada, program)
    for refused in (
        lambda: type(acceptance.version).objects.across_brands().update(body="Other words."),
        lambda: type(acceptance).objects.across_brands().update(name_typed="Somebody else"),
        acceptance.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("declined", {"decline_code": "", "decline_reason": "", "reapply_at": None}),
        ("ended", {"ended_at": None}),
        ("certified", {"accepted_at": None}),
    ],
)
def test_a_state_without_its_facts_is_refused(acme: Brand, state: str, fields: dict[str, Any]) -> None:
    program, ada = make.make_program(acme), make.make_agent("Ada Obi")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_engagement(ada, program, state=state, **fields)
