"""History cannot be changed, not even by us, and reads as sentences."""

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from gigcx.audit import trail
from gigcx.audit.models import AuditEntry
from gigcx.tenancy import actions
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from gigcx.web import timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(acme: Brand, acme_owner: BrandActor, at: datetime) -> AuditEntry:
    return trail.record("tenancy.approve_brand", acme, by=acme_owner, at=at, reason="It exists.")


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(reason="never"),
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.all().delete(),
    ],
    ids=["update", "save", "delete", "delete all"],
)
def test_the_database_refuses_to_change_or_delete_a_line(entry: AuditEntry, change: Any) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(entry)
    assert AuditEntry.objects.get(pk=entry.pk).reason == "It exists."


def test_the_database_refuses_to_empty_the_trail(entry: AuditEntry) -> None:
    """The test databases may be emptied by the test runner, so the trigger is asked as if this were another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('gigcx_refuse_change'::regproc)")
        body = cursor.fetchone()[0]
        assert "'test\\_%'" in body
        statements = body.replace("'test\\_%'", "'no such name'") + "; TRUNCATE audit_auditentry"
        with pytest.raises(DatabaseError, match="append-only: TRUNCATE refused"), transaction.atomic():
            cursor.execute(statements)
    assert AuditEntry.objects.exists()


def test_a_line_carries_who_what_and_the_request(client: Client, acme_owner: BrandActor) -> None:
    client.force_login(acme_owner.user)
    from gigcx.tenancy.forms import BrandForm

    words = {**BrandForm.initial_of(acme_owner.brand), "about": "Tools."}
    answer = client.post("/b/acme/settings/", words, headers={"X-Request-Id": "request-0001"})
    assert answer.status_code == 302
    line = AuditEntry.objects.get()
    assert (line.action, line.actor_kind, line.actor_id) == ("tenancy.update_brand", "brand", acme_owner.user.pk)
    assert line.request_id == answer["X-Request-Id"] == "request-0001"
    assert (line.brand_id, line.subject_type) == (acme_owner.brand_id, "tenancy.brand")
    assert line.changes == {"about": ["", "Tools."]}


def test_an_offered_request_id_that_is_not_plain_is_replaced(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "a b; DROP"})["X-Request-Id"] != "a b; DROP"


def test_history_reads_as_sentences(acme_owner: BrandActor, at: datetime) -> None:
    key, _text = actions.make_api_key(name="Sync {who}", scopes=["view"], by=acme_owner, at=at)
    trail.record("tenancy.bake_cake", key, by=SystemActor("sweep"), at=at)
    lines = timeline.history_lines(key)
    assert [line.title for line in lines] == ["April Acme made the API key “Sync {who}”", "sweep: bake cake"]
    assert lines[0].at == at


def test_many_lines_are_written_by_one_statement_each_with_its_own_state(
    acme: Brand, globex: Brand, at: datetime, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        trail.record_each(
            "tenancy.see", [acme, globex], by=SystemActor("test"), at=at, from_states=["new", "old"], to_state="seen"
        )
    rows = AuditEntry.objects.filter(action="tenancy.see").order_by("from_state")
    found = [(one.subject_id, one.from_state, one.to_state, one.changes, one.at) for one in rows]
    assert found == [(acme.pk, "new", "seen", {}, at), (globex.pk, "old", "seen", {}, at)]
    trail.record_each("tenancy.see", [], by=SystemActor("test"), at=at, to_state="seen")


def test_a_state_too_long_for_its_column_is_refused_and_not_cut(acme: Brand, at: datetime) -> None:
    with pytest.raises(DatabaseError, match="too long"), transaction.atomic():
        trail.record_each("tenancy.see", [acme], by=SystemActor("test"), at=at, to_state="s" * 41)
