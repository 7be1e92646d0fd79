"""How many queries a page takes."""

from __future__ import annotations

from typing import Any

from partnering.store.base import Engine, Reply


class Counting:
    """An engine that counts what it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.asked: list[str] = []
        self._engine = engine

    def execute(self, query: str, **how: Any) -> Reply:
        self.asked.append(query)
        return self._engine.execute(query, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)
