"""The database's clock: leases and deadlines of money compare with one clock, whatever machine asks."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """This function will return the present moment as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
