"""The project's prefixes, where a query uses one that it does not declare.

SPARQL makes such a query an error, and ``/sparql`` keeps to that, so that a query that runs
here runs everywhere; its message names the line to add. The editor adds the line itself,
in the text, where the writer sees it.
"""

from __future__ import annotations

import re

from partnering.namespaces import PREFIXES

_DECLARED = re.compile(r"\bPREFIX\s+([A-Za-z][\w-]*):", re.I)
_USED = re.compile(r"(?<![\w:?$<\"'/-])([A-Za-z][\w-]*):(?!/)")
_NOT_NAMES = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*")


def missing(query: str) -> list[str]:
    """Prefixes of ours that a query uses and does not declare, in our order."""
    bare = _NOT_NAMES.sub(" ", query)
    declared = set(_DECLARED.findall(bare))
    used = set(_USED.findall(bare))
    return [prefix for prefix in PREFIXES if prefix in used - declared]


def lines(prefixes: list[str]) -> list[str]:
    """Declarations of some of our prefixes."""
    return [f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in prefixes]


def completed(query: str) -> str:
    """The query with what is missing declared on top."""
    return "\n".join([*lines(missing(query)), query])
