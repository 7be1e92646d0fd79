"""A workspace of one's own on top of the shipped one, and inherited files taken over into it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from partnering.errors import NotFound, WrongUse
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


def take_over(workspace: Workspace, relative: str) -> str:
    """Copy an inherited file into the workspace, byte by byte; returns its path there.

    ``WrongUse`` where the workspace has it already, ``NotFound`` where nothing is inherited.
    """
    said = Path(relative)
    within = not said.is_absolute() and ".." not in said.parts
    relative = said.as_posix()
    target = workspace.root / relative
    if within and target.exists():
        raise WrongUse("This file is the workspace's own already.", where=relative,
                       mend="edit it")  # fmt: skip
    for layer in workspace.layers[1:]:
        if within and (layer.root / relative).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((layer.root / relative).read_bytes())
            return relative
    there = [file.relative for file in workspace.graph_files]
    near = get_close_matches(relative, there, n=2)
    raise NotFound("No such file is inherited.", where=relative,
                   mend=f"did you mean {' or '.join(near)}?" if near else
                   "name it from the top of a workspace, as in data/cases/case-a.ttl")  # fmt: skip
