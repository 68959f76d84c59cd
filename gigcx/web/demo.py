"""The frame of the demo world: the clock, the dice and the size that every chapter shares, and the people in it."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from gigcx.accounts.models import User
from gigcx.audit.dispatcher import fan_out
from gigcx.audit.models import Delivery

DEMO_PASSWORD: Final = "demo-password-1"  # noqa: S105  printed by the command; the demo world guards nothing


@dataclass(slots=True)
class SignIn:
    """One sign-in that the command prints."""

    label: str
    email: str


class Person(NamedTuple):
    """Somebody of the demo world."""

    email: str
    full_name: str
    timezone: str = "UTC"
    is_staff: bool = False


@dataclass(slots=True)
class World:
    """What a chapter gets. Scale 1 is two brands and about 200 agents."""

    at: datetime
    scale: int = 1
    seed: int = 7
    rng: random.Random = field(init=False)
    sign_ins: list[SignIn] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    password_hash: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.password_hash = make_password(DEMO_PASSWORD)

    def print_sign_in(self, label: str, email: str) -> None:
        """This function will have the command print a sign-in."""
        self.sign_ins.append(SignIn(label, email))

    def has_heard(self, consumer: str) -> None:
        """This function will call a listener's waiting facts heard, because a chapter did in bulk what they lead to."""
        while fan_out(at=self.at, limit=1000):
            continue
        waiting = Delivery.objects.filter(consumer=consumer, state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.DONE, finished_at=self.at)

    def people(self, people: Iterable[Person], *, joined_at: datetime) -> list[User]:
        """This function will make many people with verified addresses and the demo password, hashed once."""
        users = [
            User(
                email=one.email,
                full_name=one.full_name,
                timezone=one.timezone,
                is_staff=one.is_staff,
                is_superuser=one.is_staff,
                password=self.password_hash,
                date_joined=joined_at,
            )
            for one in people
        ]
        User.objects.bulk_create(users)
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
        )
        return users
