"""Learning time is paid once, by the card in force when it was earned, and the brand's charge follows."""

from datetime import timedelta

import pytest

from gigcx.audit import dispatcher
from gigcx.audit.outbox import publish
from payments import actions
from payments.models import Charge, Earning
from payments.pricing import recompute, sentence
from payments.states import Cause, EarningKind
from recruiting.models import Agent, Engagement, Program
from recruiting.states import EngagementState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import training as train
from training.events import TrainingTimeEarned
from training.models import TrainingTime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
EARNED = MONDAY_NOON - timedelta(days=3)


def learned(agent: Agent, program: Program, *, seconds: int = 1800) -> TrainingTime:
    """Half an hour on a course; who learns is engaged."""
    pay.engaged(agent, program)
    version = train.make_version(train.make_course(program))
    return train.make_training_time(train.make_enrolment(agent, version), seconds=seconds, at=EARNED)


def accrue(time: TrainingTime) -> list[Earning]:
    return actions.accrue_training(training_time_id=time.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)


def test_half_an_hour_is_paid_at_the_training_rate_and_billed_to_the_brand(ada: Agent, program: Program) -> None:
    recruit.make_rate_card(program, {"training": (1200, 1500)})
    (earning,) = accrue(learned(ada, program))
    assert (earning.kind, earning.cause) == (EarningKind.TRAINING, Cause.TRAINING)
    assert (earning.amount_minor, earning.brand_share_minor) == (600, 600)
    assert (earning.worked_seconds, earning.worked_to) == (1800, EARNED)
    assert earning.review_ends_at == MONDAY_NOON + timedelta(hours=72)
    assert sentence(earning.explanation) == "30 min × 12.00 an hour = 6.00 USD"
    charge = Charge.objects.across_brands().get()
    assert (charge.net_minor, charge.kind) == (750, EarningKind.TRAINING)
    assert recompute(charge.explanation) == 750


def test_the_fact_heard_twice_pays_once(ada: Agent, program: Program) -> None:
    recruit.make_rate_card(program, {"training": (1200, 1500)})
    time = learned(ada, program)
    for _ in range(2):
        fact = TrainingTimeEarned(training_time_id=time.pk)
        publish(fact, at=MONDAY_NOON, brand_id=time.brand_id, agent_id=ada.pk)
        dispatcher.dispatch_due(at=MONDAY_NOON)
    assert accrue(time) == []
    assert Earning.objects.across_brands().count() == 1


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [({"training": (0, 0)}, 1800), ({"training": (1200, 1500)}, 0)],
)
def test_nothing_is_paid_where_the_card_pays_no_training_or_no_time_counted(
    ada: Agent, program: Program, lines: dict[str, tuple[int, int]], seconds: int
) -> None:
    recruit.make_rate_card(program, lines)
    assert accrue(learned(ada, program, seconds=seconds)) == []
    assert not Earning.objects.across_brands().exists()


def test_who_is_not_engaged_any_more_is_not_paid(ada: Agent, program: Program) -> None:
    time = learned(ada, program)
    ended = {"state": EngagementState.ENDED, "ended_at": EARNED, "end_code": "withdrawn"}
    Engagement.objects.across_brands().filter(agent=ada).update(**ended)
    assert accrue(time) == []
