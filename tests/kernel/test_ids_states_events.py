"""Identifiers that rise with time, transition tables, and facts that survive the outbox."""

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigcx.kernel import ids
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.kernel.events import Event, event_of
from gigcx.kernel.ids import link_token, uuid7
from gigcx.kernel.states import may_move, moves, require_move


def test_ids_made_one_after_the_other_rise_and_never_repeat() -> None:
    ids = [uuid7() for _turn in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_ids_made_in_many_threads_never_repeat() -> None:
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _turn in range(2_000))) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_an_id_is_of_version_seven_and_carries_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last_tick", 0)  # ids never fall back, also after a test that travelled ahead in time
    before = int(datetime.now(UTC).timestamp() * 1000)
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= before + 2_000


def test_a_link_token_is_long_and_safe_in_an_address() -> None:
    assert len(link_token()) == 43
    assert link_token() != link_token()
    assert link_token().replace("-", "").replace("_", "").isalnum()


states = st.sampled_from("abcdef")


@given(st.dictionaries(states, st.sets(states)))
def test_a_table_moves_exactly_what_it_lists(table: dict[str, set[str]]) -> None:
    frozen = moves(table)
    for current in "abcdef":
        for target in "abcdef":
            is_listed = target in table.get(current, set())
            assert may_move(frozen, current, target) == is_listed
            if not is_listed:
                with pytest.raises(MoveRefused):
                    require_move(frozen, current, target)


def test_a_refused_move_names_both_states_in_words() -> None:
    with pytest.raises(MoveRefused) as refused:
        require_move(moves({"in_review": ["active"]}), "active", "in_review")
    assert refused.value.message == "This is active and cannot become in review."


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    type = "kitchen.kettle_boiled"
    kettle_id: UUID
    at: datetime
    on: date
    litres: Decimal
    cups: int
    for_whom: UUID | None = None
    guests: tuple[UUID, ...] = ()


def test_a_fact_comes_back_from_its_payload_as_it_was() -> None:
    fact = KettleBoiled(
        kettle_id=uuid4(),
        at=datetime(2026, 11, 16, 12, tzinfo=UTC),
        on=date(2026, 11, 16),
        litres=Decimal("1.50"),
        cups=3,
        for_whom=uuid4(),
        guests=(uuid4(), uuid4()),
    )
    assert event_of(fact.type, fact.to_payload()) == fact


def test_a_fact_of_a_newer_version_leaves_out_what_we_do_not_know() -> None:
    fact = KettleBoiled(
        kettle_id=uuid4(), at=datetime(2026, 1, 1, tzinfo=UTC), on=date(2026, 1, 1), litres=Decimal(1), cups=1
    )
    assert KettleBoiled.from_payload({**fact.to_payload(), "colour": "red"}) == fact


def test_two_facts_never_share_a_name() -> None:
    with pytest.raises(TypeError, match="two events"):

        class OtherKettle(Event):
            type = "kitchen.kettle_boiled"


def test_a_refusal_has_a_code_a_status_and_its_problems() -> None:
    assert (NotFound().code, NotFound().status) == ("not_found", 404)
    wrong = Invalid("Take an earlier day.", field="day")
    assert (wrong.problems, wrong.status) == ({"day": ["Take an earlier day."]}, 400)
