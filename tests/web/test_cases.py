"""Cases: narrowed by facets whose counts are true, and told as stories that hide nothing."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

from partnering.service import Service


def cards(page: str) -> list[str]:
    return re.findall(r'<li class="case-card">\s*<h3><a href="/cases/([^"]+)"', page)


def test_a_facet_says_how_many_cases_it_leaves(client: FlaskClient) -> None:
    page = html.unescape(client.get("/cases?scale=structural").text)
    offers = re.findall(r'<a href="(/cases\?[^"]+)"[^>]*>[^<]+</a> <span class="count">(\d+)', page)
    assert len(offers) > 8
    for address, count in offers:
        assert len(cards(client.get(address).text)) == int(count), address


def test_every_case_is_there_unasked(client: FlaskClient, service: Service) -> None:
    known = {choice.name for choice in service.knowledge.vocabulary.choices("case")}
    assert set(cards(client.get("/cases").text)) == known


def test_choices_that_no_case_meets_say_so(client: FlaskClient) -> None:
    page = client.get("/cases?nature=mandated&form=shared-care-pathway")
    assert cards(page.text) == []
    assert "No case is all of that at once" in page.text


def test_a_value_that_no_case_has_is_refused_with_those_that_some_have(client: FlaskClient) -> None:
    page = client.get("/cases?nature=purple")
    assert page.status_code == 400
    assert "mandated, voluntary" in page.text


def test_a_case_page_tells_every_kind_of_outcome(client: FlaskClient, service: Service) -> None:
    for case in ("case-a", "case-c", "case-e"):
        rows = service.ask("what-came-of-it", {"case": case}).rows
        section = panel(client.get(f"/cases/{case}").text, "outcomes")
        for label in {row["realisationLabel"] for row in rows}:
            number = sum(row["realisationLabel"] == label for row in rows)
            told = re.search(
                rf">{label.capitalize()}</a> <span class=\"count\">([\d of]+)", section
            )
            assert told, f"{label} in {case}"
            assert told[1].split()[-1] == str(number)


def test_a_case_page_gives_reasons_for_and_against_each_verdict(
    client: FlaskClient, service: Service
) -> None:
    rows = service.ask("verdicts-and-reasons-in-a-case", {"case": "case-c"}).rows
    section = html.unescape(panel(client.get("/cases/case-c").text, "verdicts"))
    for rule in {row["ruleLabel"] for row in rows}:
        part = section.split(f"“{rule}”</a>")[1].split('<div class="verdict">')[0]
        of_rule = [
            r for r in rows if r["ruleLabel"] == rule and r["arrangement"].endswith("/acquisition")
        ]
        assert of_rule[0]["verdictLabel"] in part
        for side, title in (("for", "For"), ("against", "Against")):
            reasons = [row["reasonLabel"] for row in of_rule if row["side"] == side]
            assert f'{title} <span class="count">{len(reasons)}</span>' in part
            assert not reasons or any(reason in part for reason in reasons)


def panel(page: str, name: str) -> str:
    return page.split(f'aria-labelledby="{name}"')[1].split("</section>")[0]


def test_a_factor_page_sets_what_hurt_beside_what_helped(
    client: FlaskClient, service: Service
) -> None:
    rows = service.ask("factor-across-cases", {"factor": "staff-engagement"}).rows
    page = html.unescape(client.get("/factors/staff-engagement").text)
    sides = dict(re.findall(r'side--polarity-(\w+)">(.*?)</div>', page, re.S))
    assert set(sides) == {"enabling", "hindering"}
    for polarity, side in sides.items():
        told = [row["summary"] for row in rows if row["polarityLabel"] == polarity]
        assert told
        assert all(summary in side for summary in told)


def test_a_side_that_nobody_tells_says_so(client: FlaskClient) -> None:
    assert "Nobody in these cases says that it hurt." in client.get("/factors/trust").text


def test_what_is_under_way_is_on_the_matrix_of_outcomes(
    client: FlaskClient, service: Service
) -> None:
    rows = service.ask("outcomes-matrix").rows
    under_way = sum(row["underWay"] for row in rows)
    assert under_way
    section = panel(client.get("/outcomes").text, "matrix")
    assert sum(int(n) for n in re.findall(r"(\d+) under way", section)) == under_way
