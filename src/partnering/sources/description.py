"""Write a source's description: the document, its sections and paragraphs, without any text.

The same text and outline give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from partnering.namespaces import DATA, PREFIXES
from partnering.sources.outline import Document, Outline, Placed, Section
from partnering.sources.rendition import NORMALISATION, Rendition, paragraphs


def describe(rendition: Rendition, outline: Outline) -> str:
    """The description of a source as Turtle."""
    document = outline.document
    found = paragraphs(rendition)
    sections = outline.sections(found)
    groups = [
        _head(document),
        _document(document, rendition),
        *(_section(section, document.prefix) for section in sections),
        *_paragraphs(outline.place(found), document.prefix),
    ]
    return "\n\n".join(groups) + "\n"


def _head(document: Document) -> str:
    names = {name: PREFIXES[name] for name in ("ptn", "rdfs", "dcterms", "foaf")}
    names[document.prefix] = f"{DATA}{document.slug}/"
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in names.items()]
    return "\n".join(
        [
            "# Written by 'partnering source import' from the text and outline.yaml, not by hand.",
            *lines,
        ]
    )


def _document(document: Document, rendition: Rendition) -> str:
    p = document.prefix
    language = f"@{document.language}" if document.language else ""
    agents = [(f"{p}:author-{number}", name) for number, name in enumerate(document.creators, 1)]
    report: list[str] = [
        "a ptn:SourceDocument",
        f"rdfs:label {_text(document.title)}{language}",
        f"dcterms:title {_text(document.title)}{language}",
    ]
    if document.subtitle:
        report.append(f"dcterms:alternative {_text(document.subtitle)}{language}")
    if agents:
        report.append("dcterms:creator " + ", ".join(name for name, _ in agents))
    if document.publisher:
        report.append(f"dcterms:publisher {p}:publisher")
        agents.append((f"{p}:publisher", document.publisher))
    if about := _about(document):
        report.append(f"dcterms:description {_text(about)}{language}")
    report += [f"ptn:narratedBy {p}:authors", f"ptn:hasRendition {p}:rendition"]
    blocks = [
        _block(f"{p}:report", report),
        _block(f"{p}:authors", ["a ptn:ReportAuthors", 'rdfs:label "the authors of the report"']),
        *(
            _block(
                name, ["a foaf:Agent", f"foaf:name {_text(words)}", f"rdfs:label {_text(words)}"]
            )
            for name, words in agents
        ),
        _block(
            f"{p}:rendition",
            [
                "a ptn:TextRendition",
                'rdfs:label "the text that was coded"',
                f'ptn:renditionDigest "{rendition.digest}"',
                f"ptn:renditionLength {len(rendition.text)}",
                f"ptn:normalisation {_text(NORMALISATION)}",
            ],
        ),
    ]
    return "\n\n".join(blocks)


def _about(document: Document) -> str:
    funded = f"Funded by {document.funder}." if document.funder else None
    edition = f"{document.edition}." if document.edition else None
    return " ".join(part for part in (edition, funded, document.note) if part)


def _section(section: Section, p: str) -> str:
    parent = section.parent
    statements = [
        "a ptn:SourceSection",
        f"rdfs:label {_text(section.label)}",
        f"ptn:sectionPath {_text(section.id)}",
        *([f"ptn:partOfSection {p}:{Section.name_of(parent)}"] if parent else []),
        f"ptn:inDocument {p}:report",
        f"ptn:orderInDocument {section.order}",
    ]
    return _block(f"{p}:{section.local_name}", statements)


def _paragraphs(placed: Sequence[Placed], p: str) -> list[str]:
    groups = []
    for path, members in groupby(placed, key=lambda one: one.section.id):
        blocks = [f"# {path}"]
        for one in members:
            paragraph = one.paragraph
            blocks.append(
                f"{p}:p{paragraph.number} a ptn:SourceParagraph ; rdfs:label {_text(one.label)} ;\n"
                f"    ptn:inSection {p}:{one.section.local_name} ; ptn:inDocument {p}:report ;\n"
                f"    ptn:paragraphNumber {paragraph.number} ; ptn:paragraphIndex {one.index} ; "
                f"ptn:paragraphKind {_text(one.kind)} ;\n"
                f"    ptn:documentOffset {paragraph.start} ; ptn:textLength {paragraph.length} ;\n"
                f'    ptn:textDigest "{paragraph.digest}" .'
            )
        groups.append("\n".join(blocks))
    return groups


def _block(subject: str, statements: Sequence[str]) -> str:
    return f"{subject} " + " ;\n    ".join(statements) + " ."


def _text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
