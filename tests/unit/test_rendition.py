"""A source's text becomes numbered paragraphs in the sections its outline names."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from rdflib import Graph

from partnering.errors import Missing, SourceError
from partnering.namespaces import PTN
from partnering.sources import Outline, Paragraph, Rendition, describe, paragraphs

INVENTED = """Two Mills, One River

Case 1: Oldmill and Newmill
The millers met – once – at the weir.
- They shared a sluice.

Outcome
‘We ground twice as much,’ she said, and
FOREMAN

\x20
Arrangement\tGain\tCost
Shared\t<p>Water</p> <p>Trust</p>\t<i>Quarrels</i>
Case 2: Highmill
Outcome
Nothing came of it.
"""

OUTLINE = """
document: {slug: two-mills, prefix: tm, title: Two Mills, creators: [A. Miller], funder: The Guild}
kinds: {1: title page}
sections:
  - {id: front, title: Front, starts: 1}
  - {id: case-1, title: Case 1 (two mills), short: Case 1, heading: "Case 1: …"}
  - {id: case-1/outcome, title: Outcome, level: 2, heading: Outcome}
  - {id: case-2, title: Case 2, heading: "Case 2: Highmill"}
  - {id: case-2/outcome, title: Outcome, level: 2, heading: Outcome}
"""


@pytest.fixture
def rendition() -> Rendition:
    return Rendition.from_text(INVENTED)


@pytest.fixture
def found(rendition: Rendition) -> list[Paragraph]:
    return paragraphs(rendition)


def test_the_same_text_has_one_digest_however_it_was_saved() -> None:
    saved = ["caf\u00e9\nb", "cafe\u0301\r\nb", "\ufeffcaf\u00e9\rb"]
    digests = {Rendition.from_bytes(text.encode()).digest for text in saved}
    assert digests == {sha256("caf\u00e9\nb".encode()).hexdigest()}


def test_a_byte_that_is_not_utf_8_is_named_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"mills\.txt:2: byte 0xe9 at 7 \(line 2\) is not UTF-8"):
        Rendition.from_bytes(b"ab\ncaf\x20\xe9", where="mills.txt")


def test_a_file_without_words_is_no_source() -> None:
    with pytest.raises(SourceError, match="holds no text"):
        Rendition.from_bytes(b" \n\n")


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="cannot be read"):
        Rendition.from_file(tmp_path / "none.txt")


def test_paragraphs_are_lines_cells_and_items_without_their_markup(
    found: list[Paragraph],
) -> None:
    table = [(p.text, p.part) for p in found if p.line in (12, 13)]
    assert table == [
        ("Arrangement", "cell"),
        ("Gain", "cell"),
        ("Cost", "cell"),
        ("Shared", "cell"),
        ("Water", "item"),
        ("Trust", "item"),
        ("Quarrels", "cell"),
    ]


def test_words_between_items_and_unclosed_items_are_not_lost() -> None:
    found = paragraphs(
        Rendition.from_text("before <p>one</p> between <p>two</p> after\tx\n<p>open")
    )
    assert [p.text for p in found] == [
        "before ", "one", " between ", "two", " after", "x", "open",
    ]  # fmt: skip


def test_numbers_run_from_one_and_offsets_count_code_points(
    rendition: Rendition, found: list[Paragraph]
) -> None:
    assert [p.number for p in found] == list(range(1, 19))
    assert all(rendition.text[p.start : p.start + p.length] == p.text for p in found)
    assert found[0].digest == sha256(b"Two Mills, One River").hexdigest()


def test_every_character_that_shows_is_in_some_paragraph(
    rendition: Rendition, found: list[Paragraph]
) -> None:
    rest = rendition.text
    for p in reversed(found):
        rest = rest[: p.start] + rest[p.start + p.length :]
    assert "".join(rest.split()) == "<p></p><p></p><i></i>"


def test_an_angle_bracket_that_is_no_markup_belongs_to_the_paragraph() -> None:
    [only] = paragraphs(Rendition.from_text("<http://mills.example/report>"))
    assert only.text == "<http://mills.example/report>"


def test_the_kind_is_told_from_the_form_and_the_outline(found: list[Paragraph]) -> None:
    placed = Outline.from_text(OUTLINE).place(found)
    assert [one.kind for one in placed] == [
        "title page", "heading", "body", "bullet", "heading", "quotation", "speaker label",
        "blank", "table cell", "table cell", "table cell", "table cell", "table item",
        "table item", "table cell", "heading", "heading", "body",
    ]  # fmt: skip


def test_sections_nest_and_headings_that_recur_are_told_apart(found: list[Paragraph]) -> None:
    sections = Outline.from_text(OUTLINE).sections(found)
    assert [(s.id, s.first, s.parent, s.label) for s in sections] == [
        ("front", 1, None, "Front"),
        ("case-1", 2, None, "Case 1 (two mills)"),
        ("case-1/outcome", 5, "case-1", "Case 1, outcome"),
        ("case-2", 16, None, "Case 2"),
        ("case-2/outcome", 17, "case-2", "Case 2, outcome"),
    ]


def test_a_paragraph_is_labelled_by_its_place(found: list[Paragraph]) -> None:
    placed = Outline.from_text(OUTLINE).place(found)
    assert [(one.index, one.label) for one in placed[15:]] == [
        (1, "Case 2, heading"),
        (1, "Case 2, outcome, heading"),
        (2, "Case 2, outcome, paragraph 2"),
    ]


def test_a_later_occurrence_and_a_number_find_the_same_heading(found: list[Paragraph]) -> None:
    head = "document: {slug: m, prefix: m, title: M}\nsections:\n  - {id: a, title: A, starts: 1}\n"
    second = "  - {id: b, title: B, heading: Outcome, occurrence: 2}\n"
    numbered = "  - {id: b, title: B, heading: 17}\n"
    outlines = [Outline.from_text(head + last) for last in (second, numbered)]
    assert [outline.sections(found)[1].first for outline in outlines] == [17, 17]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("heading: Outcome", "heading: Income"), "heading 'Income' is not there"),
        (("  - {id: front, title: Front, starts: 1}\n", ""), "begins at p2: the paragraphs before"),
        (("starts: 1", "starts: 99"), "begins at p99, but must begin after p0"),
        (("starts: 1", "start: 1"), "unknown key start"),
        ((", starts: 1", ""), "needs either 'heading' or 'starts'"),
        (("id: case-2,", "id: case-1,"), "'case-1' is listed twice"),
        (("id: case-2,", "id: Case 2,"), "an id is lower-case words"),
        (("prefix: tm, ", ""), "'document' needs 'prefix'"),
        (("funder:", "sponsor:"), "unexpected keyword argument 'sponsor'"),
        (("{1: title page}", "{99: title page}"), "'kinds' names p99"),
        (("sections:", "sections: {"), "not YAML"),
    ],
)
def test_an_outline_that_does_not_fit_says_where(
    found: list[Paragraph], change: tuple[str, str], message: str
) -> None:
    assert change[0] in OUTLINE
    with pytest.raises(SourceError, match=r"mills\.yaml") as raised:
        Outline.from_text(OUTLINE.replace(*change), where="mills.yaml").place(found)
    assert message in str(raised.value)


def test_the_description_is_turtle_without_a_word_of_the_text(rendition: Rendition) -> None:
    text = describe(rendition, Outline.from_text(OUTLINE))
    graph = Graph().parse(data=text, format="turtle")
    assert len(set(graph.subjects(PTN.textDigest))) == 18
    assert len(set(graph.subjects(PTN.sectionPath))) == 5
    assert {str(o) for o in graph.objects(None, PTN.renditionDigest)} == {rendition.digest}
    assert not any(word in text for word in ("millers", "sluice", "Quarrels"))
    assert text == describe(rendition, Outline.from_text(OUTLINE))


def test_the_shipped_description_is_what_the_report_and_outline_give(
    repository: Path, report_path: Path
) -> None:
    folder = repository / "data" / "sources" / "partnering-for-improvement"
    made = describe(Rendition.from_file(report_path), Outline.read(folder / "outline.yaml"))
    assert made == (folder / "source.ttl").read_text(encoding="utf-8")


def test_in_the_report_every_quotation_but_one_has_its_speaker(
    repository: Path, report_path: Path
) -> None:
    outline = repository / "data" / "sources" / "partnering-for-improvement" / "outline.yaml"
    placed = Outline.read(outline).place(paragraphs(Rendition.from_file(report_path)))
    kinds = [one.kind for one in placed if one.kind != "blank"]
    quoted = [kinds[at + 1] for at, kind in enumerate(kinds) if kind == "quotation"]
    # The one without is quoted from the literature.
    assert (quoted.count("speaker label"), len(quoted)) == (21, 22)
    assert kinds.count("reference") == 25
    assert kinds.count("table item") == 40
