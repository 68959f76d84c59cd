"""SQL for append-only tables, shared by the migrations of every stage."""

from typing import Final

REFUSE_FUNCTION: Final = r"""
CREATE OR REPLACE FUNCTION gigcx_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- The test suite empties its own databases by truncation; no other database may.
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\_%' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23L01';
END $$;
"""
DROP_REFUSE_FUNCTION: Final = "DROP FUNCTION IF EXISTS gigcx_refuse_change();"


def append_only(table: str) -> str:
    """This function will return SQL that makes a table refuse update, delete and truncate (SQLSTATE 23L01)."""
    return f"""
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION gigcx_refuse_change();
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION gigcx_refuse_change();
    """


def no_longer_append_only(table: str) -> str:
    """This function will return SQL that undoes `append_only`."""
    return f"""
    DROP TRIGGER {table}_append_only ON {table};
    DROP TRIGGER {table}_no_truncate ON {table};
    """


def frozen_when(table: str, condition: str, changeable: tuple[str, ...] = ()) -> str:
    """This function will return SQL that freezes rows once `condition` (over OLD) holds.

    Only the columns in `changeable` may still change; a frozen row cannot be deleted. Raises SQLSTATE 23L01.
    """
    keep = "".join(f" - '{column}'" for column in changeable)
    return f"""
    CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {condition} THEN
            IF TG_OP = 'DELETE' OR (to_jsonb(NEW){keep}) IS DISTINCT FROM (to_jsonb(OLD){keep}) THEN
                RAISE EXCEPTION '{table} is frozen: % refused', TG_OP USING ERRCODE = '23L01';
            END IF;
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_frozen();
    """


def not_frozen(table: str) -> str:
    """This function will return SQL that undoes `frozen_when`."""
    return f"DROP TRIGGER {table}_frozen ON {table}; DROP FUNCTION {table}_frozen();"
