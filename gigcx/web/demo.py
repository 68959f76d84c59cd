"""The frame of the demo world: the clock, the dice and the size that every chapter shares."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

DEMO_PASSWORD: Final = "demo-password-1"  # noqa: S105  printed by the command; the demo world guards nothing


@dataclass(slots=True)
class SignIn:
    """One sign-in that the command prints."""

    label: str
    email: str


@dataclass(slots=True)
class World:
    """What a chapter gets. Scale 1 is two brands and about 200 agents."""

    at: datetime
    scale: int = 1
    seed: int = 7
    rng: random.Random = field(init=False)
    sign_ins: list[SignIn] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
