"""The three jobs of the knowledge managers' page, walked as they stand there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.walk import Walker, same, steps

PAGE = Path(__file__).resolve().parents[2] / "docs/for-knowledge-managers.md"


@pytest.mark.slow
def test_every_command_of_the_page_prints_what_the_page_shows(tmp_path: Path) -> None:
    taken = list(steps(PAGE.read_text("utf-8")))
    assert len([step for step in taken if not step.path]) >= 30
    assert len([step for step in taken if step.path]) >= 4
    walker, wrong = Walker(tmp_path), []
    for step in taken:
        printed = walker.take(step)
        if not step.path and not same(printed, step.printed):
            wrong.append(f"{PAGE.name}:{step.line}: {step.text}\nprints\n{printed}")
    assert not wrong, "\n".join([*wrong, f"to write it anew: python -m tests.docs.walk {PAGE} DIR"])


def test_a_walk_knows_files_from_commands_and_what_they_print() -> None:
    page = 'Put this into `a/b.txt`:\n\n```text\nhello\n```\n\n```console\n$ cat a/b.txt\nhello\n$ cd a\n$ echo \\\n    1\n1\n```\n'  # fmt: skip
    found = [(step.path, step.text, step.printed) for step in steps(page)]
    assert found == [
        ("a/b.txt", "hello\n", ""),
        ("", "cat a/b.txt", "hello\n"),
        ("", "cd a", ""),
        ("", "echo \\\n    1", "1\n"),
    ]


@pytest.mark.parametrize(
    ("printed", "wanted", "is_same"),
    [
        ("one\ntwo\nthree\n", "one\n…\nthree\n", True),
        ("one\nthree\n", "one\n…\nthree\n", True),
        ("one\ntwo\nthree\n", "one\nthree\n", False),
        ("2 rows\n", "3 rows\n", False),
        ("1,234 rows, 0.7 s\n", "999 rows, 64.5 s\n", True),
        ("a  b\n", "a     b\n", True),
        ("said by the authors\n", "said by …\n", True),
        ("", "something\n", False),
        ("more\n", "", False),
    ],
)
def test_what_may_differ_is_numbers_of_a_growing_whole(
    printed: str, wanted: str, is_same: bool
) -> None:
    assert same(printed, wanted) is is_same


def test_a_command_that_fails_ends_the_walk(tmp_path: Path) -> None:
    (step,) = steps("```console\n$ cat nothing\n```\n")
    with pytest.raises(AssertionError, match="cat nothing"):
        Walker(tmp_path).take(step)
