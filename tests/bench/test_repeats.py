"""Products made by renaming are those that a build makes of the repeated cases, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import repeats, reports, workspaces

from partnering import slices
from partnering.pipeline.build import build
from partnering.pipeline.flow import Flow
from partnering.workspace import Workspace


def products(workspace: Workspace) -> dict[str, bytes]:
    """What is kept of every slice, by its name and the step that made it."""
    flow = Flow(workspace)
    found = {}
    for part in slices.of_workspace(workspace):
        kept = {"checked": flow.gates.product(part), "inferred": flow.inference.product(part)}
        kept |= {rule.name: flow.bench.product(part, rule) for rule in flow.rules(part.kind)}
        found |= {f"{part.name} {step}": path.read_bytes() for step, path in kept.items()
                  if path.exists()}  # fmt: skip
    return found


@pytest.mark.slow
def test_renamed_products_are_those_of_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reports, workspaces, repeats):
        for name, value in (("CASES_A_REPORT", 2), ("DISTINCT", 1)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    small, large, built = (workspaces.make(tmp_path / name, number)
                           for name, number in (("small", 2), ("large", 4), ("built", 4)))  # fmt: skip
    build(small)
    assert repeats.stale(large)
    brought = repeats.bring(small, large)
    renamed = products(large)
    build(built)
    made = products(built)
    # The schema, bodies, rules, and two reports with a source, a synthesis and two cases each.
    assert brought == len(slices.of_workspace(built)) == 13
    assert renamed == made
    assert sum("case/synthetic-00003 " in name for name in renamed) == 5
    assert not repeats.stale(built)
