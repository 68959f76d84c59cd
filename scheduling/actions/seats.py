"""The counter of a shift's seats. Whoever touches it holds the shift's row until the transaction ends."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from scheduling.errors import ShiftFull, ShiftNotOpen
from scheduling.models import Shift
from scheduling.states import CLAIMABLE, ShiftState


def take_seat(shift_id: UUID, *, states: Sequence[str] = CLAIMABLE) -> None:
    """This function will count one seat as filled, if there is one.

    One conditional update decides every race: whoever gets no row back was too late.

    Raises:
        ShiftFull: no seat left.
        ShiftNotOpen: the shift is not in one of the states.
    """
    taken = (
        Shift.objects.across_brands().filter(pk=shift_id, state__in=states).with_room().update(filled=F("filled") + 1)
    )
    if taken:
        return
    state = Shift.objects.across_brands().filter(pk=shift_id).values_list("state", flat=True).first()
    raise ShiftFull if state in states else ShiftNotOpen


def free_seat(shift_id: UUID) -> None:
    """This function will count one seat as free again. Call it before locking the claim: shifts come before claims."""
    Shift.objects.across_brands().filter(pk=shift_id, filled__gt=0).update(filled=F("filled") - 1)


ARRIVABLE = (ShiftState.OPEN, ShiftState.STARTED)
