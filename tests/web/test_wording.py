"""Counts and thinness, said in English."""

from __future__ import annotations

import pytest
from partnering.webui.showing.wording import counted, thinness


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [(0, "Cases", "no cases"), (1, "Voices", "one voice"), (12, "Findings", "12 findings")],
)
def test_a_count_is_said_with_its_noun(number: int, noun: str, said: str) -> None:
    assert counted(number, noun) == said


def test_thinness_tells_rows_on_one_case_from_rows_on_more() -> None:
    assert thinness([("Cases", [1, 1, 2])], 3) == "2 of 3 rows rest on one case."
    assert thinness([("Cases", [1, 1]), ("Voices", [1, 4])], 2) == (
        "Every row rests on one case; 1 of 2 rows rests on one voice."
    )
    assert thinness([("Cases", [2, 3])], 2) == ""
    assert thinness([], 0) == ""
