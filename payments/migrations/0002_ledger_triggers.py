"""The ledger is append-only, balanced and complete, held by the database itself.

23L01 change refused, 23L02 unbalanced, 23L03 late leg, 23L04 incomplete journal.
"""

from django.db import migrations

FORWARD = r"""
ALTER TABLE payments_entry ADD CONSTRAINT payments_entry_account_fk
    FOREIGN KEY (account_id, currency, owner_kind, owner_id)
    REFERENCES payments_account (id, currency, owner_kind, owner_id);
ALTER TABLE payments_balance ADD CONSTRAINT payments_balance_account_fk
    FOREIGN KEY (account_id, normal_side, may_go_negative)
    REFERENCES payments_account (id, normal_side, may_go_negative);

CREATE FUNCTION payments_ledger_refuse() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- Test suites empty their own databases by truncation; no other database may.
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\_%' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23L01';
END $$;

CREATE FUNCTION payments_entries_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    wrong record;
BEGIN
    SELECT n.journal_id, n.currency, sum(n.amount_minor) AS total INTO wrong
    FROM fresh n GROUP BY n.journal_id, n.currency HAVING sum(n.amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % is off by % %', wrong.journal_id, wrong.total, wrong.currency
            USING ERRCODE = '23L02';
    END IF;
    -- Not xmin: inside a savepoint that is the sub-transaction's.
    SELECT j.id INTO wrong FROM payments_journal j
    WHERE j.id IN (SELECT n.journal_id FROM fresh n) AND j.recorded_xid <> pg_current_xact_id() LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % was closed before', wrong.id USING ERRCODE = '23L03';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION payments_journal_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    found_legs integer;
BEGIN
    SELECT count(*) INTO found_legs FROM payments_entry e WHERE e.journal_id = NEW.id;
    IF found_legs <> NEW.leg_count THEN
        RAISE EXCEPTION 'journal % has % of % legs', NEW.id, found_legs, NEW.leg_count USING ERRCODE = '23L04';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER payments_entry_balanced AFTER INSERT ON payments_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION payments_entries_balance();
CREATE CONSTRAINT TRIGGER payments_journal_complete AFTER INSERT ON payments_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_journal_complete();
"""

APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_refuse();
"""
    for table in ("payments_account", "payments_journal", "payments_entry", "payments_balancesnapshot")
)

# A running balance moves with its entries and is never removed.
BALANCE_STAYS = """
CREATE TRIGGER payments_balance_stays BEFORE DELETE ON payments_balance
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_refuse();
CREATE TRIGGER payments_balance_no_truncate BEFORE TRUNCATE ON payments_balance
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_refuse();
"""

BACKWARD = (
    """
DROP TRIGGER payments_balance_no_truncate ON payments_balance;
DROP TRIGGER payments_balance_stays ON payments_balance;
DROP TRIGGER payments_journal_complete ON payments_journal;
DROP TRIGGER payments_entry_balanced ON payments_entry;
"""
    + "".join(
        f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};"
        for table in ("payments_account", "payments_journal", "payments_entry", "payments_balancesnapshot")
    )
    + """
DROP FUNCTION payments_journal_complete();
DROP FUNCTION payments_entries_balance();
DROP FUNCTION payments_ledger_refuse();
ALTER TABLE payments_balance DROP CONSTRAINT payments_balance_account_fk;
ALTER TABLE payments_entry DROP CONSTRAINT payments_entry_account_fk;
"""
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD + APPEND_ONLY + BALANCE_STAYS, BACKWARD)]
