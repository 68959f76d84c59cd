"""A bad month, told by a seed: faults, kills, lost and forged webhooks, clocks that jump, money that runs out, disabled accounts.

Everything that the product does goes through its own sweeps and actions; at the end the fake's transfers are held
against the books, both ways.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.test import Client

from gigcx.audit import outbox
from gigcx.kernel.errors import DomainError
from payments import actions
from payments.errors import NothingToPay, RailUnavailable
from payments.gateways import execution, incoming
from payments.gateways.reconciling import reconcile_rail
from payments.gateways.stripe.rail import StripeConnectRail
from payments.models import Earning, PayoutItem, PayoutRun
from payments.queries.payouts import due_unknown_items, expired_leases, running_runs
from payments.states import EarningState, ItemState, RunKind, RunState
from tests.fakes.stripe_state import FakeStripe, body_of, signed

RAIL = "stripe_connect"
FAULTS = ("lost", "lost", "dropped", "500", "503", "409", "429", "empty")
UNFINISHED = (ItemState.PLANNED, ItemState.SENDING, ItemState.UNKNOWN, ItemState.HELD)


class Killed(BaseException):
    """The worker is gone in the middle of a line, as with kill -9."""


@dataclass
class Chaos:
    """One seed's month. `earn` brings new payable lines; `at` is our clock."""

    seed: int
    side: FakeStripe
    earn: Callable[[], None]
    at: datetime
    secret: str
    by: Any
    dice: random.Random = field(init=False)
    is_calm: bool = False
    kills: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def clock(self) -> datetime:
        """Our clock, told."""
        return self.at

    def chance(self, share: int) -> bool:
        """So many times in a hundred, and never when it is calm."""
        return not self.is_calm and self.dice.randrange(100) < share

    def live(self, steps: int = 12) -> None:
        """A month of trouble, then calm until nothing is open."""
        with self._mortal():
            for _step in range(steps):
                self._trouble()
                self._step()
            self._calm()
            for _step in range(80):
                self._step()
                if not PayoutItem.objects.across_brands().filter(state__in=UNFINISHED).exists():
                    break
                self.at += timedelta(hours=2)
        self.at += timedelta(hours=1)
        reconcile_rail(RAIL, scope="full", clock=self.clock)

    def _trouble(self) -> None:
        self.side.faults = [self.dice.choice(FAULTS) if self.chance(40) else "" for _ in range(10)]
        self.side.read_faults = ["429"] if self.chance(15) else []
        refs = sorted(self.side.accounts)
        self.side.disabled = {self.dice.choice(refs)} if self.chance(20) else set()
        if self.chance(20):
            self.side.available = self.dice.randrange(4000)
        if self.chance(15):
            self.side.ahead += 25 * 3600
        if self.chance(10):
            self.at += timedelta(hours=25)
        live = [one["id"] for one in self.side.transfers if not one["reversed"]]
        if live and self.chance(10):
            self.side.reverse(self.dice.choice(live))

    def _calm(self) -> None:
        self.is_calm = True
        self.side.faults, self.side.read_faults, self.side.disabled = [], [], set()
        self.side.available = 10_000_000

    def _step(self) -> None:
        for part in (self._earn, self._plan, self._sweep, self._work, self._webhooks, self._ask):
            try:
                part()
            except Killed:
                self.kills += 1
            except RailUnavailable:
                continue
        self.at += timedelta(minutes=self.dice.choice((1, 2, 30)))

    def _earn(self) -> None:
        if not self.is_calm:
            self.earn()

    def _plan(self) -> None:
        if self.is_calm:
            return
        self.runs += 1
        try:
            run = actions.plan_run(
                rail=RAIL,
                currency="USD",
                kind=RunKind.OFF_CYCLE,
                period_key=f"c{self.seed}.{self.runs}",
                by=self.by,
                at=self.at,
            )
            actions.start_run(run_id=run.pk, by=self.by, at=self.at)
        except (NothingToPay, DomainError):
            return

    def _sweep(self) -> None:
        actions.release_earnings(by=self.by, at=self.at)
        actions.reopen_throttled(at=self.at)
        for item_id in expired_leases(self.at):
            actions.expire_lease(item_id=item_id, at=self.at)
        for item_id in due_unknown_items(self.at):
            self._survived(lambda item_id=item_id: execution.resolve_unknown(item_id, clock=self.clock))  # type: ignore[misc]  # a default binds it
        actions.free_held_items(at=self.at)
        execution.go_on_when_funded(clock=self.clock)

    def _work(self) -> None:
        for run_id in running_runs():
            for _worker in range(2):
                self._survived(lambda run_id=run_id: execution.execute_run(run_id, clock=self.clock))  # type: ignore[misc]  # a default binds it
        if self.chance(5):
            for run in PayoutRun.objects.filter(state=RunState.EXECUTING)[:1]:
                actions.stop_run(run_id=run.pk, reason="a wrong list", by=self.by, at=self.at)
        actions.close_finished_runs(by=self.by, at=self.at)

    def _survived(self, part: Callable[[], object]) -> None:
        try:
            part()
        except Killed:
            self.kills += 1

    def _webhooks(self) -> None:
        fresh = [one for one in self.side.events if one["id"] not in {seen["id"] for seen in self.told}]
        self.told += fresh
        sent = [one for one in fresh if not self.chance(30)] + [one for one in self.told if self.chance(10)]
        self.dice.shuffle(sent)
        for event in sent:
            self._knock(event)
            if self.chance(20):
                self._knock(event)
            self._survived(lambda event=event: incoming.process_event(event["id"], clock=self.clock))  # type: ignore[misc]  # a default binds it

    def _knock(self, event: dict[str, Any]) -> None:
        is_forged = self.chance(10)
        secret = "whsec_forged" if is_forged else self.secret
        body = body_of(event)
        header = signed(body, secret, self.at.timestamp())
        with mock.patch("gigcx.kernel.clock.now", self.clock):
            answer = Client().post(
                "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
            )
        assert answer.status_code == (400 if is_forged else 200)

    def _ask(self) -> None:
        if self.is_calm or self.chance(30):
            incoming.ask_about_accounts(clock=self.clock)
        if self.is_calm or self.chance(10):
            reconcile_rail(RAIL, clock=self.clock)

    @contextmanager
    def _mortal(self) -> Iterator[None]:
        """A worker may die before the call, after it, and in the middle of writing the answer."""
        send, publish = StripeConnectRail.send, "payments.actions.settlement.outbox.publish_all"
        told = outbox.publish_all

        def mortal_send(rail: StripeConnectRail, *args: Any, **kwargs: Any) -> Any:
            self._die(8)
            answer = send(rail, *args, **kwargs)
            self._die(12)
            return answer

        def mortal_publish(*args: Any, **kwargs: Any) -> Any:
            self._die(10)
            return told(*args, **kwargs)

        with mock.patch.object(StripeConnectRail, "send", mortal_send), mock.patch(publish, mortal_publish):
            yield

    def _die(self, share: int) -> None:
        if self.chance(share):
            raise Killed


def paid_by_agent() -> dict[Any, int]:
    """What our books say each agent was paid, net of what is payable again."""
    found: dict[Any, int] = {}
    for line in Earning.objects.across_brands().filter(state=EarningState.PAID):
        found[line.agent_id] = found.get(line.agent_id, 0) + line.amount_minor
    return found
