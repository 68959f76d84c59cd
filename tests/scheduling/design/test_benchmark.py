"""The benchmark's own check finds what is stated wrongly, and reads folders leniently."""

import json
from pathlib import Path

import pytest

from benchmarks import shift_design
from benchmarks.shift_design_examples import example

GIVEN = {
    "required": [2, 2, 0, 0],
    "days": 1,
    "slot_minutes": 60,
    "families": [{"start_min": 0, "start_max": 1, "length_min": 1, "length_max": 2}],
}
RIGHT = {
    "shifts": [{"start": 0, "length": 2, "heads": [2]}],
    "under": 0,
    "over": 0,
    "distinct": 1,
    "objective": 60,
    "bound": 60,
}


def test_a_right_result_has_no_fault() -> None:
    assert shift_design.fault_of(GIVEN, RIGHT) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"objective": 0},
        {"bound": 61},
        {"over": 60},
        {"shifts": [{"start": 2, "length": 2, "heads": [2]}]},
        {"shifts": [{"start": 0, "length": 2, "heads": [3]}]},
    ],
)
def test_a_wrong_figure_is_named(wrong: dict[str, object]) -> None:
    assert shift_design.fault_of(GIVEN, {**RIGHT, **wrong})


def test_a_folder_is_read_with_defaults_and_results_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = {key: value for key, value in example(5, slot_minutes=60).items() if key not in {"days", "weights", "name"}}
    (tmp_path / "a.json").write_text(json.dumps(bare))
    (tmp_path / "b.json").write_text(json.dumps({"problem": GIVEN, "best_known": 60}))
    done = shift_design.main(
        [str(tmp_path), "--seconds", "3", "--proof", "0", "--workers", "1", "--out", str(tmp_path / "out")]
    )
    assert done == 0
    assert "best known matched or beaten" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "b.json").read_text())["objective"] == 60
