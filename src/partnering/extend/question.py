"""A new saved question: a header and a query that answer at once, to be changed."""

from __future__ import annotations

from pathlib import Path

from partnering.answering.questions import Catalogue, read
from partnering.errors import WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import slug
from partnering.workspace import Workspace

LONGEST = 60
"""Characters of a name made from the words of a question."""

_TEXT = """#+ id: {id}
#+ slug: {slug}
#+ question: {wording}
#+ description: 'TODO: how to read a row, in one or two plain sentences.'
#+ tags: [{tags}]
#+ parameters:
#+   nature: {{title: Nature, kind: "scheme:nature", default: any, any: ""}}
#+ columns:
#+   finding: {{title: Finding, kind: finding, label: summary}}
#+   arrangement: {{title: Arrangement, kind: partnership, label: arrangementLabel}}
#+   case: {{title: Case, kind: case, label: caseLabel}}
#+ view: table
PREFIX concept: <https://w3id.org/partnering/vocab/>
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
# TODO: this asks for what helped. Change the class and the properties to what you ask for; the
# columns above are the variables selected here, in their order, each label after its thing.
# A parameter has a VALUES block, UNDEF for any, and its place {{in braces}} in the question.
SELECT DISTINCT ?finding ?summary ?arrangement ?arrangementLabel ?case ?caseLabel
WHERE {{
  VALUES ?nature {{ UNDEF }}
  ?finding a ptn:EnablerFinding ; ptn:findingAbout ?arrangement ; ptn:summary ?summary .
  ?arrangement rdfs:label ?arrangementLabel ; ptn:inCase ?case .
  ?case rdfs:label ?caseLabel .
  OPTIONAL {{ ?arrangement ptn:hasNature ?itsNature }}
  FILTER (!BOUND(?nature) || ?nature = ?itsNature)
}}
ORDER BY STR(?caseLabel) ?case STR(?arrangementLabel) ?arrangement STR(?summary) ?finding
"""


def add(workspace: Workspace, edits: Edits, wording: str, *, name: str, tags: str) -> str:
    """Write a question's file; returns its path in the workspace.

    The next free id is taken. ``WrongUse`` where another question has the name.
    """
    catalogue = Catalogue(workspace)
    chosen = name or _cut(slug(wording))
    if not chosen:
        raise WrongUse("A question needs words.", mend="write it as it is asked")
    if any(question.slug == chosen for question in catalogue.questions):
        raise WrongUse(f"There is a question {chosen!r}.", mend="choose another with --name")
    said = wording.strip().rstrip("?").replace("{", "(").replace("}", ")")
    sentence = f"{said} {{nature}}?" if "{nature}" not in wording else wording
    text = _TEXT.format(
        id=_next_id(catalogue), slug=chosen, wording=_yaml(_in_nature(sentence)), tags=tags
    )
    relative = f"queries/questions/{chosen}.rq"
    edits.create(relative, text)
    return relative


def _cut(name: str) -> str:
    """Not longer than an address should be, and no word cut in two."""
    return name if len(name) <= LONGEST else name[: LONGEST + 1].rpartition("-")[0]


def _in_nature(sentence: str) -> str:
    return sentence.replace(" {nature}?", ", in {nature} partnerships?")


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _next_id(catalogue: Catalogue) -> str:
    numbers = [int(q.id[1:]) for q in catalogue.questions if q.id[1:].isdecimal()]
    return f"Q{max(numbers, default=0) + 1:03d}"


def holds(path: Path, shown: str) -> None:
    """Read a question's file back; ``ReadError`` where its header and query do not agree."""
    read(path, shown)
