"""Sources: their text as numbered paragraphs, anchors into it, and what of it is coded."""

from partnering.sources.anchors import Anchor, NotLocated, locate, locate_all
from partnering.sources.attach import Source
from partnering.sources.describe import describe
from partnering.sources.drafts import Problem, Resolution, Unresolved, resolve_file, resolve_text
from partnering.sources.outline import Document, Outline, Placed, Section
from partnering.sources.rendition import Paragraph, Rendition, digest_of, paragraphs

__all__ = [
    "Anchor",
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
    "Unresolved",
    "describe",
    "digest_of",
    "locate",
    "locate_all",
    "paragraphs",
    "resolve_file",
    "resolve_text",
]
