"""The people and brands of the acceptance, what they press, and how the two sides are compared in the end."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.stripe_state import FakeStripe

RAIL = "stripe_connect"
UNFINISHED = ("planned", "sending", "unknown", "held")


def program_and_ops() -> tuple[Any, Any]:
    """A program with rates, and somebody who approves."""
    from tests.cast import make_brand, ops
    from tests.factories import recruiting as recruit

    program = recruit.make_program(make_brand("Acme"))
    recruit.make_rate_card(program)
    return program, ops("Olu Ops")


def people(count: int, program: Any) -> list[Any]:
    """Agents with an hour or so that is payable."""
    from payments import actions
    from payments.queries.clock import database_now
    from tests.factories import payments as pay
    from tests.factories import recruiting as recruit

    agents = [recruit.make_agent(f"Agent{n} Obi") for n in range(count)]
    for n, agent in enumerate(agents):
        earn(agent, program, minutes=40 + n % 50)
    actions.release_earnings(by=pay.SYSTEM, at=database_now())
    return agents


def earn(agent: Any, program: Any, *, minutes: int) -> None:
    """Work whose review is over; the product's own sweep makes it payable."""
    from payments.queries.clock import database_now
    from tests.factories import payments as pay

    at = database_now()
    pay.make_earning(agent, program, minutes=minutes, worked_to=at - timedelta(days=2), at=at)


def fund(side: "FakeStripe", amount_minor: int) -> None:
    """Money on the rail, on both sides."""
    from gigcx.kernel.money import Money
    from payments import actions
    from payments.queries.clock import database_now
    from tests.factories import payments as pay

    side.available = amount_minor
    actions.fund_rail(rail=RAIL, amount=Money(amount_minor, "USD"), by=pay.SYSTEM, at=database_now())


def onboard(agents: list[Any], peer: Any) -> None:
    """Each opens an account as on the page; the peer tells by webhook when it is complete."""
    from payments.models import PayoutAccount

    for agent in agents:
        _open(agent)
    refs = list(PayoutAccount.objects.across_brands().values_list("remote_ref", flat=True))
    for n, ref in enumerate(refs):
        peer.side.banks[ref] = {
            "id": f"ba_{n}",
            "fingerprint": f"bank{n}",
            "last4": f"{n:04}",
            "available_payout_methods": ["instant"],
        }
        peer.tell_account(ref)
    for _second in range(120):
        peer.deliver()
        active = PayoutAccount.objects.across_brands().filter(state="active").count()
        if active == len(agents):
            return
        _sleep(1)
    raise SystemExit(f"only {active} of {len(agents)} accounts became active")


def _open(agent: Any) -> None:
    from gigcx.tenancy.actors import AgentActor
    from payments.gateways import execution
    from payments.queries.clock import database_now

    execution.start_onboarding(
        actor=AgentActor(user=agent.user, agent_id=agent.pk),
        country="US",
        rail_code=RAIL,
        return_to=lambda account_id: f"https://app.test/{account_id}",
        refresh_url="https://app.test/again",
        has_stepped_up=True,
        is_replacement=False,
        at=database_now(),
    )


def _sleep(seconds: float) -> None:
    import time

    time.sleep(seconds)


def plan_and_start(key: str, ops: Any) -> None:
    """Ops plan what is payable, somebody approves where the totals ask for it, and it starts."""
    from gigcx.audit.hints import hint
    from gigcx.kernel.errors import DomainError
    from payments import actions, tasks
    from payments.models import PayoutRun
    from payments.queries.clock import database_now
    from payments.states import RunKind
    from tests.factories import payments as pay

    with suppress(DomainError):
        actions.plan_run(
            rail=RAIL, currency="USD", kind=RunKind.OFF_CYCLE, period_key=key, by=pay.SYSTEM, at=database_now()
        )
    for run in PayoutRun.objects.filter(state__in=["planned", "approved"], rail=RAIL):
        with suppress(DomainError):
            actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=ops, at=database_now())
        with suppress(DomainError):
            actions.start_run(run_id=run.pk, by=pay.SYSTEM, at=database_now())
            hint(tasks.execute_run, run_id=str(run.pk))


def brands_that_pay(count: int) -> list[Any]:
    """Owners who may top up."""
    from tests.cast import make_brand, make_member

    return [make_member(make_brand(f"Brand{n}"), f"Owner{n} Lee") for n in range(count)]


def top_up(owner: Any, peer: Any) -> None:
    """An owner opens the page and pays there, by card or by a bank debit that settles later."""
    from django.db import Error, close_old_connections

    from gigcx.kernel.errors import DomainError
    from gigcx.kernel.money import Money
    from payments import actions
    from payments.actions.checkouts import CollectionRefused, CollectionUnknown
    from payments.gateways import collecting
    from payments.queries.clock import database_now

    urls = {"return_url": "https://app.test/paid", "cancel_url": "https://app.test/back"}
    try:
        at, money = database_now(), Money(1000 * peer.dice.randrange(5, 50), "USD")
        asked = actions.start_top_up(brand_id=owner.brand_id, amount=money, rail=RAIL, by=owner, at=at)
        collecting.open_page(asked, saves_method=False, at=at, **urls)
    except (DomainError, CollectionRefused, CollectionUnknown, Error):
        close_old_connections()
        peer.count("top-ups not begun")
    with peer.side.lock:
        for ref, session in peer.side.sessions.items():
            if session["status"] == "open":
                peer.side.pay_session(ref)
                peer.side.tell("checkout.session.completed", session)
                peer.count("top-ups paid")


def give_back(owners: list[Any], ops: Any) -> None:
    """Ops decide a refund; the answer may be lost."""
    from django.db import Error, close_old_connections

    from gigcx.kernel.errors import DomainError
    from payments import actions
    from payments.gateways import collecting
    from payments.models import TopUp
    from payments.queries.clock import database_now

    try:
        for one in TopUp.objects.across_brands().filter(state="settled")[:1]:
            refund = actions.refund_top_up(top_up_id=one.pk, reason="leaving", by=ops, at=database_now())
            collecting.send_refund(refund)
    except (DomainError, Error):
        close_old_connections()


def at_once(peer: Any) -> None:
    """An agent asks for what is ready now."""
    from django.db import Error, close_old_connections

    from gigcx.kernel.errors import DomainError
    from gigcx.tenancy.actors import AgentActor
    from payments import actions
    from payments.gateways import instant
    from payments.models import Earning
    from payments.queries.clock import database_now

    try:
        ready = (
            Earning.objects.across_brands().filter(state="payable", amount_minor__gt=1000).select_related("agent__user")
        )
        line = ready.order_by("?").first()
        if line is None:
            return
        actor = AgentActor(user=line.agent.user, agent_id=line.agent_id)
        quote = instant.ask_for_quote(actor=actor, currency="USD", at=database_now())
        actions.request_instant_payout(quote_id=quote.pk, by=actor, at=database_now())
        peer.count("instant payouts asked for")
    except (DomainError, Error):
        close_old_connections()


def ask_what_was_missed() -> None:
    """What the product does each quarter of an hour and each hour by itself, now."""
    from gigcx.audit.hints import hint
    from payments import tasks

    hint(tasks.fetch_missed_events)
    hint(tasks.reconcile, rail=RAIL)


def unfinished() -> dict[str, Any]:
    """What is still open, by what it is."""
    from payments.models import Earning, InstantQuote, PayoutItem, PayoutRun, Reconciliation, StripeEvent, TopUp

    items = Counter(PayoutItem.objects.across_brands().filter(state__in=UNFINISHED).values_list("state", "wait_reason"))
    last = PayoutItem.objects.across_brands().filter(transferred_at__isnull=False).order_by("-transferred_at").first()
    compared = Reconciliation.objects.filter(rail=RAIL, scope="full", error="", finished_at__isnull=False)
    counts: dict[str, Any] = {
        "items": dict(items),
        "lines": Earning.objects.across_brands().exclude(state="paid").count(),
        "runs": PayoutRun.objects.filter(state__in=["planned", "approved", "executing", "paused"]).count(),
        "events": StripeEvent.objects.filter(state__in=["received", "failed"]).count(),
        "top-ups": TopUp.objects.across_brands().filter(state="processing").count(),
        "refunds": TopUp.objects.across_brands().filter(state="refunded", ended_at__isnull=True).count(),
        "instants": InstantQuote.objects.across_brands().filter(state__in=["requested", "ordered"]).count(),
        "not compared": int(last is not None and not compared.filter(started_at__gt=last.transferred_at).exists()),
    }
    return {what: n for what, n in counts.items() if n}


def compare_all(side: "FakeStripe") -> str:
    """Both sides, both ways; raises where they differ, and returns the figures."""
    from payments.models import Difference, PayoutAccount, RailSwitch, StripeEvent
    from payments.states import DifferenceKind
    from tests.fakes.stripe_chaos import paid_by_agent
    from tests.fakes.stripe_shapes import wrongs
    from tests.payments.stripe.conftest import compare

    compare(side)
    known = dict(PayoutAccount.objects.across_brands().values_list("remote_ref", "agent_id"))
    theirs: Counter[Any] = Counter()
    for one in side.transfers:
        if not one["reversed"]:
            theirs[known[one["destination"]]] += one["amount"]
    assert dict(theirs) == paid_by_agent()
    assert wrongs(side.seen) == [], wrongs(side.seen)[:5]
    assert max(Counter(str(one["metadata"].get("payout_item")) for one in at_banks(side)).values(), default=0) <= 1
    _compare_top_ups(side)
    open_ones = Difference.objects.filter(state="open").exclude(kind=DifferenceKind.BALANCE)
    assert not open_ones.exists(), list(open_ones.values())
    switch = RailSwitch.objects.get(rail=RAIL)
    assert switch.state == "open", switch.reason
    parked = StripeEvent.objects.filter(state="parked").count()
    live = sum(not one["reversed"] for one in side.transfers)
    return (
        f"{len(side.transfers)} transfers, {live} stand, {len(side.seen)} requests, {len(at_banks(side))} instant, "
        f"{len(side.intents)} payments of brands, {parked} events parked, 0 double, 0 lost"
    )


def at_banks(side: "FakeStripe") -> list[dict[str, Any]]:
    """Instant payouts, which carry our mark."""
    return [one for one in side.payouts.values() if one["metadata"].get("payout_item")]


def _compare_top_ups(side: "FakeStripe") -> None:
    """Every payment of a brand is credited once, and every refund taken out once."""
    from payments.models import TopUp

    rows = TopUp.objects.across_brands().filter(state__in=["settled", "refunded"])
    ours = {str(one.pk): (one.amount_minor, one.refunded_minor) for one in rows}
    theirs = {
        one["metadata"]["top_up"]: (one["amount"], one["latest_charge"]["amount_refunded"])
        for one in side.intents.values()
        if one["status"] == "succeeded"
    }
    assert ours == theirs, set(ours.items()) ^ set(theirs.items())
    assert len(theirs) == len(side.intents)
