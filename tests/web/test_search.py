"""The search page: by words, by links alone, with its state in the address."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient
from playwright.sync_api import Page


def test_a_misspelt_search_is_mended_in_sight(client: FlaskClient) -> None:
    page = html.unescape(client.get("/search?q=board+stabilty").text)
    assert "Nothing here says “stabilty”" in page
    assert 'href="/factors/board-stability"' in page
    assert "<mark>board</mark>" in page


def test_the_json_is_the_page(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=trust&kind=finding&case=case-c")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json
    assert found is not None
    assert found["total"] == len(found["hits"]) > 0
    assert {(hit["kind"], hit["case"]) for hit in found["hits"]} == {("finding", "case-c")}
    page = client.get("/search?q=trust&kind=finding&case=case-c").text
    for hit in found["hits"]:
        assert f'href="{html.escape(hit["page"])}"' in page
        assert client.get(hit["page"]).status_code == 200


def test_every_hit_of_every_kind_leads_to_a_page(client: FlaskClient) -> None:
    kinds = client.get("/search.json?q=trust").json["kinds"]  # type: ignore[index]
    assert len(kinds) > 6
    for kind in kinds:
        found = client.get(f"/search.json?q=trust&kind={kind['name']}").json
        assert found is not None
        assert found["total"] == kind["count"]
        for hit in found["hits"][:3]:
            assert client.get(hit["page"]).status_code == 200, hit["page"]


def test_without_words_there_are_examples_that_find_something(client: FlaskClient) -> None:
    page = html.unescape(client.get("/search").text)
    examples = re.findall(r'href="(/search\?q=[^"]+)"', page)
    assert len(examples) > 3
    for example in examples:
        assert "<mark>" in client.get(example).text, example


def test_nothing_found_says_where_else_to_look(client: FlaskClient) -> None:
    page = client.get("/search?q=qwxzqwxz").text
    assert "No text here holds any of these words" in page
    assert 'href="/vocabulary"' in page


def test_what_people_type_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "<script>alert(1)</script> trust"}).text
    assert "<script>alert" not in page


def test_the_box_of_any_page_searches_and_links_narrow(page: Page, site: str) -> None:
    page.goto(site + "/about")
    page.get_by_label("Search", exact=True).first.fill("trust")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=trust")
    all_of_them = page.locator(".hits li").count()
    page.get_by_role("link", name="Factors").last.click()
    page.wait_for_url("**kind=factor**")
    assert 0 < page.locator(".hits li").count() < all_of_them
