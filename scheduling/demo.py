"""The scheduling chapter of the demo world."""

from gigcx.web.demo import World


def tell(world: World) -> None:
    """This function will tell the chapter."""
