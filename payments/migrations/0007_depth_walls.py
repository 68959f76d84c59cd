"""What was invoiced, credited, received, told and exported never changes; who made a bank file does not answer it."""

from django.db import migrations

from gigcx.audit.sql import append_only, frozen_when, no_longer_append_only, not_frozen

CHARGE = ("state", "credited_minor", "ready_at", "confirmed_at", "reversed_at")
INSERT_ONLY = (
    "payments_creditnote",
    "payments_creditnoteline",
    "payments_dunningstep",
    "payments_receipt",
    "payments_allocation",
    "payments_budgetalert",
    "payments_fxrate",
    "payments_taxthreshold",
    "payments_taxexport",
    "payments_rendereddocument",
    "payments_paylabel",
)
CHANGEABLE = {
    "payments_linedispute": (
        "held_earning_id",
        "state",
        "needs_ops",
        "answer",
        "decision",
        "decided_minor",
        "decided_by",
        "decided_by_user_id",
        "decided_at",
    ),
    "payments_adjustmentrequest": (
        "state",
        "decided_by_id",
        "decided_at",
        "decision_reason",
        "earning_id",
    ),
    "payments_topup": (
        "refunded_minor",
        "state",
        "checkout_ref",
        "payment_ref",
        "pay_url",
        "failure",
        "expires_at",
        "looked_up_at",
        "settled_at",
        "ended_at",
    ),
    "payments_stripeevent": ("body", "state", "tries", "error", "alarm", "next_try_at", "done_at"),
    "payments_bankfile": ("state", "closed_at"),
    "payments_bankfileline": ("state", "bank_reference", "reason", "answered_by_id", "answered_at"),
    "payments_instantquote": ("item_id",),
    "payments_numberseries": ("last",),
}
ISSUED = {
    "payments_invoice": (
        "OLD.state NOT IN ('draft', 'discarded')",
        ("state", "paid_minor", "credited_minor", "remote_ref", "paid_at", "ended_at"),
    ),
    "payments_invoiceline": (
        "EXISTS (SELECT 1 FROM payments_invoice i WHERE i.id = OLD.invoice_id AND i.state <> 'draft')",
        ("credited_minor",),
    ),
    "payments_taxdecision": (
        "EXISTS (SELECT 1 FROM payments_invoice i WHERE i.id = OLD.invoice_id AND i.state <> 'draft')",
        (),
    ),
}
GUARDS = """
CREATE FUNCTION payments_only_drafts_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_invoice i WHERE i.id = NEW.invoice_id AND i.state <> 'draft') THEN
        RAISE EXCEPTION 'an issued invoice gets no further %', TG_TABLE_NAME USING ERRCODE = '23L01';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_only_drafts_grow BEFORE INSERT ON payments_invoiceline
    FOR EACH ROW EXECUTE FUNCTION payments_only_drafts_grow();
CREATE TRIGGER payments_only_drafts_grow BEFORE INSERT ON payments_taxdecision
    FOR EACH ROW EXECUTE FUNCTION payments_only_drafts_grow();

CREATE FUNCTION payments_invoiced_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.invoice_id IS NOT NULL AND NEW.invoice_id IS DISTINCT FROM OLD.invoice_id THEN
        RAISE EXCEPTION 'a charge is invoiced once' USING ERRCODE = '23L01';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_invoiced_once BEFORE UPDATE ON payments_charge
    FOR EACH ROW EXECUTE FUNCTION payments_invoiced_once();

CREATE FUNCTION payments_numbers_only_rise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last <> OLD.last + 1 THEN
        RAISE EXCEPTION 'numbers are given out one by one' USING ERRCODE = '23L01';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_numbers_only_rise BEFORE UPDATE ON payments_numberseries
    FOR EACH ROW EXECUTE FUNCTION payments_numbers_only_rise();

CREATE FUNCTION payments_bank_line_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.answered_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM payments_bankfile f WHERE f.id = NEW.file_id AND f.made_by_id = NEW.answered_by_id
    ) THEN
        RAISE EXCEPTION 'who made a bank file does not answer its lines' USING ERRCODE = '23P01';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_bank_line_second_person BEFORE INSERT OR UPDATE ON payments_bankfileline
    FOR EACH ROW EXECUTE FUNCTION payments_bank_line_second_person();
"""
GUARDS_BACK = """
DROP TRIGGER payments_bank_line_second_person ON payments_bankfileline;
DROP FUNCTION payments_bank_line_second_person();
DROP TRIGGER payments_numbers_only_rise ON payments_numberseries;
DROP FUNCTION payments_numbers_only_rise();
DROP TRIGGER payments_invoiced_once ON payments_charge;
DROP FUNCTION payments_invoiced_once();
DROP TRIGGER payments_only_drafts_grow ON payments_taxdecision;
DROP TRIGGER payments_only_drafts_grow ON payments_invoiceline;
DROP FUNCTION payments_only_drafts_grow();
"""
# Where a form is due: 1099-NEC by law for 2025 and 2026, indexed and unset from 2027; 1099-K needs the number of payments too.
THRESHOLDS = """
INSERT INTO payments_taxthreshold (form, tax_year, currency, amount_minor, transactions, source) VALUES
    ('1099_nec', 2025, 'USD', 60000, 0, 'IRC 6041(a) before 2026'),
    ('1099_nec', 2026, 'USD', 200000, 0, 'IRC 6041(a) as amended for payments from 2026'),
    ('1099_k', 2025, 'USD', 2000000, 200, 'IRC 6050W(e)'),
    ('1099_k', 2026, 'USD', 2000000, 200, 'IRC 6050W(e)'),
    ('dac7', 2025, 'EUR', 0, 0, 'Directive (EU) 2021/514: services have no lower limit'),
    ('dac7', 2026, 'EUR', 0, 0, 'Directive (EU) 2021/514: services have no lower limit');
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_depth"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            not_frozen("payments_charge") + frozen_when("payments_charge", "true", (*CHARGE, "invoice_id")),
            not_frozen("payments_charge") + frozen_when("payments_charge", "true", CHARGE),
        ),
        migrations.RunSQL(THRESHOLDS, migrations.RunSQL.noop),
        *(migrations.RunSQL(append_only(table), no_longer_append_only(table)) for table in INSERT_ONLY),
        *(
            migrations.RunSQL(frozen_when(table, "true", changeable), not_frozen(table))
            for table, changeable in CHANGEABLE.items()
        ),
        *(
            migrations.RunSQL(frozen_when(table, condition, changeable), not_frozen(table))
            for table, (condition, changeable) in ISSUED.items()
        ),
        migrations.RunSQL(GUARDS, GUARDS_BACK),
    ]
