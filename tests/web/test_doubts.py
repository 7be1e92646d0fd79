"""A question's page says why something is not in its answer, and what would change it."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

from partnering.doubt.doubts import Doubts
from partnering.service import Service

HEADLINE = "/questions/enablers-in-successful-partnerships"


def test_a_page_tries_nothing_unasked(client: FlaskClient) -> None:
    page = client.get(HEADLINE).text
    assert "Why is something not there?" in page
    assert "change=1#change" in page
    assert "single change" not in page


def test_it_says_what_keeps_a_factor_out_and_when_asked_what_would_admit_it(
    client: FlaskClient,
) -> None:
    def said(address: str) -> str:
        page = html.unescape(client.get(address).text)
        return page.split('id="not-there"')[1].split("</section>")[0]

    first = said(f"{HEADLINE}?missing=factor&what=morale")
    assert "not an enabler finding" in first
    assert "a new factor finding" not in first.lower()
    (further,) = re.findall(r'href="([^"]+)#not-there">What would put it there', first)
    second = said(further)
    assert "not an enabler finding" in second
    assert "concerns factor “morale”" in second
    assert "a new factor finding" in second.lower()


def test_a_name_that_means_nothing_is_told_where_it_was_given(client: FlaskClient) -> None:
    page = client.get(f"{HEADLINE}?missing=factor&what=zzz")
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert 'value="zzz"' in page.text


def test_it_says_what_another_rule_or_a_case_less_would_change(
    client: FlaskClient, service: Service
) -> None:
    page = html.unescape(client.get(f"{HEADLINE}?change=1").text)
    said = page.split('id="change"')[1].split("</section>")[0]
    found = service.doubts.by_rule_and_case(service.ask(HEADLINE.rpartition("/")[2]))
    assert found.effects
    for effect in found.effects:
        lost = len(effect.comparison.lost)
        name = (
            effect.candidate.words.replace("without the rule", "").replace("without ", "").strip()
        )
        assert name in said
        assert not lost or "Gone" in said
    assert f"Of {'eight' if found.tried == 8 else found.tried} single changes" in said


def test_of_one_row_it_tries_what_the_row_rests_on(client: FlaskClient, service: Service) -> None:
    answer = service.ask("what-helped", {"case": "case-b"})
    page = html.unescape(client.get("/questions/what-helped?case=case-b&why=1&change=1").text)
    said = page.split('id="change"')[1].split("</section>")[0]
    assert answer.rows[0]["summary"] in said
    assert re.search(r"Of \w+ single changes to what row 1 rests on \w+ would change", said)


def test_a_doubt_is_worked_out_once(service: Service) -> None:
    doubts = Doubts(service.knowledge)
    answer = service.ask("what-helped", {"case": "case-b"})
    why = answer.why(0)
    assert doubts.of_row(answer, why) is doubts.of_row(answer, why)
