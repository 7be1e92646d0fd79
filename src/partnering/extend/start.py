"""A workspace of one's own on top of the shipped one."""

from __future__ import annotations

from pathlib import Path

from partnering.errors import WrongUse
from partnering.workspace import SETTINGS, Workspace, locate

FOLDERS = ("ontology/vocab", "data/cases", "data/sources", "data/success-rules",
           "queries/questions", "queries/rules/judge")  # fmt: skip

_SETTINGS = """# A workspace on top of another: its files come first, the other's fill in the rest.
base: shipped      # the shipped ontology, shapes, questions and rules
cases: {cases}       # {meaning}
"""
_README = """# {name}

A workspace of the partnering knowledge graph. What you add here stands beside what is shipped; a
file with the path of a shipped one stands in for it.

- `ontology/vocab/` your terms, `data/cases/` your cases, `data/sources/` what they rest on
- `queries/questions/` your questions, `data/success-rules/` and `queries/rules/judge/` your rules
- `partnering new --help` starts a file, `partnering validate` says what is missing in it
- `partnering build` checks and publishes, `partnering serve` shows it all in a browser
- copies of sources stay in `attached/`, which is not committed
"""
_IGNORED = "attached/\n.partnering/\n"


def start(folder: Path, *, cases: bool) -> Workspace:
    """Make the folder a workspace; ``WrongUse`` where there is one, or something else."""
    if (folder / SETTINGS).exists() or (folder / "ontology" / "partnering.ttl").exists():
        raise WrongUse("There is a workspace here already.", where=str(folder),
                       mend="choose another folder")  # fmt: skip
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse("The folder is not empty.", where=str(folder),
                       mend="name a new or an empty one")  # fmt: skip
    for one in FOLDERS:
        (folder / one).mkdir(parents=True)
    meaning = "the shipped cases too" if cases else "none of the shipped cases and sources"
    settings = _SETTINGS.format(cases=str(cases).lower(), meaning=meaning)
    for name, text in (
        (SETTINGS, settings),
        ("README.md", _README.format(name=folder.resolve().name)),
        (".gitignore", _IGNORED),
    ):
        (folder / name).write_text(text, "utf-8")
    return locate(folder)
