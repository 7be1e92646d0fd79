"""Colours can be told apart by everybody: WCAG 2.2, 1.4.3 and 1.4.11, in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "webui/assets/site.css").read_text("utf-8")
TEXT = [
    (ink, paper)
    for ink in ("ink", "quiet", "accent", "good", "bad")
    for paper in ("paper", "raised")
] + [("good", "good-tint"), ("bad", "bad-tint"), ("ink", "bad-tint"), ("ink", "mark"),
     ("accent-ink", "accent"), ("paper", "ink")]  # fmt: skip
LINES = [("line-strong", "paper"), ("focus", "paper"), ("focus", "raised")]


def palette(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.S)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks[:2])
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_read_stands_out(scheme: str) -> None:
    colours = palette(scheme)
    assert len(colours) > 12
    for ink, paper in TEXT:
        found = contrast(colours[ink], colours[paper])
        assert found >= 4.5, f"{ink} on {paper}: {found:.2f}"
    for line, paper in LINES:
        found = contrast(colours[line], colours[paper])
        assert found >= 3, f"{line} on {paper}: {found:.2f}"


def test_no_colour_is_named_below_the_palette() -> None:
    """Printing is black on white; everything else goes by the names at the top."""
    below = CSS.split("*, *::before", 1)[1].split("@media print", 1)[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b", below) == []


def test_contrast_is_reckoned_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
