"""Five cases are no sample: nothing the project says may sound as if they were one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = {
    "templates": ("webui/templates", "*.html"),
    "questions": ("queries/questions", "*.rq"),
    "docs": ("docs", "*.md"),
    "rules of success": ("data/success-rules", "*.ttl"),
}
STATISTICS = re.compile(
    r"\bsignifican(?:t|ce|tly)\b|\bcorrelat\w*|\bprobabilit\w*|\blikelihood\b|\bregression analys\w*"
    r"|\bp-value\w*|\bconfidence interval\w*|\bper ?cent(?:age)?s? of (?:the )?(?:cases|arrangements|"
    r"partnerships)\b|\d\s?% of (?:the )?(?:cases|arrangements|partnerships)\b|\bon average\b"
    r"|\bstatistically\b|\brepresentative sample\b|\bprove[sn]? that\b|\btend(?:s)? to succeed\b",
    re.I,
)


def said(kind: str) -> dict[Path, str]:
    folder, pattern = WRITTEN[kind]
    return {path: path.read_text("utf-8") for path in sorted((ROOT / folder).rglob(pattern))}


@pytest.mark.parametrize("kind", WRITTEN)
def test_no_statistics_language(kind: str) -> None:
    texts = said(kind)
    assert len(texts) > 2
    found = [f"{path.relative_to(ROOT)}: {hit[0]}" for path, text in texts.items()
             for hit in STATISTICS.finditer(text)]  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    "phrase",
    ["a significant effect", "trust correlates with success", "in 60 % of cases",
     "sixty percent of the arrangements", "the probability of success", "on average, mergers fail"],
)  # fmt: skip
def test_the_list_bites(phrase: str) -> None:
    assert STATISTICS.search(phrase)


COUNTS_NO_FINDINGS = {
    "organisations-and-roles": "cases in which somebody played a role",
    "cross-case-findings-by-factor": "cases a general statement names",
    "stakeholder-views-by-factor": "cases a general view names",
}


def test_every_question_that_counts_over_cases_says_that_counts_are_no_statistics() -> None:
    bare = []
    seen = 0
    for path, text in said("questions").items():
        header = "\n".join(line for line in text.splitlines() if line.startswith("#+"))
        if re.search(r"COUNT\(DISTINCT \?case\)", text) and "tags: [prov" not in header:
            seen += 1
            if not re.search(r"no statistics|how often|one account|how many voices", header):
                bare.append(path.stem)
    assert seen > 8
    assert sorted(bare) == sorted(COUNTS_NO_FINDINGS)
