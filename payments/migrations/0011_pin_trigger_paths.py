"""Guards look at our own tables only: a temporary table of the same name is searched last, not first.

Without `pg_temp` in the path it comes before everything, so that whoever may make temporary tables could show a guard another
`payments_journal` than the real one.
"""

from django.db import migrations

LEDGER = ("payments_ledger_refuse", "payments_entries_balance", "payments_journal_complete")
READERS = (
    "payments_only_drafts_grow",
    "payments_bank_line_second_person",
    "payments_run_second_person",
    "payments_invoiceline_frozen",
    "payments_taxdecision_frozen",
)


def pinned(function: str) -> str:
    """This function will return SQL that runs a guard with its owner's rights and a path that nobody can extend."""
    return f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;"


def unpinned(function: str) -> str:
    """This function will return SQL that undoes `pinned` where the guard had no path before."""
    return f"ALTER FUNCTION {function}() SECURITY INVOKER RESET search_path;"


def as_before(function: str) -> str:
    """This function will return SQL that gives a guard of the ledger its former path."""
    return f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path = pg_catalog, public;"


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_instant_steps")]
    operations = [
        *(migrations.RunSQL(pinned(one), as_before(one)) for one in LEDGER),
        *(migrations.RunSQL(pinned(one), unpinned(one)) for one in READERS),
    ]
