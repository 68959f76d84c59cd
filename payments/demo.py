"""The demo world's money: verified shifts priced, weekly payouts on past Tuesdays, one run waiting for approval."""

from gigcx.web.demo import World


def tell(world: World) -> None:
    """This function will tell the chapter."""
