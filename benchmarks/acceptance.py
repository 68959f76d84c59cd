"""The product itself against a Stripe-compatible peer that lies, forgets and falls silent, while parts of it are killed.

`python -m benchmarks.acceptance SEED` starts web, worker, ticker, PostgreSQL and Valkey in a folder of their own, in test
mode with `STRIPE_API_BASE` at the peer; kills them with -9; then holds the peer's payments against the books, both ways.
"""

import logging
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.acceptance_product import Product, patiently

if TYPE_CHECKING:
    from tests.fakes.stripe_state import FakeStripe

AGENTS: Final = int(os.environ.get("ACCEPTANCE_AGENTS", "60"))
TROUBLE: Final = float(os.environ.get("ACCEPTANCE_SECONDS", "100"))
QUIET: Final = 600.0
SECRET: Final = "whsec_of_the_acceptance"  # noqa: S105  of a fake on this machine
FAULTS: Final = ("lost", "lost", "late", "dropped", "500", "503", "409", "429", "empty")
READ_FAULTS: Final = ("429", "503", "dropped")


@dataclass
class Peer:
    """What the other side does by itself: faults on its answers, webhooks, a clock that jumps, money that is gone."""

    side: "FakeStripe"
    product: Product
    dice: random.Random
    is_calm: bool = True
    withheld: int = 0
    thin: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def chance(self, share: int) -> bool:
        return not self.is_calm and self.dice.randrange(100) < share

    def trouble(self) -> None:
        """A second of it."""
        with self.side.lock:
            self.side.faults = [self.dice.choice(FAULTS) if self.chance(35) else "" for _ in range(12)]
            self.side.read_faults = [self.dice.choice(READ_FAULTS)] if self.chance(20) else []
            if self.chance(3):
                self.side.ahead += 25 * 3600
                self.count("clock moved 25 h")
            if self.chance(8):
                self._funds(self.side.available - self.dice.randrange(3000) if not self.withheld else -self.withheld)
            self._accounts()
            self._by_hand()

    def _funds(self, away: int) -> None:
        away = max(away, -self.withheld)
        self.side.available -= away
        self.withheld += away
        self.count("funds moved")

    def _accounts(self) -> None:
        if self.chance(10):
            ref = self.dice.choice(sorted(self.side.accounts))
            (self.side.disabled.discard if ref in self.side.disabled else self.side.disabled.add)(ref)
            self.tell_account(ref)
            self.count("accounts disabled or back")

    def _by_hand(self) -> None:
        live = [one["id"] for one in self.side.transfers if not one["reversed"]]
        if live and self.chance(3):
            self.side.reverse(self.dice.choice(live))
            self.count("reversed by hand")
        if live and self.chance(8):
            one = self.side.transfers[self.dice.randrange(len(self.side.transfers))]
            self.side.pay_out(one["destination"], [one["id"]], status=self.dice.choice(["paid", "paid", "failed"]))
            self.count("payouts to banks")

    def tell_account(self, ref: str) -> None:
        """A thin event about an account."""
        kind = "v2.core.account[configuration.recipient].capability_status_updated"
        event = self.side.tell_thin(kind, ref)
        event["id"] = f"evt_thin_{len(self.thin) + 1}_{ref}"
        self.thin.append(event)

    def calm(self) -> None:
        """From now on it behaves."""
        self.is_calm = True
        with self.side.lock:
            self.side.faults, self.side.read_faults = [], []
            self._funds(-self.withheld)
            for ref in sorted(self.side.disabled):
                self.side.disabled.discard(ref)
                self.tell_account(ref)

    def deliver(self) -> None:
        """Webhooks that are due: out of order, some not, some twice, some with a forged copy."""
        with self.side.lock:
            due = [one for one in [*self.side.events, *self.thin] if not one.get("_delivered")]
        self.dice.shuffle(due)
        for event in due[:20]:
            if self.chance(30):
                self.count("webhooks dropped")
                continue
            if not self._knock(event):
                return  # nobody is at home: tried again later
            if self.chance(20):
                self.count("webhooks twice")
                self._knock(event)

    def _knock(self, event: dict[str, Any]) -> int:
        from tests.fakes.stripe_state import body_of, signed

        body = body_of(event)
        if self.chance(10):
            self.count("webhooks forged")
            if self.product.knock(body, signed(body, "whsec_forged", time.time())) not in (0, 400, 502, 503):
                raise AssertionError("a forged webhook was believed")
        answer = self.product.knock(body, signed(body, SECRET, time.time()))
        event["_delivered"] = answer == 200
        return answer


@dataclass
class Scene:
    """Brands, people with earnings, and what the driver asks of the product as its users would."""

    peer: Peer
    agents: list[Any] = field(default_factory=list)
    program: Any = None
    brands: list[Any] = field(default_factory=list)
    ops: Any = None
    runs: int = 0

    def build(self) -> None:
        from benchmarks import acceptance_scene as scene

        self.program, self.ops = scene.program_and_ops()
        self.agents = scene.people(AGENTS, self.program)
        self.brands = scene.brands_that_pay(4)
        scene.fund(self.peer.side, AGENTS * 40_000)

    def step(self) -> None:
        from benchmarks import acceptance_scene as scene

        dice = self.peer.dice
        if dice.randrange(3) == 0:
            patiently(lambda: scene.earn(dice.choice(self.agents), self.program, minutes=dice.randrange(20, 90)))
        if dice.randrange(12) == 0:
            self.pay()
        if dice.randrange(15) == 0:
            scene.top_up(dice.choice(self.brands), self.peer)
        if dice.randrange(20) == 0:
            scene.give_back(self.brands, self.ops)
        if dice.randrange(6) == 0:
            scene.at_once(self.peer)

    def pay(self) -> None:
        from benchmarks import acceptance_scene as scene

        self.runs += 1
        patiently(lambda: scene.plan_and_start(f"run {self.runs}", self.ops))


def live(peer: Peer, scene: Scene) -> None:
    """Trouble and kills, then quiet until nothing is open."""
    peer.is_calm, began, next_kill = False, time.monotonic(), 5.0
    scene.pay()
    while (passed := time.monotonic() - began) < TROUBLE:
        peer.trouble()
        peer.deliver()
        scene.step()
        if passed >= next_kill:
            part = peer.product.kill(peer.dice)
            peer.count(f"killed {part}" if part else "nothing to kill")
            next_kill = passed + peer.dice.uniform(3, 9)
        if not peer.product.is_running():
            raise SystemExit("the product gave up; product.log says why")
        time.sleep(0.5)
    peer.calm()


def come_to_rest(peer: Peer, scene: Scene) -> float:
    """Waits until the product has worked through everything; returns the seconds, or raises with what is stuck."""
    from benchmarks import acceptance_scene as world

    began, asked = time.monotonic(), 0.0
    while time.monotonic() - began < QUIET:
        peer.deliver()
        if time.monotonic() - asked > 45:
            asked = time.monotonic()
            patiently(world.ask_what_was_missed)
            patiently(scene.pay)
        still = patiently(world.unfinished)
        if not still:
            return time.monotonic() - began
        time.sleep(3)
    raise SystemExit(f"not at rest: {still}")


def main(seed: int) -> None:
    from tests.fakes.stripe_server import fake_stripe

    dice = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="gigcx-acceptance-", ignore_cleanup_errors=True) as name,
        fake_stripe() as side,
    ):
        if tables := os.environ.get("ACCEPTANCE_TABLES"):  # a stopped folder whose database has tables and no rows
            shutil.copytree(Path(tables) / "postgres", Path(name) / "postgres")
        os.environ |= {
            "GIGCX_LOCAL_DIR": name,
            "PAYMENTS_MODE": "test",
            "STRIPE_API_KEY": "sk_test_not_a_real_one",
            "STRIPE_API_BASE": side.url,
            "STRIPE_WEBHOOK_SECRETS": SECRET,
            "DJANGO_SETTINGS_MODULE": "gigcx.settings.dev",
            "SECRET_KEY": secrets.token_urlsafe(48),
        }
        product = Product(Path(name), int(os.environ.get("ACCEPTANCE_PORT", "8399")))
        try:
            product.wait_until_ready()
            report(seed, side, product, dice)
        except BaseException:
            print(*(Path(name) / "product.log").read_text().splitlines()[-40:], sep="\n")
            raise
        finally:
            product.stop()


def report(seed: int, side: "FakeStripe", product: Product, dice: random.Random) -> None:
    from gigcx.local.environment import lease_servers
    from gigcx.local.folders import local_folder

    leases = lease_servers(local_folder())
    try:
        tell(seed, side, product, dice)
    finally:
        for lease in leases:
            lease.give_back()


def tell(seed: int, side: "FakeStripe", product: Product, dice: random.Random) -> None:
    import django

    django.setup()
    logging.getLogger("stripe").setLevel(logging.WARNING)
    from benchmarks import acceptance_scene as world

    peer = Peer(side, product, dice)
    scene = Scene(peer)
    scene.build()
    world.onboard(scene.agents, peer)
    live(peer, scene)
    took = come_to_rest(peer, scene)
    figures = patiently(lambda: world.compare_all(side))
    print(f"seed {seed}: {figures}; at rest after {took:.0f} s")
    print(", ".join(f"{what} {n}" for what, n in sorted(peer.counts.items())))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the product is stopped too
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
