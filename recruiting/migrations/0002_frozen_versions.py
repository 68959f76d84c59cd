"""Published prices and terms never change; acceptances are append-only; rows stay with their program's brand."""

from django.db import migrations

from gigcx.audit.sql import append_only, frozen_when, no_longer_append_only, not_frozen

PUBLISHED_LINES = """
CREATE FUNCTION recruiting_ratecardline_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    card_state text;
BEGIN
    SELECT state INTO card_state FROM recruiting_ratecard
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.card_id ELSE OLD.card_id END;
    IF card_state <> 'draft' THEN
        RAISE EXCEPTION 'recruiting_ratecardline is frozen: % refused', TG_OP USING ERRCODE = '23L01';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recruiting_ratecardline_published BEFORE INSERT OR UPDATE OR DELETE ON recruiting_ratecardline
    FOR EACH ROW EXECUTE FUNCTION recruiting_ratecardline_published();
"""
NO_PUBLISHED_LINES = """
DROP TRIGGER recruiting_ratecardline_published ON recruiting_ratecardline;
DROP FUNCTION recruiting_ratecardline_published();
"""

# A referral is paid by the platform: nobody is billed for it. Two currencies cannot be compared here.
BILL_COVERS_PAY = """
CREATE FUNCTION recruiting_ratecard_bill_covers_pay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'active' AND NEW.pay_currency = NEW.bill_currency AND EXISTS (
        SELECT 1 FROM recruiting_ratecardline
        WHERE card_id = NEW.id AND bill_minor < pay_minor AND kind <> 'referral'
    ) THEN
        RAISE EXCEPTION 'a bill below the pay is refused' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recruiting_ratecard_bill_covers_pay BEFORE UPDATE OF state ON recruiting_ratecard
    FOR EACH ROW EXECUTE FUNCTION recruiting_ratecard_bill_covers_pay();
"""
NO_BILL_COVERS_PAY = """
DROP TRIGGER recruiting_ratecard_bill_covers_pay ON recruiting_ratecard;
DROP FUNCTION recruiting_ratecard_bill_covers_pay();
"""


def same_brand(table: str) -> migrations.RunSQL:
    """A row's brand is its program's."""
    name = f"{table}_program_brand"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (program_id, brand_id) "
        "REFERENCES recruiting_program (id, brand_id);",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def frozen(table: str, condition: str, changeable: tuple[str, ...]) -> migrations.RunSQL:
    """Rows that no longer change once the condition holds."""
    return migrations.RunSQL(frozen_when(table, condition, changeable), not_frozen(table))


class Migration(migrations.Migration):
    dependencies = [("recruiting", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        frozen("recruiting_ratecard", "OLD.state <> 'draft'", ("state", "valid_until")),
        frozen("recruiting_termsversion", "OLD.state <> 'draft'", ("state", "valid_until")),
        migrations.RunSQL(PUBLISHED_LINES, NO_PUBLISHED_LINES),
        migrations.RunSQL(BILL_COVERS_PAY, NO_BILL_COVERS_PAY),
        migrations.RunSQL(
            append_only("recruiting_termsacceptance"), no_longer_append_only("recruiting_termsacceptance")
        ),
        same_brand("recruiting_engagement"),
        same_brand("recruiting_ratecard"),
        same_brand("recruiting_termsversion"),
        same_brand("recruiting_screeningquestion"),
    ]
