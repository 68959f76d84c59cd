"""Open charges are tallied where they change, and the guards of lines and charges compare rows, not JSON.

The tally is written by statement: no row of it is ever waited for. Causes are looked up line by line, and rows before and
after are matched by grouping: a kept plan of either is right for one line and for fifty thousand.
"""

import django.db.models.deletion
from django.db import migrations, models

STAMPS = {
    "payments_earning": (
        "state",
        "review_ends_at",
        "held_at",
        "payable_at",
        "reserved_at",
        "paid_at",
        "reversed_at",
    ),
    "payments_charge": ("state", "credited_minor", "ready_at", "confirmed_at", "reversed_at", "invoice_id"),
}


def frozen_by_row(table: str, changeable: tuple[str, ...]) -> str:
    """This function will return SQL that lets a guard compare the rows themselves: half of what a release cost was JSON."""
    taken = " ".join(f"kept.{column} := NEW.{column};" for column in changeable)
    return f"""
    CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        kept record;
    BEGIN
        kept := OLD;
        IF TG_OP = 'UPDATE' THEN
            {taken}
            IF NEW IS NOT DISTINCT FROM kept THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{table} is frozen: % refused', TG_OP USING ERRCODE = '23L01';
    END $$;
    """


def frozen_by_json(table: str, changeable: tuple[str, ...]) -> str:
    """This function will return SQL that undoes `frozen_by_row`."""
    keep = "".join(f" - '{column}'" for column in changeable)
    return f"""
    CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (to_jsonb(NEW){keep}) IS DISTINCT FROM (to_jsonb(OLD){keep}) THEN
            RAISE EXCEPTION '{table} is frozen: % refused', TG_OP USING ERRCODE = '23L01';
        END IF;
        RETURN NEW;
    END $$;
    """


TALLIED = """
CREATE FUNCTION payments_tally_charges() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO payments_chargetally (brand_id, program_id, billing_week, currency, kind, cause, lines, net_minor)
        SELECT c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, c.cause, count(*), sum(c.owed_minor)
        FROM (
            SELECT f.*, f.net_minor - f.credited_minor AS owed_minor,
                   (SELECT e.cause FROM payments_earning e WHERE e.id = f.earning_id) AS cause
            FROM fresh f WHERE f.state IN ('accrued', 'held', 'ready')
        ) c
        GROUP BY c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, c.cause;
        RETURN NULL;
    END IF;
    INSERT INTO payments_chargetally (brand_id, program_id, billing_week, currency, kind, cause, lines, net_minor)
    SELECT c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, c.cause, sum(c.lines), sum(c.owed_minor)
    FROM (
        SELECT b.brand_id, b.program_id, b.billing_week, b.currency, b.kind,
               (SELECT e.cause FROM payments_earning e WHERE e.id = b.earning_id) AS cause,
               sum(b.lines) AS lines, sum(b.owed_minor) AS owed_minor
        FROM (
            SELECT f.brand_id, f.program_id, f.billing_week, f.currency, f.kind, f.earning_id,
                   1 AS lines, f.net_minor - f.credited_minor AS owed_minor
            FROM fresh f WHERE f.state IN ('accrued', 'held', 'ready')
            UNION ALL
            SELECT o.brand_id, o.program_id, o.billing_week, o.currency, o.kind, o.earning_id,
                   -1, o.credited_minor - o.net_minor
            FROM former o WHERE o.state IN ('accrued', 'held', 'ready')
        ) b
        GROUP BY b.brand_id, b.program_id, b.billing_week, b.currency, b.kind, b.earning_id
        HAVING sum(b.lines) <> 0 OR sum(b.owed_minor) <> 0
    ) c
    GROUP BY c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, c.cause;
    RETURN NULL;
END $$;

CREATE TRIGGER payments_charge_added AFTER INSERT ON payments_charge
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION payments_tally_charges();
CREATE TRIGGER payments_charge_moved AFTER UPDATE ON payments_charge
    REFERENCING NEW TABLE AS fresh OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION payments_tally_charges();

-- What is open already. The triggers above hold writers back until this has ended.
INSERT INTO payments_chargetally (brand_id, program_id, billing_week, currency, kind, cause, lines, net_minor)
SELECT c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, e.cause, count(*), sum(c.net_minor - c.credited_minor)
FROM payments_charge c JOIN payments_earning e ON e.id = c.earning_id
WHERE c.state IN ('accrued', 'held', 'ready')
GROUP BY c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, e.cause;
"""
NOT_TALLIED = """
DROP TRIGGER payments_charge_moved ON payments_charge;
DROP TRIGGER payments_charge_added ON payments_charge;
DROP FUNCTION payments_tally_charges();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0013_throttled_rails_open_by_themselves"),
        ("recruiting", "0003_first_skills"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        *(
            migrations.RunSQL(frozen_by_row(table, stamps), frozen_by_json(table, stamps))
            for table, stamps in STAMPS.items()
        ),
        migrations.CreateModel(
            name="ChargeTally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("billing_week", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("kind", models.CharField(max_length=24)),
                ("cause", models.CharField(max_length=20)),
                ("lines", models.IntegerField()),
                ("net_minor", models.BigIntegerField()),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.brand",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "charge tallies",
                "indexes": [models.Index(fields=["brand", "billing_week"], name="charge_tally_by_week")],
            },
        ),
        migrations.RunSQL(TALLIED, NOT_TALLIED),
    ]
