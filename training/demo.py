"""The training chapter of the demo world."""

from gigcx.web.demo import World


def tell(world: World) -> None:
    """This function will tell how courses were written and learnt."""
