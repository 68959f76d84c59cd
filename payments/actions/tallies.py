"""Keeping the tally of open charges short."""

from typing import Final

from django.db import connection, transaction

# So many rows of one week, program, kind and cause are read as fast as one.
_KEPT_APART: Final = 50
_FOLD: Final = """
    WITH long AS (
        SELECT brand_id, program_id, billing_week, currency, kind, cause FROM payments_chargetally
        GROUP BY brand_id, program_id, billing_week, currency, kind, cause HAVING count(*) > %s
    ), mine AS (
        SELECT t.id FROM payments_chargetally t JOIN long USING (brand_id, program_id, billing_week, currency, kind, cause)
        FOR UPDATE OF t SKIP LOCKED
    ), taken AS (
        DELETE FROM payments_chargetally t USING mine WHERE t.id = mine.id RETURNING t.*
    ), folded AS (
        INSERT INTO payments_chargetally (brand_id, program_id, billing_week, currency, kind, cause, lines, net_minor)
        SELECT brand_id, program_id, billing_week, currency, kind, cause, sum(lines), sum(net_minor) FROM taken
        GROUP BY brand_id, program_id, billing_week, currency, kind, cause HAVING sum(lines) <> 0 OR sum(net_minor) <> 0
    )
    SELECT count(*) FROM taken
"""


@transaction.atomic
def fold_tallies(*, above: int = _KEPT_APART) -> int:
    """This function will put the rows of every tally that has more than `above` into one and return how many it took.

    Rows that are written or folded by others meanwhile are left for the next time; sums never change by it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [above])
        return int(cursor.fetchone()[0])
