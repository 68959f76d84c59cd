"""What a request may spend after it was promised: held, bounded, and past the limit only by a second person."""

from collections.abc import Callable
from datetime import datetime

import pytest

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotAllowed
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling import actions, registries
from scheduling.errors import AboveLimit, FundsRefused, RequestNotEditable
from scheduling.models import CapacityRequest, SchedulingRules, Shift
from scheduling.queries.commitments import committed_minor
from scheduling.states import RequestState
from tests import cast
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
SETTERS = pytest.mark.parametrize("setter", [actions.set_incentive_budget, actions.set_remedy_budget])
Setter = Callable[..., CapacityRequest]


@pytest.fixture
def planner(acme_owner: BrandActor) -> BrandActor:
    """Pia, who plans for Acme; April owns it."""
    return cast.make_member(acme_owner.brand, "Pia Planner", role="planner")


@pytest.fixture
def shift(chat: Program, planner: BrandActor, at: datetime) -> Shift:
    """Two seats that Pia promised, in a program whose limit is what they cost."""
    request = plan.make_request(chat, at, accepted_by=planner.user.pk)
    made = plan.make_shift(chat, at, seats=2, request=request)
    plan.make_rules(chat, approval_above_minor=committed_minor(request))
    return made


@SETTERS
def test_a_planner_does_not_raise_a_budget_past_the_limit_and_is_told_who_may(
    setter: Setter, shift: Shift, planner: BrandActor, acme_owner: BrandActor, at: datetime
) -> None:
    with pytest.raises(AboveLimit, match=acme_owner.user.full_name) as refused:
        setter(request_id=shift.request_id, budget_minor=1, by=planner, at=at)
    assert planner.user.full_name not in refused.value.message
    key = BrandActor(acme_owner.user, acme_owner.brand, "owner", api_key_id=shift.pk)
    with pytest.raises(AboveLimit):
        setter(request_id=shift.request_id, budget_minor=1, by=key, at=at)
    assert not AuditEntry.objects.filter(action__startswith="scheduling.set_").exists()
    done = setter(request_id=shift.request_id, budget_minor=1, by=acme_owner, at=at)
    assert done.incentive_budget_minor + done.remedy_budget_minor == 1


@SETTERS
def test_an_owner_who_made_the_promise_is_not_the_second_person(
    setter: Setter, shift: Shift, acme_owner: BrandActor, at: datetime
) -> None:
    CapacityRequest.objects.across_brands().update(accepted_by=acme_owner.user.pk)
    with pytest.raises(AboveLimit, match="only owner"):
        setter(request_id=shift.request_id, budget_minor=1, by=acme_owner, at=at)


@SETTERS
def test_a_planner_raises_a_budget_up_to_the_limit_and_lowers_it_even_above(
    setter: Setter, shift: Shift, chat: Program, planner: BrandActor, at: datetime
) -> None:
    raise_limit = committed_minor(shift.request) + 700
    SchedulingRules.objects.across_brands().update(approval_above_minor=raise_limit)
    setter(request_id=shift.request_id, budget_minor=700, by=planner, at=at)
    SchedulingRules.objects.across_brands().update(approval_above_minor=0)
    done = setter(request_id=shift.request_id, budget_minor=300, by=planner, at=at)
    assert done.incentive_budget_minor + done.remedy_budget_minor == 300


@SETTERS
def test_what_is_set_aside_is_held_and_refused_where_the_account_does_not_cover_it(
    setter: Setter, shift: Shift, chat: Program, planner: BrandActor, at: datetime
) -> None:
    SchedulingRules.objects.across_brands().update(approval_above_minor=None)
    before = registries.funds_gate()
    gate = Purse(most=committed_minor(shift.request) + 500)
    registries.set_funds_gate(gate)
    try:
        setter(request_id=shift.request_id, budget_minor=500, by=planner, at=at)
        with pytest.raises(FundsRefused):
            setter(request_id=shift.request_id, budget_minor=501, by=planner, at=at)
    finally:
        registries.set_funds_gate(before)
    shift.request.refresh_from_db()
    assert shift.request.incentive_budget_minor + shift.request.remedy_budget_minor == 500
    assert gate.held == gate.most


class Purse:
    """So much money and no more."""

    def __init__(self, *, most: int) -> None:
        self.most, self.held = most, 0

    def hold(self, **given: object) -> None:
        self.held = min(self.most, given["amount"].amount_minor)  # type: ignore[attr-defined]  # it is money
        if given["amount"].amount_minor > self.most:  # type: ignore[attr-defined]  # same
            raise FundsRefused

    def release(self, **given: object) -> None:
        self.held = 0


@SETTERS
@pytest.mark.parametrize("amount", [-1, 10**12 + 1])
def test_no_door_sets_aside_an_amount_that_nobody_has(
    setter: Setter, shift: Shift, acme_owner: BrandActor, at: datetime, amount: int
) -> None:
    with pytest.raises(Invalid) as refused:
        setter(request_id=shift.request_id, budget_minor=amount, by=acme_owner, at=at)
    assert refused.value.field == "budget"


@SETTERS
@pytest.mark.parametrize("state", [RequestState.AWAITING_APPROVAL, RequestState.COMPLETED, RequestState.CANCELLED])
def test_budgets_stay_while_somebody_decides_and_once_the_request_is_over(
    setter: Setter, shift: Shift, acme_owner: BrandActor, at: datetime, state: str
) -> None:
    CapacityRequest.objects.across_brands().update(state=state)
    with pytest.raises(RequestNotEditable):
        setter(request_id=shift.request_id, budget_minor=1, by=acme_owner, at=at)


@SETTERS
def test_who_may_not_accept_prices_sets_nothing_aside(
    setter: Setter, shift: Shift, acme_owner: BrandActor, at: datetime
) -> None:
    trainer = cast.make_member(acme_owner.brand, "Tess Trainer", role="trainer")
    with pytest.raises(NotAllowed):
        setter(request_id=shift.request_id, budget_minor=0, by=trainer, at=at)


def test_budgets_before_acceptance_have_the_same_upper_bound(chat: Program, planner: BrandActor, at: datetime) -> None:
    request = plan.make_request(chat, at, state=RequestState.DRAFT)
    with pytest.raises(Invalid) as refused:
        actions.set_budgets(
            request_id=request.pk, work_minor=10**12 + 1, incentive_minor=0, remedy_minor=0, by=planner, at=at
        )
    assert refused.value.field == "work_budget"
