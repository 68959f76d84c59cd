"""Drawing a form: which questions, in which order, with which order of options. The same seed draws the same form."""

import random
from collections.abc import Collection, Sequence


def draw(pool: Sequence[str], *, seen: Collection[str], count: int, seed: str, is_shuffled: bool = True) -> list[str]:
    """This function will pick `count` ids from the pool, unseen ones first, and put them in the order they are asked.

    Without shuffling the picked ones keep the pool's order.

    Raises:
        ValueError: the pool is smaller than `count`.
    """
    if len(pool) < count:
        raise ValueError(f"{count} asked for, {len(pool)} there")
    dice = random.Random(seed)  # noqa: S311  reproducible by design; the seed is an HMAC with a secret
    mixed = dice.sample(sorted(pool), len(pool))
    picked = sorted(mixed, key=lambda one: one in seen)[:count]
    return picked if is_shuffled else sorted(picked, key=list(pool).index)


def order_options(option_ids: Sequence[str], *, seed: str) -> list[str]:
    """This function will put a question's options into the order they are shown in."""
    return random.Random(seed).sample(list(option_ids), len(option_ids))  # noqa: S311  as above
