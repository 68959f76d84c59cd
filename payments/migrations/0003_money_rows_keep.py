"""What was earned, charged, ordered and stated never changes; who planned a run cannot approve it."""

from django.db import migrations

from gigcx.audit.sql import append_only, frozen_when, no_longer_append_only, not_frozen

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
    "payments_charge": ("state", "credited_minor", "ready_at", "confirmed_at", "reversed_at"),
    "payments_payoutitem": (
        "state",
        "attempt_number",
        "lease_until",
        "next_try_at",
        "hold_reason",
        "hold_until",
        "wait_reason",
        "transfer_ref",
        "transferred_at",
        "arrived_at",
        "ended_at",
    ),
    "payments_payoutallocation": ("released_at",),
}

SECOND_PERSON = """
CREATE FUNCTION payments_run_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_payoutrun r WHERE r.id = NEW.run_id AND r.planned_by_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'who planned a run cannot approve it' USING ERRCODE = '23P01';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_run_second_person BEFORE INSERT OR UPDATE ON payments_runapproval
    FOR EACH ROW EXECUTE FUNCTION payments_run_second_person();

CREATE FUNCTION payments_attempt_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.finished_at IS NOT NULL
       OR (NEW.id, NEW.item_id, NEW.number, NEW.idempotency_key, NEW.request_body, NEW.sent_at)
          IS DISTINCT FROM (OLD.id, OLD.item_id, OLD.number, OLD.idempotency_key, OLD.request_body, OLD.sent_at) THEN
        RAISE EXCEPTION 'a finished try, its key and its bytes are kept: % refused', TG_OP USING ERRCODE = '23L01';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_attempt_kept BEFORE UPDATE OR DELETE ON payments_payoutattempt
    FOR EACH ROW EXECUTE FUNCTION payments_attempt_kept();
"""
SECOND_PERSON_BACK = """
DROP TRIGGER payments_attempt_kept ON payments_payoutattempt;
DROP FUNCTION payments_attempt_kept();
DROP TRIGGER payments_run_second_person ON payments_runapproval;
DROP FUNCTION payments_run_second_person();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_triggers"), ("audit", "0002_append_only")]
    operations = [
        *(
            migrations.RunSQL(frozen_when(table, "true", changeable), not_frozen(table))
            for table, changeable in STAMPS.items()
        ),
        migrations.RunSQL(append_only("payments_statement"), no_longer_append_only("payments_statement")),
        migrations.RunSQL(append_only("payments_runapproval"), no_longer_append_only("payments_runapproval")),
        migrations.RunSQL(append_only("payments_paymentsmode"), no_longer_append_only("payments_paymentsmode")),
        migrations.RunSQL(SECOND_PERSON, SECOND_PERSON_BACK),
    ]
