"""Published versions and all they hold never change; answers and paid time are append-only."""

from django.db import migrations

from gigcx.audit.sql import append_only, frozen_when, no_longer_append_only, not_frozen

# The version a row hangs on, as a subquery over OLD or NEW. A page of a published version cannot change, go or arrive.
_VERSION_OF = {
    "training_module": "SELECT v.state FROM training_courseversion v WHERE v.id = {row}.version_id",
    "training_page": (
        "SELECT v.state FROM training_module m JOIN training_courseversion v ON v.id = m.version_id "
        "WHERE m.id = {row}.module_id"
    ),
    "training_knowledgecheck": (
        "SELECT v.state FROM training_page p JOIN training_module m ON m.id = p.module_id "
        "JOIN training_courseversion v ON v.id = m.version_id WHERE p.id = {row}.page_id"
    ),
    "training_knowledgecheckkey": (
        "SELECT v.state FROM training_knowledgecheck c JOIN training_page p ON p.id = c.page_id "
        "JOIN training_module m ON m.id = p.module_id JOIN training_courseversion v ON v.id = m.version_id "
        "WHERE c.id = {row}.knowledge_check_id"
    ),
}


def published_with_version(table: str) -> str:
    old, new = (_VERSION_OF[table].format(row=row) for row in ("OLD", "NEW"))
    return f"""
    CREATE FUNCTION {table}_published() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        version_state text;
    BEGIN
        IF TG_OP = 'INSERT' THEN version_state := ({new}); ELSE version_state := ({old}); END IF;
        IF version_state IN ('published', 'closed') THEN
            RAISE EXCEPTION '{table} is frozen: % refused', TG_OP USING ERRCODE = '23L01';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER {table}_published BEFORE INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_published();
    """


def not_published_with_version(table: str) -> str:
    return f"DROP TRIGGER {table}_published ON {table}; DROP FUNCTION {table}_published();"


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            frozen_when(
                "training_courseversion",
                "OLD.state IN ('published', 'closed')",
                ("state", "left_catalogue_at", "closed_at", "grandfather_until"),
            ),
            not_frozen("training_courseversion"),
        ),
        *(migrations.RunSQL(published_with_version(table), not_published_with_version(table)) for table in _VERSION_OF),
        migrations.RunSQL(append_only("training_checkanswer"), no_longer_append_only("training_checkanswer")),
        migrations.RunSQL(append_only("training_trainingtime"), no_longer_append_only("training_trainingtime")),
    ]
