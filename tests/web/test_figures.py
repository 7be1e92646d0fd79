"""Figures: every place says in words what it shows, leads to its reasons, and stays put."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from partnering.webui import maps
from partnering.webui.showing import panels


def test_every_place_of_the_map_is_a_link_or_says_why_it_is_empty(client: FlaskClient) -> None:
    for address in ("/map", "/map?by=kind"):
        page = client.get(address).text
        places = re.findall(
            r'<td role="cell" data-label="[^"]*" class="(\w+)">(.*?)</td>', page, re.S
        )
        assert len(places) > 40
        assert {state for state, _ in places} == {"covered", "contested", "silent"}
        for state, inside in places:
            if state == "silent":
                assert "silent: " in inside
                assert "<a " not in inside
            else:
                spoken = re.search(r'aria-label="([^"]+)"', inside)
                assert spoken
                assert state in spoken[1]


def test_a_place_leads_to_the_reasons_of_its_own_counts(client: FlaskClient) -> None:
    page = html.unescape(client.get("/map").text)
    found = re.search(r'<a href="([^"]+)" aria-label="Leadership, Case A[^"]*: (\d+) helped', page)
    assert found
    reasons = client.get(found[1]).text
    assert "Why row" in reasons
    assert reasons.count('<p class="place">') >= int(found[2])


def test_cases_side_by_side_are_those_that_were_asked_for(client: FlaskClient) -> None:
    page = client.get("/compare?cases=case-a,case-c").text
    heads = re.findall(r'<th role="columnheader" scope="col"><a href="/cases/([^"]+)"', page)
    assert set(heads) == {"case-a", "case-c"}
    assert heads == client_heads(client, "/compare?cases=case-a&cases=case-c")
    assert "One case has nothing to stand beside" in client.get("/compare?cases=case-a").text
    glance = page.split('id="glance"')[1].split("</section>")[0]
    assert re.findall(r'data-label="[^"]*">([^<]+)<', glance)


def client_heads(client: FlaskClient, address: str) -> list[str]:
    page = client.get(address).text
    return re.findall(r'<th role="columnheader" scope="col"><a href="/cases/([^"]+)"', page)


def test_marks_of_the_timeline_are_the_lines_of_the_list(client: FlaskClient) -> None:
    page = client.get("/cases/case-c").text
    marks = re.findall(r'<a href="#(timeline-\d+)" aria-label="([^"]+)"', page)
    assert len(marks) > 10
    for target, spoken in marks:
        assert f'id="{target}"' in page
        assert spoken.startswith(f"{target.removeprefix('timeline-')}. ")


def test_a_picture_of_neighbours_says_what_its_table_says(client: FlaskClient) -> None:
    for address in ("/around/cases/case-c", "/around/factors/trust"):
        page = html.unescape(client.get(address).text)
        drawn = re.findall(r'aria-label="([^"]+): (\d+ [^"]*)"', page)
        assert drawn
        for _, said in drawn:
            assert re.fullmatch(r"\d+ (helped|hindered)(, \d+ hindered)?", said)
        assert page.count('<tr role="row" id=') >= len(set(drawn))


def test_the_same_answer_gives_the_same_picture(client: FlaskClient) -> None:
    first = client.get("/around/cases/case-b").text
    assert client.get("/around/cases/case-b").text == first


def test_many_cases_are_named_and_not_listed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MOST_ACROSS", 3)
    # Addresses that no other test asks for, since pages are kept.
    assert 'aria-current="true">by kind' in client.get("/map?many=1").text
    too_many = client.get("/map?by=case&many=1")
    assert too_many.status_code == 400
    assert "do not fit beside each other" in too_many.text
    monkeypatch.setitem(client.application.jinja_env.globals, "many", 3)
    form = client.get("/compare?cases=case-e,case-c").text
    assert 'name="cases" value="case-e,case-c"' in form
    assert 'type="checkbox"' not in form
    asked = client.get("/questions/what-helped?case=case-d&page=1").text
    assert re.search(r'<input id="[^"]*-case" name="case" value="case-d"', asked)
    assert '<select id="what-helped' not in asked


def test_a_listing_among_others_stops_and_leads_to_all_of_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "MOST_ROWS", 5)
    page = client.get("/actors?many=1").text
    found = re.search(r"All (\d+)<span.*?</span></a>, of which (\d+) are shown here", page)
    assert found
    assert int(found[1]) > 5
    assert found[2] == "5"
