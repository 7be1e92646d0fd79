"""An index made by the real steps but the check, for tests that ask what answers come of it."""

from __future__ import annotations

from partnering import reading, slices
from partnering.pipeline import catalogue, provenance, publish
from partnering.pipeline.infer import Inference, inferred_graph
from partnering.pipeline.judge import JUDGED_KINDS, Bench, assessment_graph
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Done, Sheets
from partnering.workspace import UNPUBLISHED_KINDS, Workspace


def published(workspace: Workspace) -> Index:
    """All that is said, what follows from it and every verdict, in force."""
    inference = Inference(workspace)
    bench = Bench(workspace, inference)
    files = [file for file in workspace.graph_files if file.kind not in UNPUBLISHED_KINDS]
    graphs = {file.graph: reading.quads(workspace, file) for file in files}
    for part in slices.of_workspace(workspace):
        graphs[inferred_graph(part)] = inference.infer(part)
        for rule in bench.rules if part.kind in JUDGED_KINDS else ():
            graphs[assessment_graph(part, rule.name)] = bench.judge(part, rule)
    graphs |= catalogue.graph(workspace) | provenance.graph(workspace)
    parts = [publish.part(workspace, graph, path) for graph, path in graphs.items()]
    sheets = Sheets(workspace.cache).replaced({"all": Done("", tuple(parts))})
    return publish.publish(workspace, sheets, "made for tests")
