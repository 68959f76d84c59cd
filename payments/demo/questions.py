"""What is in question today: minutes disputed by both sides, something taken back with notice, an amount for a second person."""

from datetime import date, timedelta

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.tenancy.models import Membership
from gigcx.web.demo import World
from payments import actions
from payments.actions.taxes import TaxFacts
from payments.demo.weeks import ops_people
from payments.models import Charge, Earning
from payments.states import ChargeState, EarningKind, EarningState
from recruiting.models import Agent


def tell(world: World) -> None:
    """This function will tell it."""
    _give_tax_data(world)
    _brand_disputes_ten_minutes(world)
    _agent_disputes(world)
    _take_back_with_notice(world)
    _ask_for_adjustment(world)


def _give_tax_data(world: World) -> None:
    """Most people who were paid have told about their taxes."""
    rows = Agent.objects.across_brands().filter(earnings__state=EarningState.PAID).distinct().select_related("user")
    for place, agent in enumerate(rows.order_by("created_at", "pk")[:20]):
        if place % 6 == 5 or agent.country != "US":
            continue
        facts = TaxFacts(
            country="US",
            legal_name=agent.user.full_name,
            address="9 Elm Road, Springfield, IL 62701",
            birth_date=date(1990, 1 + place % 12, 1 + place),
            number=f"9{place:02d}-70-{1000 + place}",
        )
        by = AgentActor(agent.user, agent.pk)
        at = world.at - timedelta(days=20)
        actions.save_tax_profile(agent_id=agent.pk, facts=facts, valid_from=at.date(), by=by, at=at)


def _brand_disputes_ten_minutes(world: World) -> None:
    member = Membership.objects.filter(role="owner", brand__is_house=False).select_related("user", "brand").first()
    if member is None:
        return
    by = BrandActor(member.user, member.brand, member.role)
    rows = Charge.objects.for_brand(member.brand_id).filter(state=ChargeState.ACCRUED, kind=EarningKind.TIME)
    for charge in rows.select_related("earning").order_by("-net_minor", "pk")[:5]:
        begins = charge.earning.worked_from + timedelta(minutes=40)
        try:
            actions.dispute_charge(
                charge_id=charge.pk,
                reason="The queue was closed in these ten minutes; please check.",
                part_from=begins,
                part_to=begins + timedelta(minutes=10),
                by=by,
                at=world.at - timedelta(hours=20),
            )
        except DomainError:
            continue  # nothing was paid in just these minutes
        return


def _agent_disputes(world: World) -> None:
    ada = Agent.objects.across_brands().filter(user__full_name="Ada Obi").select_related("user").first()
    if ada is None:
        return
    rows = Earning.objects.across_brands().filter(agent=ada, kind=EarningKind.TIME, state=EarningState.PAID)
    line = rows.order_by("-worked_to", "pk").first()
    if line is None:
        return
    try:
        actions.dispute_earning(
            earning_id=line.pk,
            claimed_minor=line.amount_minor + line.amount_minor // 12,
            reason="I stayed a quarter of an hour longer with the last customer.",
            by=AgentActor(ada.user, ada.pk),
            at=world.at - timedelta(hours=30),
        )
    except DomainError:
        return  # its two weeks are over


def _take_back_with_notice(world: World) -> None:
    rows = Earning.objects.across_brands().filter(kind=EarningKind.TIME, state=EarningState.PAID)
    line = rows.exclude(agent__user__full_name="Ada Obi").order_by("-amount_minor", "pk").first()
    if line is not None:
        actions.record_clawback(
            earning_id=line.pk,
            minor=line.amount_minor // 10,
            fault="The desk was left running for 25 minutes after the headset was put down, as the session record shows.",
            part="demo",
            by=ops_people()[0],
            at=world.at - timedelta(days=2),
        )


def _ask_for_adjustment(world: World) -> None:
    rows = Earning.objects.across_brands().filter(kind=EarningKind.TIME, state=EarningState.PAID)
    line = rows.order_by("amount_minor", "pk").first()
    if line is not None:
        actions.adjust_earning(
            engagement_id=line.engagement_id,
            kind=EarningKind.BACK_PAY,
            pay_minor=line.amount_minor // 5,
            currency=line.currency,
            reason="The session began five minutes before the desk noted it.",
            corrects_id=line.pk,
            by=ops_people()[0],
            at=world.at - timedelta(hours=5),
        )
