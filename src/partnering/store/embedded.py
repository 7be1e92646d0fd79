"""The engine in this process: an in-memory pyoxigraph store.

For queries we wrote ourselves (saved questions, rules, the command line). pyoxigraph
has no deadline, no memory limit and no way to forbid ``SERVICE``, so a stranger's
query belongs in :mod:`partnering.store.readers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from partnering.errors import Missing, ReadError
from partnering.store import index
from partnering.store.base import Reply
from partnering.store.evaluate import evaluate


class EmbeddedEngine:
    """An :class:`~partnering.store.base.Engine` over a pyoxigraph ``Store``."""

    takes_many = True

    def __init__(self, store: ox.Store, *, prefixes: Mapping[str, str] | None = None) -> None:
        self.store = store
        self._prefixes = dict(prefixes or {})

    @classmethod
    def load(cls, path: Path, *, prefixes: Mapping[str, str] | None = None) -> EmbeddedEngine:
        """Load an index (see :mod:`partnering.store.index`) into a fresh store."""
        try:
            store = index.load(path)
        except FileNotFoundError as error:
            raise Missing("The index is not there.", where=str(path), mend="build it") from error
        except SyntaxError as error:
            raise ReadError(f"The index does not parse: {error}", where=str(path)) from error
        return cls(store, prefixes=prefixes)

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""
        return tuple(
            sorted(g.value for g in self.store.named_graphs() if isinstance(g, ox.NamedNode))
        )

    def execute(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        """Answer a trusted query; see :class:`~partnering.store.base.Engine`."""
        kind, chosen, body = evaluate(
            self.store,
            query,
            media_type=media_type,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            prefixes=self._prefixes,
        )
        return Reply(kind, chosen, body)

    def close(self) -> None:
        """Nothing to let go of but memory, and that goes with the object."""
