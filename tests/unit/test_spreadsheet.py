"""A scheme goes to a spreadsheet and back without loss, and a wrong cell is named."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from partnering.errors import ReadError, WrongUse
from partnering.extend import spreadsheet
from partnering.extend.edits import Edits
from partnering.extend.scheme import scheme
from partnering.extend.statements import statements
from partnering.extend.taking_in import Taken, take_in
from partnering.workspace import Workspace, locate

ROOT = Path(__file__).resolve().parents[2]
FORM = "ontology/vocab/form.ttl"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data/manifest.yaml", tmp_path / "data")
    return tmp_path


def take(root: Path, text: str | bytes, of: str = "form") -> Taken:
    workspace = locate(root)
    path = root / "sheet.csv"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    edits = Edits(workspace)
    taken = take_in(workspace, edits, spreadsheet.read(path), scheme(workspace, of))
    edits.write()
    return taken


def sheet(root: Path, of: str = "form") -> list[list[str]]:
    return list(csv.reader(io.StringIO(spreadsheet.write(scheme(locate(root), of)))))


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def graph(root: Path) -> Graph:
    return Graph().parse(root / FORM, format="turtle")


def test_every_shipped_scheme_comes_back_with_not_a_byte_changed(root: Path) -> None:
    files = sorted((root / "ontology/vocab").glob("*.ttl"))
    assert len(files) >= 30
    before = {file: file.read_bytes() for file in files}
    rows = 0
    for file in files:
        taken = take(root, text_of(sheet(root, file.stem)), file.stem)
        assert (taken.added, taken.changed, taken.left_out) == ((), {}, ())
        rows += taken.unchanged
    assert rows >= 400
    assert {file: file.read_bytes() for file in files} == before


def test_a_scheme_emptied_and_taken_in_again_is_the_same_graph(root: Path) -> None:
    rows, before = sheet(root), graph(root)
    text = (root / FORM).read_text("utf-8")
    head = next(statements(text))
    (root / FORM).write_text(text[: head.end] + "\n", "utf-8")
    taken = take(root, text_of(rows))
    assert len(taken.added) == len(rows) - 1
    assert isomorphic(graph(root), before)


def test_only_what_a_cell_changes_is_changed_in_the_file(root: Path) -> None:
    rows = sheet(root)
    rows[1][rows[0].index("definition")] = "A new | definition, with “marks” and \\."
    before = (root / FORM).read_text("utf-8").splitlines()
    assert take(root, text_of(rows)).changed == {"form-merger": ("skos:definition",)}
    after = (root / FORM).read_text("utf-8").splitlines()
    assert len(before) == len(after)
    assert [a for a, b in zip(after, before, strict=True) if a != b] == [
        '    skos:definition "A new | definition, with “marks” and \\\\."@en-GB ;'
    ]


def test_values_that_fit_no_plain_cell_survive(root: Path) -> None:
    path = root / FORM
    odd = (
        'skos:altLabel "fusion"@fr, "a|b"@en-GB, "=1+1"@en-GB, "\'-x"@en-GB ; '
        'skos:example "two\\nlines"@en-GB ; skos:notation "7" ;\n    ptn:rank 1 ;'
    )
    path.write_text(path.read_text("utf-8").replace("ptn:rank 1 ;", odd, 1), "utf-8")
    before = graph(root)
    rows = sheet(root)
    assert "''-x | =1+1" in text_of(rows)
    assert not take(root, text_of(rows)).changed
    head = next(statements(path.read_text("utf-8")))
    names = path.read_text("utf-8")[: head.end]
    path.write_text(names + "\n", "utf-8")
    take(root, text_of(rows))
    assert isomorphic(graph(root), before)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_sheet_saved_with_another_separator_and_a_mark_is_read(
    root: Path, delimiter: str
) -> None:
    data = b"\xef\xbb\xbf" + text_of(sheet(root), delimiter).encode("utf-8")
    assert take(root, data).unchanged == len(sheet(root)) - 1


def test_no_cell_begins_like_a_formula(root: Path) -> None:
    rows = sheet(root)
    rows[1][rows[0].index("definition")] = "'=HYPERLINK(1) is no formula here"
    take(root, text_of(rows))
    assert '"=HYPERLINK(1) is no formula here"@en-GB' in (root / FORM).read_text("utf-8")
    cells = [cell for row in sheet(root) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


@pytest.mark.parametrize(
    ("title", "value", "said"),
    [
        (
            "under",
            "form-mergr",
            "row 2, column G (under): 'form-mergr' is no concept of the scheme",
        ),
        ("rank", "first", "row 2, column I (rank): 'first' is no whole number from 1"),
        ("rank", "2", "row 3, column I (rank): 2 is the rank of 'form-merger' too"),
        ("label", "", "row 2, column B (label): a concept needs a label"),
        ("label", "buddying", "is the label of 'form-merger' (row 2) too"),
        ("origin", "me", "row 2, column J (origin): 'me' is no origin"),
        ("name", "Merger", "row 2, column A (name): 'Merger' cannot be a concept's name"),
        ("deprecated", "perhaps", "row 2, column K (deprecated): 'perhaps' is neither yes nor no"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(
    root: Path, title: str, value: str, said: str
) -> None:
    rows, before = sheet(root), (root / FORM).read_bytes()
    rows[2][rows[0].index("definition")] = "This change must not be written."
    rows[1][rows[0].index(title)] = value
    with pytest.raises(WrongUse) as refused:
        take(root, text_of(rows))
    assert said in str(refused.value)
    assert "To mend:" in str(refused.value)
    assert (root / FORM).read_bytes() == before


def test_a_circle_of_broader_concepts_is_refused(root: Path) -> None:
    rows = sheet(root)
    under = rows[0].index("under")
    rows[1][under], rows[2][under] = rows[2][0], rows[1][0]
    with pytest.raises(WrongUse, match="stands below itself"):
        take(root, text_of(rows))


def test_a_sheet_in_another_encoding_is_refused_with_its_line(root: Path) -> None:
    with pytest.raises(ReadError, match="CSV UTF-8"):
        take(root, "name,label\nform-x,café\n".encode("latin-1"))


def test_new_rows_in_a_workspace_on_top_go_into_a_file_of_its_own(tmp_path: Path) -> None:
    from partnering.extend.start import start

    workspace: Workspace = start(tmp_path / "own", cases=False)
    rows = [["name", "label", "definition"], ["form-new", "new form", "A form for this test."]]
    assert take(workspace.root, text_of(rows)).added == ("form-new",)
    assert [p.name for p in (workspace.root / "ontology/vocab").iterdir()] == ["own-form.ttl"]
    assert scheme(locate(workspace.root), "form").find("new form")
