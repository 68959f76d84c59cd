"""Whatever dies, lies, repeats itself or falls silent: our books and Stripe's transfers are the same in the end."""

from datetime import timedelta

import pytest

from payments.models import Difference, Earning, PayoutAccount, PayoutItem
from payments.states import DifferenceKind, EarningState, ItemState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.fakes.stripe_chaos import Chaos, paid_by_agent
from tests.fakes.stripe_server import FakeStripe
from tests.fakes.stripe_shapes import wrongs
from tests.payments.conftest import Clock
from tests.payments.stripe.conftest import SECRET, compare, fund, stripe_account

SEEDS = range(20)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_equal_the_other_side_after_a_bad_month(
    seed: int, ada: Agent, program: Program, stripe_side: FakeStripe, clock: Clock
) -> None:
    agents = [ada, *(recruit.make_agent(f"{name} Obi") for name in ("Bo", "Cai", "Dee"))]
    for agent in agents:
        stripe_account(agent, stripe_side)
    fund(stripe_side, 1_000_000)
    chaos = Chaos(seed, stripe_side, lambda: None, MONDAY_NOON + timedelta(hours=1), SECRET, pay.SYSTEM)
    stripe_side.clock = lambda: chaos.at.timestamp()  # noqa: PLW0108  its clock moves with ours

    def earn() -> None:
        pay.make_payable(chaos.dice.choice(agents), program, minutes=chaos.dice.randrange(20, 90), at=chaos.at)

    chaos.earn = earn
    chaos.live(steps=8)

    compare(stripe_side)
    assert wrongs(stripe_side.seen) == []
    theirs: dict[object, int] = {}
    known = dict(PayoutAccount.objects.across_brands().values_list("remote_ref", "agent_id"))
    for one in stripe_side.transfers:
        if not one["reversed"]:
            agent_id = known[one["destination"]]
            theirs[agent_id] = theirs.get(agent_id, 0) + one["amount"]
    assert theirs == paid_by_agent()
    lost = Earning.objects.across_brands().exclude(state__in=[EarningState.PAID, EarningState.PAYABLE])
    assert list(lost) == []
    stuck = PayoutItem.objects.across_brands().filter(state__in=[ItemState.SENDING, ItemState.UNKNOWN])
    assert list(stuck) == []
    assert not Difference.objects.filter(state="open").exclude(kind=DifferenceKind.BALANCE).exists()
