"""What each gate says of one change, and that looking only at changes says the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.check.broken import CHANGES, FURTHER, edit, remove
from tests.check.laundry import CASE_FILE, write

from partnering import gates, slices
from partnering.checking import checks
from partnering.checking.checks import Gates
from partnering.gates import Report
from partnering.workspace import Workspace, locate

pytestmark = pytest.mark.slow


def told(report: Report) -> list[str]:
    """Violations alone: the toy is short on purpose, and remarks ask for more than it tells."""
    return [str(problem) for problem in report.problems if problem.severity == "violation"]


def test_a_sound_workspace_holds_and_every_gate_saw_something(
    sound: tuple[Path, Report],
) -> None:
    report = sound[1]
    assert told(report) == []
    assert report.holds
    assert [o.gate for o in report.outcomes] == [gate.name for gate in gates.GATES]
    counts = {o.gate: dict(o.checked.counts) for o in report.outcomes}
    assert counts["read"]["files"] > 40
    assert min(counts["read"][k] for k in ("classes", "properties", "concepts")) > 60
    assert counts["shapes"]["focus nodes"] > 400
    assert counts["shapes"]["constraints tried"] > 80
    assert counts["others"]["alignments"] == 6
    assert counts["hygiene"]["rules"] > 40
    assert counts["inference"]["disjoint pairs"] > 40
    assert counts["success"] == {"rules of success": 3, "verdicts": 3}
    assert counts["questions"]["with rows"] > 20
    assert counts["anchors"]["anchors"] == 4
    assert counts["coverage"] == {"paragraphs": 4, "accounted for": 4, "coded": 3}
    assert [outcome.gate for outcome in report.blind] == ["reasoner"]


def test_nothing_changed_nothing_looked_at(root: Path) -> None:
    report = gates.check(locate(root), changed=True)
    assert told(report) == []
    assert [o.gate for o in report.outcomes if o.fresh and not o.blind] == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_looking_at_changes_alone_says_the_same(
    name: str, root: Path
) -> None:
    change, gate, words = CHANGES[name]
    change(root)
    quick = gates.check(locate(root), changed=True)
    assert not quick.holds
    found = {outcome.gate: outcome.checked.violations for outcome in quick.outcomes}
    said = [f"{problem.where} {problem.message}" for problem in found[gate]]
    assert any(words in one for one in said), "\n".join(told(quick))
    full = gates.check(locate(root))
    assert [o.gate for o in full.outcomes] == [o.gate for o in quick.outcomes]
    for one, other in zip(quick.outcomes, full.outcomes, strict=True):
        assert one.checked == other.checked, one.gate
        assert one.blind == other.blind


@pytest.mark.parametrize("name", FURTHER)
def test_a_broken_copy_is_told_with_reason_and_remedy(name: str, root: Path) -> None:
    change, gate, words = FURTHER[name]
    change(root)
    found = {o.gate: o.checked.violations for o in gates.check(locate(root), changed=True).outcomes}
    said = [p for p in found[gate] if words in f"{p.where} {p.message}"]
    assert said, "\n".join(str(problem) for one in found.values() for problem in one)
    assert all(problem.mend for problem in said)


def test_a_misspelt_property_is_not_called_one_of_another_kind(root: Path) -> None:
    edit(CASE_FILE, "ptn:concernsFactor", "ptn:concernFactor")(root)
    said = told(gates.check(locate(root), changed=True))
    assert any("ptn:concernFactor is not a term" in one for one in said)
    assert not any("another kind of finding" in one for one in said)


def test_twenty_copies_are_broken() -> None:
    assert len({**CHANGES, **FURTHER}) >= 20


def test_every_gate_but_the_reasoner_is_made_to_fail() -> None:
    assert {gate for _, gate, _ in CHANGES.values()} == {gate.name for gate in gates.GATES} - {
        "reasoner"
    }


def test_a_change_made_good_holds_again(root: Path) -> None:
    change, gate, _ = CHANGES["polarity-missing"]
    before = (root / CASE_FILE).read_text("utf-8")
    change(root)
    assert not gates.check(locate(root), changed=True).holds
    write(root, CASE_FILE, before)
    report = gates.check(locate(root), changed=True)
    assert report.holds
    assert [o.fresh for o in report.outcomes if o.gate == gate] == [False]


def test_an_edited_case_is_looked_at_without_the_rest(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One case edited: no gate that looks at the schema alone, and no other slice, looks again."""
    looked: list[str] = []
    plain = checks.look

    def look(workspace: Workspace, part: slices.Slice) -> checks.Checked:
        looked.append(part.name)
        return plain(workspace, part)

    monkeypatch.setattr(checks, "look", look)
    edit(CASE_FILE, "softer.", "much softer.")(root)
    quick = gates.check(locate(root), changed=True)
    few = sorted(looked)
    full = gates.check(locate(root))
    assert told(quick) == told(full) == []
    assert few == ["case/laundry", "synthesis/laundry-report/cross-case"]
    assert set(few) < set(looked[len(few) :])
    fresh = {outcome.gate for outcome in quick.outcomes if outcome.fresh and not outcome.blind}
    assert fresh == {gate.name for gate in gates.GATES} - {"others", "reasoner"}


def test_what_a_synthesis_refers_to_is_part_of_what_it_was_checked_with(root: Path) -> None:
    """Its slice is checked again when a case that it links to changes or goes."""

    def again() -> dict[str, bool]:
        workspace = locate(root)
        return {
            one.part.name: one.fresh
            for one in Gates(workspace).check(slices.of_workspace(workspace))
        }

    assert not any(again().values())
    edit(CASE_FILE, "softer.", "much softer.")(root)
    fresh = {name for name, was in again().items() if was}
    assert fresh == {"case/laundry", "synthesis/laundry-report/cross-case"}
    remove(CASE_FILE)(root)
    assert again()["synthesis/laundry-report/cross-case"]


def test_without_a_copy_nothing_is_verified_and_the_gate_says_so(root: Path) -> None:
    remove("attached/laundry-report.txt")(root)
    report = gates.check(locate(root), changed=True)
    blind = {outcome.gate: outcome.blind for outcome in report.blind}
    assert blind["anchors"] == "nothing was verified: no copy of laundry-report is attached"
    assert report.holds


def test_a_gate_that_sees_nothing_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No question in the folder: nothing runs, and that is no success."""
    plain = Workspace.files

    def without(self: Workspace, pattern: str) -> tuple[Path, ...]:
        return () if pattern == "queries/questions/*.rq" else plain(self, pattern)

    monkeypatch.setattr(Workspace, "files", without)
    everywhere = replace(locate(root))
    everywhere.__dict__["cache"] = root / "elsewhere"
    report = gates.check(everywhere, changed=True)
    (questions,) = (o for o in report.outcomes if o.gate == "questions")
    assert [problem.rule for problem in questions.checked.violations] == ["saw-nothing"]
