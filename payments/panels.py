"""What payments brings to shared pages."""


def register() -> None:
    """This function will put menu entries, panels, queues, banner and chapter on their shelves."""
