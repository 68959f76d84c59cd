"""The embedded servers: they live as long as somebody uses them, and say what is in their way."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from gigcx.local import tables
from gigcx.local.environment import lease_servers
from gigcx.local.faults import LocalFault
from gigcx.local.folders import LocalFolder
from gigcx.local.leases import LeaseFiles, StopAsked, is_kept, take_lease
from gigcx.local.servers import POSTGRES_MAJOR, Postgres, Valkey
from tests.local.machine import assert_nothing_runs_in, processes_of, start_user_of_servers, wait_until


def test_a_new_cluster_has_the_database_and_the_extensions_the_product_needs(folder: LocalFolder) -> None:
    postgres = Postgres(folder, is_durable=False)
    lease = take_lease(postgres)
    extensions = postgres.query("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension", database="gigcx")
    is_superuser = postgres.query("SELECT rolsuper FROM pg_roles WHERE rolname = 'gigcx'")
    room = int(postgres.query("SHOW max_connections"))
    lease.give_back_and_wait()

    assert extensions == "btree_gist pg_trgm plpgsql vector"
    assert is_superuser == "f"
    assert room >= 200
    assert_nothing_runs_in(folder)


def test_servers_stop_when_their_last_user_is_killed(folder: LocalFolder) -> None:
    first, second = start_user_of_servers(folder), start_user_of_servers(folder)
    assert any("valkey-server" in command for command in processes_of(folder).values())

    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert not wait_until(lambda: not is_kept(LeaseFiles(folder.path, "postgres")), seconds=1), "one user is left"

    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    assert_nothing_runs_in(folder)


def test_two_users_who_start_together_share_one_server(folder: LocalFolder) -> None:
    one, other = take_lease(Valkey(folder)), take_lease(Valkey(folder))
    keepers = [command for command in processes_of(folder).values() if "gigcx.local.keeper" in command]
    one.give_back_and_wait()
    is_still_there = Valkey(folder).is_ready()
    other.give_back_and_wait()

    assert len(keepers) == 1
    assert is_still_there
    assert not Valkey(folder).is_ready()


def test_what_was_committed_survives_a_killed_keeper_and_a_stale_pid_file(folder: LocalFolder) -> None:
    postgres = Postgres(folder)
    lease = take_lease(postgres)
    postgres.query("CREATE TABLE promise (kept boolean)", database="gigcx")
    for pid in processes_of(folder):  # everything at once, as when the power goes
        os.kill(pid, signal.SIGKILL)
    lease.give_back_and_wait()
    assert_nothing_runs_in(folder)
    pid_file = postgres.cluster / "postmaster.pid"
    rest = pid_file.read_text().split("\n", 1)[1]
    pid_file.write_text(f"{os.getpid()}\n{rest}")  # by now the number belongs to somebody else, who lives

    lease = take_lease(postgres)
    found = postgres.query("SELECT count(*) FROM promise", database="gigcx")
    lease.give_back_and_wait()
    assert found == "0"


def test_a_cluster_of_an_older_postgres_is_refused_in_one_line(folder: LocalFolder) -> None:
    postgres = Postgres(folder)
    postgres.cluster.mkdir(parents=True)
    (postgres.cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(LocalFault, match=rf"made by PostgreSQL 15, and this release brings {POSTGRES_MAJOR}"):
        take_lease(postgres)
    assert_nothing_runs_in(folder)


def test_a_folder_with_something_else_in_it_is_not_touched(folder: LocalFolder) -> None:
    postgres = Postgres(folder)
    postgres.cluster.mkdir(parents=True)
    (postgres.cluster / "thesis.txt").write_text("three years of work")
    with pytest.raises(LocalFault, match="not empty and not a database folder"):
        take_lease(postgres)
    assert (postgres.cluster / "thesis.txt").read_text() == "three years of work"


def test_a_half_made_cluster_is_made_anew(folder: LocalFolder) -> None:
    half_made = folder.path / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    lease = take_lease(Postgres(folder, is_durable=False))
    answer = Postgres(folder).query("SELECT 1")
    lease.give_back_and_wait()
    assert answer == "1"


def test_a_damaged_cluster_is_said_to_be_in_the_log(folder: LocalFolder) -> None:
    take_lease(Postgres(folder, is_durable=False)).give_back_and_wait()
    shutil.rmtree(Postgres(folder).cluster / "global")
    with pytest.raises(LocalFault, match=r"PostgreSQL did not start; see .*postgres\.log"):
        take_lease(Postgres(folder, is_durable=False))


def test_a_broken_broker_file_is_named(folder: LocalFolder) -> None:
    broker = Valkey(folder)
    (broker.store / "appendonlydir").mkdir(parents=True)
    (broker.store / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(LocalFault, match=r"(was written by another version|see .*valkey\.log)"):
        take_lease(broker)


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalFault, match=r"Cannot create .*/file/local: Not a directory"):
        take_lease(Valkey(LocalFolder(tmp_path / "file" / "local")))


def test_a_start_stops_when_asked(folder: LocalFolder) -> None:
    with pytest.raises(StopAsked):
        take_lease(Postgres(folder), should_stop=lambda: True)
    assert_nothing_runs_in(folder)


def test_named_servers_are_used_and_none_is_started(folder: LocalFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/gigcx")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    assert lease_servers(folder) == []
    assert not folder.path.exists()
    assert os.environ["DATABASE_URL"] == "postgres://db.example/gigcx"


def test_a_socket_path_is_short_however_deep_the_project_lies(tmp_path: Path) -> None:
    deep = LocalFolder(tmp_path / ("a-rather-long-name/" * 12) / "local")
    assert len(str(deep.sockets / ".s.PGSQL.5432.lock")) < 100
    assert deep.sockets != LocalFolder(tmp_path / "other").sockets


def test_tables_are_migrated_again_only_for_other_code_or_after_a_hand_in_between(folder: LocalFolder) -> None:
    postgres = Postgres(folder, is_durable=False)
    lease = take_lease(postgres)
    postgres.query(
        "CREATE TABLE django_migrations AS SELECT 'tenancy' AS app, '0001_initial' AS name", database="gigcx"
    )
    at_first = tables.are_up_to_date(postgres)
    postgres.write_note("demo world", "loaded")
    tables.note_up_to_date(postgres)
    when_noted, notes = tables.are_up_to_date(postgres), postgres.notes()
    postgres.query("DELETE FROM django_migrations", database="gigcx")
    after_a_hand = tables.are_up_to_date(postgres)
    postgres.write_note(tables.NOTE, "of other code")
    with_other_code = tables.are_up_to_date(postgres)
    lease.give_back_and_wait()

    assert when_noted
    assert notes["demo world"] == "loaded"
    assert not at_first
    assert not after_a_hand
    assert not with_other_code
