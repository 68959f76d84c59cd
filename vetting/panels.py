"""What this stage brings to shared pages: menu lines, panels and the queues of ops."""


def register() -> None:
    """This function will put this stage's pieces on the shelves."""
