"""The net-hour label from the books: what counts, who sees it, and how anybody can check it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments import actions
from payments.models import Earning, PayLabel
from payments.pricing import FORMULA_VERSION, Sample, inputs_of
from payments.pricing import pay_label as pure_label
from payments.queries.labels import (
    NetHourLabels,
    advert_is_supported,
    is_reproducible,
    label_inputs,
    label_period,
    pay_label,
)
from payments.states import Cause, EarningKind
from recruiting.actions import ProgramBrief, edit_program
from recruiting.models import Agent, Program
from recruiting.queries.pay_claims import pay_claims
from recruiting.registries import pay_label_source
from scheduling.states import ClaimState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db
LAST_WEEK = MONDAY_NOON - timedelta(days=5)


def worked(agent: Agent, program: Program, *, starts_at: datetime = LAST_WEEK, hours: int = 6, **fields: Any) -> None:
    """A verified shift with its session from start to end, and its pay."""
    shift = sched.make_shift(program, starts_at, hours=hours)
    sched.make_worked_claim(agent, shift, state=ClaimState.VERIFIED)
    given_pay = {"pay_minor": 1600 * hours, "bill_minor": 2200 * hours, **fields}
    pay.make_earning(agent, program, minutes=60 * hours, worked_to=shift.ends_at, **given_pay)


def a_label(program: Program, *, agents: int = 31, **fields: Any) -> PayLabel:
    """Agents who got 13.00 an hour and, each, 10 cents more than the one before."""
    samples = [Sample(13_000 + 100 * place, 10 * 3600) for place in range(agents)]
    net = pure_label(samples, weeks=8)
    inputs, inputs_hash = inputs_of(samples, weeks=8)
    given_label = {
        "currency": "USD",
        "period_from": (MONDAY_NOON - timedelta(weeks=8)).date(),
        "period_to": MONDAY_NOON.date(),
        "n_agents": net.n_agents,
        "n_weeks": net.n_weeks,
        "q1_minor": net.q1_minor,
        "median_minor": net.median_minor,
        "q3_minor": net.q3_minor,
        "formula_version": FORMULA_VERSION,
        "inputs_hash": inputs_hash,
        "inputs": inputs,
        "published_at": MONDAY_NOON,
        **fields,
    }
    return PayLabel.objects.create(brand_id=program.brand_id, program=program, **given_label)


def test_a_label_counts_net_ledger_pay_over_the_time_between_check_in_and_check_out(
    ada: Agent, program: Program
) -> None:
    worked(ada, program)
    pay.make_earning(ada, program, worked_to=LAST_WEEK, kind=EarningKind.REFERRAL, cause=Cause.REFERRAL)
    pay.make_earning(ada, program, worked_to=LAST_WEEK, kind=EarningKind.ADJUSTMENT, cause=Cause.CORRECTION)
    gone = pay.make_earning(ada, program, worked_to=LAST_WEEK)
    actions.reverse_earnings([gone.pk], reason="mistake", by=pay.SYSTEM, at=MONDAY_NOON)
    (found,) = label_inputs(program, label_period(program, at=MONDAY_NOON))
    assert [(one.net_minor, one.elapsed_seconds) for one in found.samples] == [(9600, 6 * 3600)]
    assert (found.currency, found.weeks) == ("USD", 1)


def test_who_worked_and_got_nothing_counts_with_nothing(ada: Agent, bo: Agent, program: Program) -> None:
    worked(ada, program)
    worked(bo, program)
    gone = Earning.objects.across_brands().get(agent=bo)
    actions.reverse_earnings([gone.pk], reason="mistake", by=pay.SYSTEM, at=MONDAY_NOON)
    (found,) = label_inputs(program, label_period(program, at=MONDAY_NOON))
    assert sorted((one.net_minor, one.elapsed_seconds) for one in found.samples) == [(0, 6 * 3600), (9600, 6 * 3600)]


def test_this_weeks_work_and_work_of_nine_weeks_ago_are_outside_the_period(ada: Agent, program: Program) -> None:
    period = label_period(program, at=MONDAY_NOON)
    worked(ada, program, starts_at=period.ends_at)
    worked(ada, program, starts_at=period.starts_at - timedelta(hours=6))
    assert label_inputs(program, period) == []
    assert (period.until_on - period.since_on).days == 56


def test_a_label_is_published_once_for_the_same_books_and_again_when_they_change(ada: Agent, program: Program) -> None:
    worked(ada, program)
    (first,) = actions.publish_pay_labels(by=pay.SYSTEM, at=MONDAY_NOON)
    assert actions.publish_pay_labels(by=pay.SYSTEM, at=MONDAY_NOON + timedelta(days=1)) == []
    assert (first.n_agents, first.median_minor) == (1, None)
    assert is_reproducible(first)
    worked(ada, program, starts_at=LAST_WEEK + timedelta(days=1))
    (second,) = actions.publish_pay_labels(by=pay.SYSTEM, at=MONDAY_NOON + timedelta(days=1))
    assert second.inputs_hash != first.inputs_hash
    assert OutboxEvent.objects.filter(type="payments.pay_label_published").count() == 2
    latest = pay_label(program.pk)
    assert latest is not None
    assert latest.pk == second.pk


def test_a_published_label_never_changes(program: Program) -> None:
    label = a_label(program)
    with pytest.raises(DatabaseError), transaction.atomic():
        PayLabel.objects.across_brands().filter(pk=label.pk).update(median_minor=9_900)


def test_a_label_that_does_not_come_out_of_its_inputs_is_found_out(program: Program) -> None:
    assert is_reproducible(a_label(program))
    assert not is_reproducible(a_label(program, median_minor=1451, inputs_hash="0" * 64))


def test_recruiting_reads_labels_in_words_and_judges_what_adverts_state(
    program: Program, their_program: Program
) -> None:
    label = a_label(program)
    a_label(their_program, agents=29)
    source = pay_label_source()
    assert isinstance(source, NetHourLabels)
    words = source.pay_label(program.pk)
    assert words == "Typically 14.50 USD net an hour; half of the agents between 13.75 and 15.25"
    assert source.pay_labels([program.pk, their_program.pk]) == {program.pk: words}
    said = ["14.50 an hour", "14.51 an hour", "up to 15.25", "up to 15.26", "up to 15", "good money"]
    assert [source.supports(words, one) for one in said] == [True, False, True, False, True, False]
    assert not source.supports("", "1.00")
    assert advert_is_supported(label, stated_minor=1525, is_most=True)
    assert not advert_is_supported(label, stated_minor=1525, is_most=False)
    assert not advert_is_supported(None, stated_minor=1, is_most=True)


def page(client: Client, program: Program) -> str:
    answer = client.get(f"/o/{program.public_slug}/net-pay/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_reads_how_the_number_is_made_and_that_it_was_computed_again(client: Client, program: Program) -> None:
    a_label(program)
    shown = page(client, program)
    assert "14.50" in shown
    assert "Half of the agents got between 13.75 and 15.25 USD" in shown
    assert "again just now: it agrees" in shown
    assert f"/o/{program.public_slug}/net-pay/" in client.get(f"/o/{program.public_slug}/").content.decode()


def test_too_little_data_shows_no_number_and_no_count(client: Client, program: Program) -> None:
    label = a_label(program, agents=29)
    shown = page(client, program)
    assert "Not enough data yet" in shown
    assert "29" not in shown.split("<main", 1)[1].split("</main>", 1)[0].replace(label.inputs_hash, "")


def test_a_program_nobody_may_see_has_no_such_page(client: Client, acme: Brand) -> None:
    assert client.get("/o/acme-nothing/net-pay/").status_code == 404


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("You earn $14.50 an hour and more.", ["$14.50 an hour"]),
        ("Up to 15.25 USD net per hour. Great people.", ["Up to 15.25 USD net per hour"]),
        ("Between 12 and 18 €/h, or £20 hourly", ["18 €/h", "£20 hourly"]),
        ("20 dollars for every hour worked", ["20 dollars for every hour"]),
        ("Open 24 hours; 40 people; a case pays 3.00 USD. An hour is long.", []),
    ],
)
def test_what_an_advert_says_of_an_hours_pay_is_found_in_its_words(words: str, said: list[str]) -> None:
    assert pay_claims(words) == said


def test_an_advert_may_state_what_the_label_covers_and_nothing_more(program: Program, acme_owner: BrandActor) -> None:
    at = MONDAY_NOON
    words = "Typically 14.50 USD an hour, up to 15.25 USD an hour."
    covered = ProgramBrief(name=program.name, summary=words, channels=("chat",), languages={"en": "B2"})

    def save(**fields: Any) -> Program:
        asked = replace(covered, **fields)
        return edit_program(program_id=program.pk, brief=asked, revision=1, by=acme_owner, at=at)

    with pytest.raises(Invalid) as unmeasured:
        save()
    a_label(program)
    with pytest.raises(Invalid) as too_much:
        save(description="You make 14.51 USD an hour.")
    assert (unmeasured.value.field, too_much.value.field) == ("summary", "description")
    assert save().summary == covered.summary
