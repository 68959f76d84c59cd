"""Published content is frozen; answers, scores, results, keys, reviews and views are append-only."""

from django.db import migrations

from gigcx.audit.sql import append_only, frozen_when, no_longer_append_only, not_frozen

APPEND_ONLY = (
    "vetting_documentview",
    "vetting_identityreview",
    "vetting_itemkey",
    "vetting_cutscore",
    "vetting_response",
    "vetting_itemscore",
    "vetting_attemptresult",
    "vetting_rating",
)


def frozen(table: str, condition: str, changeable: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Rows that no longer change once the condition holds."""
    return migrations.RunSQL(frozen_when(table, condition, changeable), not_frozen(table))


def frozen_with(table: str, parent: str) -> migrations.RunSQL:
    """Parts of a version change, come and go only while it is a draft."""
    name = f"{table}_published"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            version_state text;
        BEGIN
            SELECT state INTO version_state FROM {parent}
                WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
            IF version_state <> 'draft' THEN
                RAISE EXCEPTION '{table} is frozen: % refused', TG_OP USING ERRCODE = '23L01';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,  # noqa: S608  names of our own tables
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


class Migration(migrations.Migration):
    dependencies = [("vetting", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        *(migrations.RunSQL(append_only(table), no_longer_append_only(table)) for table in APPEND_ONLY),
        frozen("vetting_itemversion", "OLD.state IN ('live', 'retired')", ("state", "retired_at")),
        frozen("vetting_assessmentversion", "OLD.state <> 'draft'", ("state", "retired_at")),
        frozen("vetting_certificationversion", "OLD.state <> 'draft'", ("state", "retired_at", "grandfather_until")),
        frozen("vetting_evidence", "TRUE", ("withdrawn_at", "withdrawn_by", "withdrawn_reason")),
        frozen("vetting_attemptitem", "TRUE", ("shown_at", "answered_at")),
        frozen_with("vetting_assessmentsection", "vetting_assessmentversion"),
        frozen_with("vetting_requirement", "vetting_certificationversion"),
        frozen_with("vetting_requirementgroup", "vetting_certificationversion"),
    ]
