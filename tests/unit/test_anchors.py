"""Words become anchors, drafts are resolved in place, and every anchor is verified."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph

from partnering.cli.source import source
from partnering.namespaces import PTN
from partnering.sources import (
    Anchor,
    NotLocated,
    Outline,
    Paragraph,
    Rendition,
    Status,
    Unresolved,
    Verification,
    data_graphs,
    describe,
    locate,
    locate_all,
    paragraphs,
    resolve_file,
    resolve_text,
    verify,
)
from partnering.workspace import Workspace

TEXT = """The mill stood idle. Nobody minded the mill.
‘It’s a good wheel,’ said the miller’s  boy — and “loud”.
Trust grew slowly; the mill stood idle no more.
"""
RENDITION = Rendition.from_text(TEXT)
FOUND = paragraphs(RENDITION)
BASE = "https://w3id.org/partnering/data/two-mills/"
HEAD = f"""@prefix ptn: <{PTN}> .
@prefix tm: <{BASE}> .
@prefix ex: <https://mills.example/> .
"""


def resolved(draft: str) -> str:
    return resolve_text(HEAD + draft, FOUND, BASE, where="draft.ttl").text.removeprefix(HEAD)


def problems(draft: str) -> list[str]:
    with pytest.raises(Unresolved) as raised:
        resolved(draft)
    return [f"{problem.where}: {problem.message}" for problem in raised.value.problems]


@pytest.mark.parametrize("name", ["p3.0-5", "tm:p3.0-5", f"{BASE}p3.0-5"])
def test_an_anchor_s_name_says_paragraph_start_and_end(name: str) -> None:
    anchor = Anchor.parse(name)
    assert anchor == Anchor(3, 0, 5)
    assert anchor.passage(FOUND) == "Trust"
    assert anchor.digest(FOUND) == sha256(b"Trust").hexdigest()


@pytest.mark.parametrize(
    "name", ["p3", "p0.0-5", "p3.5-5", "p3.5-2", "p03.0-5", "p3.00-5", "q3.0-5"]
)
def test_what_is_no_anchor_is_not_read_as_one(name: str) -> None:
    assert Anchor.parse(name) is None


@pytest.mark.parametrize("anchor", [Anchor(3, 0, 99), Anchor(4, 0, 1)])
def test_a_span_outside_the_text_has_no_passage(anchor: Anchor) -> None:
    assert anchor.passage(FOUND) is None


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("Nobody minded", Anchor(1, 21, 34)),
        ("'It's a good wheel,'", Anchor(2, 0, 20)),
        ("miller's boy", Anchor(2, 30, 43)),
        ('"loud"', Anchor(2, 50, 56)),
        ("  Trust\n grew ", Anchor(3, 0, 10)),
        ("p3: the mill stood idle", Anchor(3, 19, 38)),
        ("a good wheel … loud", Anchor(2, 6, 55)),
        ("p1: Nobody … the mill", Anchor(1, 21, 43)),
    ],
)
def test_words_are_located_in_the_one_place_where_they_stand(quote: str, place: Anchor) -> None:
    assert locate(quote, FOUND) == place


def test_words_that_stand_twice_name_both_places() -> None:
    with pytest.raises(NotLocated, match="stands in 2 places") as raised:
        locate("mill stood idle", FOUND)
    assert [candidate[:2] for candidate in raised.value.candidates] == ["p1", "p3"]


def test_places_that_overlap_are_two() -> None:
    [text] = paragraphs(Rendition.from_text("on and on and on"))
    assert locate_all("on and on", [text]) == [Anchor(1, 0, 9), Anchor(1, 7, 16)]


def test_words_that_are_not_there_name_the_nearest() -> None:
    with pytest.raises(NotLocated, match="word for word") as raised:
        locate("Trust grew quickly", FOUND)
    assert raised.value.candidates[0] == "p3: Trust grew slowly;"


def test_a_span_whose_last_words_are_not_there_says_so() -> None:
    with pytest.raises(NotLocated, match="'grew quickly'") as raised:
        locate("Trust … grew quickly", FOUND)
    assert raised.value.candidates[0] == "p3: grew slowly;"


@pytest.mark.parametrize(
    "quote", ["trust grew", "rust grew", "p2: Trust grew", "Trust … loud", "loud … wheel", " "]
)
def test_case_parts_of_words_and_other_paragraphs_do_not_match(quote: str) -> None:
    assert locate_all(quote, FOUND) == []


def test_each_form_of_literal_is_replaced_and_the_rest_stays() -> None:
    draft = (
        "ex:a ptn:hasAnchor 'Trust grew', '''Nobody\n minded''' ; # \"Trust\" stays\r\n"
        '   ptn:summary "ptn:hasAnchor \\"Trust\\" ", "the mill" ;\n'
        '   ex:b.c [ ptn:hasAnchor """\\"loud\\"""" ; ptn:summary "Trust"@en ] .\n'
        '<#x>  ptn:hasAnchor  tm:p3.0-5,"a \\u0067ood wheel".\n'
    )
    assert resolved(draft).partition("# ----")[0] == (
        'ex:a ptn:hasAnchor tm:p3.0-10, tm:p1.21-34 ; # "Trust" stays\r\n'
        '   ptn:summary "ptn:hasAnchor \\"Trust\\" ", "the mill" ;\n'
        '   ex:b.c [ ptn:hasAnchor tm:p2.50-56 ; ptn:summary "Trust"@en ] .\n'
        "<#x>  ptn:hasAnchor  tm:p3.0-5,tm:p2.6-18.\n"
        "\r\n"
    )


def test_the_tail_describes_each_anchor_once_in_order() -> None:
    text = resolved('ex:a ptn:hasAnchor "Trust", "Nobody" .\nex:b ptn:hasAnchor "Trust" .\n')
    graph = Graph().parse(data=HEAD + text, format="turtle")
    rows = sorted(
        (str(node).removeprefix(BASE), str(graph.value(node, PTN.passageDigest)))
        for node in graph.subjects(PTN.anchoredIn)
    )
    assert rows == [
        ("p1.21-27", sha256(b"Nobody").hexdigest()),
        ("p3.0-5", sha256(b"Trust").hexdigest()),
    ]
    assert text.index("tm:p1.21-27 a") < text.index("tm:p3.0-5 a")
    assert len(graph) == 3 + 2 * 5


def test_resolving_twice_changes_nothing() -> None:
    once = resolve_text(HEAD + 'ex:a ptn:hasAnchor "Trust".', FOUND, BASE, where="d")
    twice = resolve_text(once.text, FOUND, BASE, where="d")
    assert once.changed
    assert (twice.changed, twice.text, twice.anchors) == (False, once.text, (Anchor(3, 0, 5),))


def test_an_anchor_no_longer_used_leaves_the_tail() -> None:
    text = resolved('ex:a ptn:hasAnchor "Trust", "Nobody" .\n')
    assert "p1.21-27" not in resolved(text.replace(", tm:p1.21-27", ""))


def test_a_file_without_anchors_gets_no_tail() -> None:
    assert resolved('ex:a ptn:summary "Trust" .\n') == 'ex:a ptn:summary "Trust" .\n'


def test_all_that_is_wrong_is_listed_at_once_by_line() -> None:
    assert problems(
        'ex:a ptn:hasAnchor "Trust" .\nex:a ptn:hasAnchor "Thrust",\n "the mill" .\n'
        'ex:b ptn:hasAnchor "Nobody"@en, tm:p9.0-4 .\n'
    ) == [
        "draft.ttl:7: tm:p9.0-4 lies outside the text: it has 3 paragraphs",
        "draft.ttl:5: is not in the source, word for word: 'Thrust'",
        "draft.ttl:6: stands in 2 places: 'the mill'",
        "draft.ttl:7: '@en' follows the quoted words",
    ]


def test_an_anchor_is_never_moved_to_other_words() -> None:
    text = resolved('ex:a ptn:hasAnchor "Trust" .\n')
    changed = paragraphs(Rendition.from_text(TEXT.replace("Trust", "Faith")))
    with pytest.raises(Unresolved, match=r"d:4: tm:p3\.0-5 no longer has the words"):
        resolve_text(HEAD + text, changed, BASE, where="d")


def test_what_a_hand_wrote_below_the_marker_is_not_lost() -> None:
    text = resolved('ex:a ptn:hasAnchor "Trust" .\n')
    assert problems(text + 'ex:c ptn:summary "mine" .\n') == [
        "draft.ttl:10: hand-written below the line of the anchors"
    ]


def test_a_prefix_that_is_needed_and_not_declared_is_named() -> None:
    with pytest.raises(Unresolved, match=f"no prefix is declared for <{BASE}>"):
        resolve_text(f'<#a> <{PTN}hasAnchor> "Trust" .', FOUND, BASE, where="d")


def test_a_literal_that_is_not_closed_is_named() -> None:
    assert problems('ex:a ptn:hasAnchor "Trust\n grew" .\n')[0] == (
        "draft.ttl:4: a literal is not closed"
    )


def test_a_file_is_left_alone_when_anything_fails_or_when_only_checked(tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.ttl", tmp_path / "right.ttl"
    wrong.write_text(HEAD + 'ex:a ptn:hasAnchor "Trust", "Thrust" .\n', encoding="utf-8")
    right.write_text(HEAD + 'ex:a ptn:hasAnchor "Trust" .\n', encoding="utf-8")
    before = {path: path.read_bytes() for path in (wrong, right)}
    with pytest.raises(Unresolved):
        resolve_file(wrong, FOUND, BASE)
    assert resolve_file(right, FOUND, BASE, check=True).changed
    assert {path: path.read_bytes() for path in sorted(tmp_path.iterdir(), reverse=True)} == before
    resolve_file(right, FOUND, BASE)
    assert b"tm:p3.0-5 a ptn:EvidenceAnchor" in right.read_bytes()


def verified(text: str, quotes: Sequence[str] = ("Trust", "Nobody minded")) -> Verification:
    """Anchors made on TEXT, checked against another text."""
    draft = "ex:a ptn:hasAnchor " + ", ".join(f'"{quote}"' for quote in quotes) + " .\n"
    graph = Graph().parse(data=HEAD + resolved(draft), format="turtle")
    return verify({"draft": graph}, Rendition.from_text(text), BASE)


def statuses(result: Verification) -> dict[str, tuple[Status, str]]:
    return {one.anchor: (one.status, one.detail) for one in result.anchors}


def test_anchors_on_the_same_text_are_exact() -> None:
    result = verified(TEXT)
    assert result.ok
    assert result.by_graph == {"draft": {Status.EXACT: 2}}


def test_words_that_moved_are_told_where_they_are_now() -> None:
    result = verified("A new first line.\n" + TEXT)
    assert statuses(result) == {
        "p1.21-34": (Status.MOVED, "its words are now at p2.21-34"),
        "p3.0-5": (Status.MOVED, "its words are now at p4.0-5"),
    }
    assert not result.ok


def test_other_words_in_the_place_are_a_change_and_none_a_loss() -> None:
    assert statuses(verified(TEXT.replace("minded", "wanted").partition("Trust")[0])) == {
        "p1.21-34": (Status.CHANGED, "other words stand there now"),
        "p3.0-5": (Status.MISSING, "lies outside the text"),
    }


@pytest.mark.parametrize(
    ("data", "status", "detail"),
    [
        ("ex:a ptn:hasAnchor tm:p3.0-5 .", Status.MISSING, "used, but not described"),
        ('ex:a ptn:hasAnchor "Trust" .', Status.MISSING, "words instead of an anchor"),
        ("ex:a ptn:hasAnchor tm:somewhere .", Status.MISSING, "its name is not that of an anchor"),
        (
            "tm:p3.0-5 ptn:anchoredIn tm:p2 ; ptn:startOffset 0 ; ptn:endOffset 5 ; "
            f'ptn:passageDigest "{sha256(b"Trust").hexdigest()}" .',
            Status.CHANGED,
            "its description differs from its name",
        ),
    ],
)
def test_an_anchor_that_is_ill_described_is_not_exact(
    data: str, status: Status, detail: str
) -> None:
    graph = Graph().parse(data=HEAD + data, format="turtle")
    [one] = verify({"g": graph}, RENDITION, BASE).anchors
    assert one.status is status
    assert one.detail.startswith(detail)


def test_a_described_paragraph_that_differs_is_a_finding_though_all_anchors_hold() -> None:
    description = Graph().parse(
        data=describe(RENDITION, Outline.from_text(OUTLINE)), format="turtle"
    )
    draft = Graph().parse(data=HEAD + resolved('ex:a ptn:hasAnchor "Trust" .\n'), format="turtle")
    other = Rendition.from_text(TEXT.replace("loud", "shrill"))
    result = verify({"draft": draft, "source": description}, other, BASE)
    assert result.not_exact == ()
    assert (result.paragraphs_seen, result.paragraphs_changed) == (3, (2,))
    assert not result.same_text
    assert not result.ok


def test_seeing_no_anchor_is_not_a_success() -> None:
    assert not verify({"g": Graph()}, RENDITION, BASE).ok


OUTLINE = """
document: {slug: two-mills, prefix: tm, title: Two Mills}
sections: [{id: all, title: All, starts: 1}]
"""


@pytest.fixture
def mills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a described source and one draft, and the text beside it."""
    monkeypatch.delenv("PARTNERING_SOURCE", raising=False)
    folder = tmp_path / "w" / "data" / "sources" / "two-mills"
    folder.mkdir(parents=True)
    (tmp_path / "w" / "partnering.yaml").write_text("base: shipped\ncases: false\n")
    (folder / "outline.yaml").write_text(OUTLINE, encoding="utf-8")
    (tmp_path / "mills.txt").write_text(TEXT, encoding="utf-8")
    case = tmp_path / "w" / "data" / "cases" / "case.ttl"
    case.parent.mkdir()
    case.write_text(HEAD + 'ex:a ptn:hasAnchor "Trust" .\n', encoding="utf-8")
    assert run(tmp_path, "import", str(tmp_path / "mills.txt")).exit_code == 0
    return tmp_path


def run(mills: Path, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(source, [command, "--workspace", str(mills / "w"), *arguments])


def test_from_attaching_to_verifying_on_the_command_line(mills: Path) -> None:
    case = str(mills / "w" / "data" / "cases" / "case.ttl")
    assert run(mills, "attach", str(mills / "mills.txt")).exit_code == 0
    assert run(mills, "anchor", "--check", case).exit_code == 1
    assert "1 quotations resolved, 1 anchors, written" in run(mills, "anchor", case).output
    assert run(mills, "anchor", "--check", case).exit_code == 0
    assert run(mills, "find", "Trust grew").output.startswith("tm:p3.0-10  <https://")
    assert run(mills, "show", "tm:p3.0-5").output == "Trust\n"
    assert run(mills, "show", "p3").output.startswith("Trust grew slowly")
    done = run(mills, "verify")
    assert done.exit_code == 0
    assert ["data/cases/case.ttl", "1", "0", "0", "0"] in [
        line.split() for line in done.output.splitlines()
    ]
    assert "3 paragraphs compared, 0 differ" in done.output


def test_verifying_another_text_is_a_finding(mills: Path) -> None:
    run(
        mills,
        "anchor",
        "--text",
        str(mills / "mills.txt"),
        str(mills / "w" / "data" / "cases" / "case.ttl"),
    )
    other = mills / "other.txt"
    other.write_text("New.\n" + TEXT, encoding="utf-8")
    done = run(mills, "verify", str(other))
    assert done.exit_code == 1
    assert "not the text that was coded" in done.output
    assert "data/cases/case.ttl: p3.0-5: moved: its words are now at p4.0-5" in done.output
    assert "not the text that was coded" in str(run(mills, "attach", str(other)).exception)
    assert not (mills / "w" / "attached").exists()


def test_without_a_copy_nothing_is_verified_and_that_is_said(mills: Path) -> None:
    done = run(mills, "verify")
    assert getattr(done.exception, "exit_code", None) == 3
    assert "nothing was verified" in str(done.exception)


def test_importing_again_writes_the_same_bytes(mills: Path) -> None:
    assert "unchanged; 1 sections, 3 paragraphs" in run(
        mills, "import", str(mills / "mills.txt")
    ).output  # fmt: skip


@pytest.fixture(scope="module")
def report_paragraphs(report_path: Path) -> list[Paragraph]:
    return paragraphs(Rendition.from_file(report_path))


def test_in_the_report_headings_that_recur_need_a_paragraph(
    report_paragraphs: list[Paragraph],
) -> None:
    assert {place.paragraph for place in locate_all("The partnering response", report_paragraphs)} \
        == {143, 161, 224}  # fmt: skip
    assert locate("p161: The partnering response", report_paragraphs) == Anchor(161, 0, 23)


def test_every_anchor_of_the_shipped_data_is_exact(repository: Path, report_path: Path) -> None:
    base = "https://w3id.org/partnering/data/partnering-for-improvement/"
    result = verify(data_graphs(Workspace(repository)), Rendition.from_file(report_path), base)
    assert result.paragraphs_seen == 354
    assert result.anchors, "no anchor was seen"
    assert result.not_exact == ()
    assert result.same_text
