"""Human numbers per brand."""

from uuid import UUID

from django.db import connection


def next_number(brand_id: UUID, kind: str) -> str:
    """This function will return the brand's next number of that kind, such as "CR-2031".

    One upsert locks the counter row until the caller's transaction ends, so numbers are unique; a rollback gives its
    number back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tenancy_brandcounter (brand_id, kind, last) VALUES (%s, %s, 1001)
            ON CONFLICT (brand_id, kind) DO UPDATE SET last = tenancy_brandcounter.last + 1
            RETURNING last
            """,
            [brand_id, kind],
        )
        return f"{kind}-{cursor.fetchone()[0]}"
