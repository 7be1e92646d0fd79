"""Sources: their text as numbered paragraphs, anchors into it, and what of it is coded."""

from partnering.sources.anchors import Anchor, NotLocated, locate, locate_all
from partnering.sources.attach import Source
from partnering.sources.coverage import Coverage, CoverageReport, Covered, Tally, coverage_of
from partnering.sources.description import describe
from partnering.sources.drafts import Problem, Resolution, Unresolved, resolve_file, resolve_text
from partnering.sources.files import data_graphs
from partnering.sources.outline import Document, Outline, Placed, Section
from partnering.sources.rendition import Paragraph, Rendition, digest_of, paragraphs
from partnering.sources.verification import Checked, Status, Verification, verify

__all__ = [
    "Anchor",
    "Checked",
    "Coverage",
    "CoverageReport",
    "Covered",
    "Document",
    "NotLocated",
    "Outline",
    "Paragraph",
    "Placed",
    "Problem",
    "Rendition",
    "Resolution",
    "Section",
    "Source",
    "Status",
    "Tally",
    "Unresolved",
    "Verification",
    "coverage_of",
    "data_graphs",
    "describe",
    "digest_of",
    "locate",
    "locate_all",
    "paragraphs",
    "resolve_file",
    "resolve_text",
    "verify",
]
