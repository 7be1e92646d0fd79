"""A knowledge graph of evidence about how organisations work together.

``import partnering; kg = partnering.open()`` opens the shipped workspace; ``kg.select`` runs
a query, ``kg.ask_question`` a saved question, ``answer.why(0)`` tells why its first row is there.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partnering.answering.answer import Answer as Answer
    from partnering.answering.explain import Why as Why
    from partnering.knowledge import KnowledgeGraph as KnowledgeGraph
    from partnering.knowledge import open as open
    from partnering.store.base import Table as Table

__all__ = ["Answer", "KnowledgeGraph", "Table", "Why", "open"]

_HOMES = {
    "Answer": "partnering.answering.answer",
    "KnowledgeGraph": "partnering.knowledge",
    "Table": "partnering.store.base",
    "Why": "partnering.answering.explain",
    "open": "partnering.knowledge",
}


def __getattr__(name: str) -> Any:
    # Looked up when used: a command that needs no engine should not wait for one to import.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'partnering' has no attribute {name!r}")
