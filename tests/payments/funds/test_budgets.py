"""A month's budget: what counts against it, when it tells, and that it holds."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments import actions
from payments.errors import BudgetLimits, FundsShort
from payments.models import Budget, BudgetAlert
from payments.queries.budgets import use_of
from recruiting.models import Agent, Program
from scheduling.errors import FundsRefused
from scheduling.registries import funds_gate
from tests.cast import MONDAY_NOON, make_member
from tests.factories import funds as money
from tests.factories import payments as pay
from tests.factories import recruiting as recruit

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
IN_DECEMBER = MONDAY_NOON + timedelta(days=20)


def budget(brand: Brand, hard: int, soft: int = 0, **given: object) -> Budget:
    asked = {"program_id": None, "month": NOVEMBER, "by": pay.SYSTEM, "at": MONDAY_NOON, **given}
    return actions.set_budget(brand_id=brand.pk, currency="USD", soft_minor=soft or hard, hard_minor=hard, **asked)  # type: ignore[arg-type]  # a dict


def test_at_the_hard_limit_new_work_stops_and_accepted_work_is_paid(ada: Agent, acme: Brand, program: Program) -> None:
    budget(acme, 5_000)
    money.set_aside(acme, program, 4_000)
    with pytest.raises(FundsShort) as refused:
        money.set_aside(acme, program, 1_500)
    assert (refused.value.context["cause"], refused.value.context["shortfall_minor"]) == ("budget", 500)
    for _hour in range(3):
        pay.make_earning(ada, program, worked_to=MONDAY_NOON)
    assert use_of(Budget.objects.for_brand(acme.pk).get(), timezone=acme.timezone).used_minor == 10_600


def test_the_gate_tells_scheduling_that_a_budget_refused(acme: Brand, program: Program) -> None:
    budget(acme, 5_000)
    with pytest.raises(FundsRefused) as refused:
        funds_gate().hold(
            brand_id=acme.pk,
            program_id=program.pk,
            source_kind="request",
            source_id=uuid4(),
            amount=Money(6_000, "USD"),
            until=money.SOON,
            at=MONDAY_NOON,
        )
    assert (refused.value.cause, refused.value.shortfall_minor) == ("budget", 1_000)
    assert "November 2026" in str(refused.value)


def test_a_programs_budget_binds_that_program_alone(acme: Brand, program: Program) -> None:
    other = recruit.make_program(acme, name="Returns")
    budget(acme, 5_000, program_id=program.pk)
    money.set_aside(acme, other, 9_000)
    with pytest.raises(FundsShort):
        money.set_aside(acme, program, 5_001)
    budget(acme, 10_000)
    with pytest.raises(FundsShort) as refused:
        money.set_aside(acme, program, 1_001)
    assert refused.value.context["scope"] == "brand"


def test_a_hold_replaced_by_its_own_source_counts_once(acme: Brand, program: Program) -> None:
    budget(acme, 5_000)
    source = uuid4()
    for minor in (4_000, 5_000):
        money.set_aside(acme, program, minor, source_id=source)
    assert use_of(Budget.objects.for_brand(acme.pk).get(), timezone=acme.timezone).held_minor == 5_000


def test_each_alert_fires_once(ada: Agent, acme: Brand, program: Program) -> None:
    budget(acme, 10_000)
    facts = OutboxEvent.objects.filter(type="payments.budget_threshold_reached")
    for minor, told in ((4_999, []), (1, [50]), (100, [50]), (3_000, [50, 80])):
        money.set_aside(acme, program, minor)
        assert [one.payload["threshold_percent"] for one in facts.order_by("pk")] == told
    pay.make_earning(ada, program, worked_to=MONDAY_NOON)
    assert actions.check_budgets(at=MONDAY_NOON) == 1
    assert actions.check_budgets(at=MONDAY_NOON) == 0
    alerts = BudgetAlert.objects.for_brand(acme.pk).order_by("threshold_percent")
    assert list(alerts.values_list("threshold_percent", flat=True)) == [50, 80, 100]


def test_a_month_without_a_budget_of_its_own_has_that_of_the_month_before(acme: Brand, program: Program) -> None:
    budget(acme, 5_000)
    money.set_aside(acme, program, 5_000)
    with pytest.raises(FundsShort) as refused:
        money.set_aside(acme, program, 5_001, until=IN_DECEMBER)
    assert refused.value.context["month"] == "2026-12"
    money.set_aside(acme, program, 5_000, until=IN_DECEMBER)
    assert set(Budget.objects.for_brand(acme.pk).values_list("month", flat=True)) == {NOVEMBER, DECEMBER}


def test_a_lifted_budget_stops_nothing_from_then_on(acme: Brand, program: Program, acme_owner: BrandActor) -> None:
    row = budget(acme, 5_000)
    actions.lift_budget(budget_id=row.pk, month=DECEMBER, by=acme_owner, at=MONDAY_NOON)
    money.set_aside(acme, program, 9_000, until=IN_DECEMBER)
    with pytest.raises(FundsShort):
        money.set_aside(acme, program, 9_000)


def test_work_that_ends_at_midnight_counts_in_the_month_it_began(ada: Agent, acme: Brand, program: Program) -> None:
    row = budget(acme, 50_000)
    first_of_december = MONDAY_NOON.replace(month=12, day=1, hour=5)  # midnight in New York
    pay.make_earning(ada, program, worked_to=first_of_december, at=first_of_december)
    pay.make_earning(ada, program, worked_to=first_of_december + timedelta(seconds=1), at=first_of_december)
    assert use_of(row, timezone=acme.timezone).worked_minor == 2_200


def test_limits_make_sense_and_only_the_brands_finance_sets_them(
    acme: Brand, their_program: Program, globex_owner: BrandActor
) -> None:
    for hard, soft in ((0, 0), (100, 200), (-1, -1)):
        with pytest.raises(BudgetLimits):
            budget(acme, hard, soft)
    for far in (date(2026, 10, 31), date(2028, 12, 1), date(9999, 12, 31), date(1, 1, 1)):
        with pytest.raises(BudgetLimits):
            budget(acme, 100, month=far)
    with pytest.raises(NotFound):
        budget(acme, 100, by=globex_owner)
    with pytest.raises(NotFound):
        budget(acme, 100, program_id=their_program.pk)
    with pytest.raises(NotAllowed):
        budget(acme, 100, by=make_member(acme, "Pia Planner", role="planner"))
    row = budget(acme, 100)
    with pytest.raises(NotFound):
        actions.lift_budget(budget_id=row.pk, month=NOVEMBER, by=globex_owner, at=MONDAY_NOON)
