"""The rules a program schedules by: its own, or the product's where it has none."""

from uuid import UUID

from gigcx.kernel.errors import NotFound
from recruiting.models import Program
from scheduling.models import SchedulingRules


def rules_of(program: Program) -> SchedulingRules:
    """This function will return the program's rules: saved ones, or the defaults as a row not saved yet.

    The defaults carry version 0, so that the first save is version 1.
    """
    saved = SchedulingRules.objects.for_brand(program.brand_id).filter(program=program).first()
    return saved or SchedulingRules(
        brand_id=program.brand_id, program=program, version=0, updated_at=program.created_at
    )


def rules_of_program_id(program_id: UUID) -> SchedulingRules:
    """This function will return the rules of a program known by id only.

    Raises:
        NotFound: no such program.
    """
    program = Program.objects.across_brands().filter(pk=program_id).first()
    if program is None:
        raise NotFound
    return rules_of(program)
