"""``push``: the published index brought to a remote engine, graph by graph.

Only graphs whose contents changed travel. The store is marked as unfinished first and as
whole last, after its triples were counted; a push that breaks off is taken up by the next.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from partnering import pushed
from partnering.errors import CheckFailed, EngineUnavailable, PartneringError
from partnering.namespaces import GRAPH
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.pushed import MARKER, Pushed
from partnering.store.remote import RemoteEngine
from partnering.store.writer import Writer

Echo = Callable[[str], None]
_NOTED_EVERY = 25
"""Graphs after which it is noted over there what has arrived."""


@dataclass(frozen=True)
class Done:
    """What a push did: graphs sent, kept as they were, taken away, and triples sent."""

    sent: int
    kept: int
    dropped: int
    triples: int


def push(
    index: Index,
    engine: RemoteEngine,
    writer: Writer,
    *,
    full: bool = False,
    loaded: bool = False,
    echo: Echo = lambda _: None,
) -> Done:
    """Make the engine hold this index.

    ``full`` sends every graph whatever is over there; ``loaded`` sends none, but counts what
    the engine's own loader brought and marks it as whole. Raises ``EngineUnavailable`` with the
    graph it stopped at, and ``CheckFailed`` where the store does not hold what was sent.
    """
    before = pushed.read(engine) or Pushed()
    held = engine.counts()
    kept = {} if full else _kept(index, before, held)
    if loaded:
        kept = {part.graph: (part.digest, part.quads) for part in index.parts}
    wanted = [part for part in index.parts if part.graph not in kept]
    gone = [g for g in held if g.startswith(str(GRAPH)) and g != MARKER and g not in _names(index)]
    if before.snapshot == index.snapshot and not wanted and not gone:
        return Done(0, len(kept), 0, 0)
    mine = secrets.token_hex(8)
    writer.replace(MARKER, Pushed(by=mine, parts=kept).triples())
    for graph in gone:
        _at(graph, partial(writer.drop, graph))
    _send(index, wanted, writer, echo)
    _expect_counts(index, engine)
    _expect_alone(engine, mine)
    # When it was published, not when it was brought: pages say the same day here and there.
    at = index.published.isoformat(timespec="seconds")
    whole = {part.graph: (part.digest, part.quads) for part in index.parts}
    writer.replace(MARKER, Pushed(index.snapshot, index.inputs, at, mine, whole).triples())
    return Done(len(wanted), len(kept), len(gone), sum(part.quads for part in wanted))


def _names(index: Index) -> set[str]:
    return {part.graph for part in index.parts}


def _kept(index: Index, before: Pushed, held: dict[str, int]) -> dict[str, tuple[str, int]]:
    """Graphs that are over there as they should be."""
    return {
        part.graph: (part.digest, part.quads)
        for part in index.parts
        if before.parts.get(part.graph) == (part.digest, part.quads)
        and held.get(part.graph, 0) == part.quads
    }


def _send(index: Index, wanted: list[Part], writer: Writer, echo: Echo) -> None:
    arrived: dict[str, tuple[str, int]] = {}
    for number, part in enumerate(wanted, 1):
        _at(part.graph, partial(_bring, index, part, writer))
        arrived[part.graph] = (part.digest, part.quads)
        if len(arrived) == _NOTED_EVERY or number == len(wanted):
            writer.update(pushed.noted(arrived))
            arrived.clear()
            echo(f"{number} of {len(wanted)} graphs sent")


def _bring(index: Index, part: Part, writer: Writer) -> None:
    if part.quads:
        writer.replace(part.graph, _triples(index, part))
    else:
        writer.drop(part.graph)


def _triples(index: Index, part: Part) -> bytes:
    """A graph's file without the graph's name in each line."""
    end = f" <{part.graph}> ."
    lines = (index.folder / part.file).read_text("utf-8").split("\n")
    return "".join(f"{line.removesuffix(end)} .\n" for line in lines if line).encode()


def _at(graph: str, step: Callable[[], None]) -> None:
    try:
        step()
    except PartneringError as error:
        raise EngineUnavailable(
            f"The push broke off, and the store is marked as unfinished: {error.message}",
            where=f"<{graph}>",
            mend=f"{error.mend or 'look at the engine'}; then push again, which goes on from here",
        ) from error


def _expect_counts(index: Index, engine: RemoteEngine) -> None:
    held = engine.counts()
    wrong = [part for part in index.parts if held.get(part.graph, 0) != part.quads]
    if wrong:
        raise CheckFailed(
            f"{len(wrong)} graphs do not hold what was sent, so the store stays marked as"
            f" unfinished: {_compared(wrong[:3], held)}.",
            where=engine.endpoint,
            mend="push again with --full; where it stays, the engine merges values it holds equal",
        )


def _compared(parts: Iterable[Part], held: dict[str, int]) -> str:
    return "; ".join(
        f"<{part.graph}> holds {held.get(part.graph, 0):,} triples of {part.quads:,}"
        for part in parts
    )


def _expect_alone(engine: RemoteEngine, mine: str) -> None:
    if (found := pushed.read(engine)) is None or found.by != mine:
        raise CheckFailed(
            "Another push to the same engine began meanwhile.",
            where=engine.endpoint,
            mend="let one of them end, then push again",
        )
