"""What a later stage plugs in here: the honest net-hour label of a program."""

from typing import Protocol
from uuid import UUID


class PayLabelSource(Protocol):
    """Knows what an hour in a program really came to, after unpaid minutes, from paid work."""

    def pay_label(self, program_id: UUID) -> str | None:
        """The label, or None while there is too little paid work to say."""
        ...

    def supports(self, label: str, stated: str) -> bool:
        """Whether a figure that a brand states is covered by the label."""
        ...


class NoPayLabels:
    """Nothing has been measured yet."""

    def pay_label(self, program_id: UUID) -> str | None:
        """This function will return None: there is no data."""
        return None

    def supports(self, label: str, stated: str) -> bool:
        """This function will return False: nothing supports a stated figure."""
        return False


_source: PayLabelSource = NoPayLabels()


def set_pay_label_source(source: PayLabelSource) -> None:
    """This function will put the source in place; payments calls it when the app starts."""
    global _source
    _source = source


def pay_label_source() -> PayLabelSource:
    """This function will return the source in place."""
    return _source
