"""What the benchmark of whole builds reads out of a build and of pySHACL's times."""

from __future__ import annotations

import pytest
from bench import whole
from bench.whole import OneGraph


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("check, infer and judge 109 of 1,203, 4 min left", 240),
        ("check, infer and judge 1,090 of 12,003, 1 h 05 min left", 3900),
        ("check, infer and judge 30 of 300, 12 s left", 12),
        ("check, infer and judge 1,203 of 1,203, 0 s left", None),
        ("read 1,245 of 12,445, 70 s left", None),
        ("infer      125 seen,   112 done (13 unchanged); 13 rules", None),
    ],
)
def test_what_a_build_foretells_is_read_from_its_progress(line: str, seconds: float | None) -> None:
    assert whole.foretold(line) == seconds


def test_one_graph_is_taken_further_by_its_last_two_doublings() -> None:
    # What is the same for any number weighs in the first, and is no power of the cases.
    measured = OneGraph({2: 10.0, 4: 10.0, 8: 12.0, 16: 24.0, 32: 48.0})
    assert measured.power == pytest.approx(1)
    assert measured.seconds(32) == 48
    assert measured.seconds(20) == pytest.approx(30)
    assert measured.seconds(3200) == pytest.approx(4800)
    assert measured.source(3200) == "by 32 cases, as cases^1.00"


def test_of_one_measurement_nothing_is_known_but_that_more_take_longer() -> None:
    assert OneGraph({2: 3.0}).seconds(4) == 6
