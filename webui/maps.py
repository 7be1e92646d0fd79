"""The evidence map, and cases side by side; the state of both is the address."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from partnering.webui import live, things

from partnering.answering.vocabulary import Choice
from partnering.errors import WrongUse

pages = Blueprint("maps", __name__)
FEWEST, MOST = 2, 5
MOST_ACROSS = 40
"""Cases that the map lays out beside each other."""
WAYS = {"case": "by case", "kind": "by kind of arrangement"}


@pages.get("/map")
def evidence_map() -> str:
    """What was told where: groups of factors and of outcomes, by case or by typology cell."""
    told = len(live.knowledge().vocabulary.choices("case"))
    way = request.args.get("by", "") or ("case" if told <= MOST_ACROSS else "kind")
    if way not in WAYS:
        raise WrongUse(f"by={way!r} is no way to lay out the map.",
                       mend=f"choose from {', '.join(WAYS)}")  # fmt: skip
    if way == "case" and told > MOST_ACROSS:
        raise WrongUse(f"{told:,} cases do not fit beside each other.",
                       mend="lay the map out by kind of arrangement (/map?by=kind), or set"
                       f" {FEWEST} to {MOST} cases side by side (/compare)")  # fmt: skip
    ways = {name: label for name, label in WAYS.items() if name != "case" or told <= MOST_ACROSS}
    return render_template("maps/map.html", way=way, ways=ways)


@pages.get("/compare")
def compare() -> str:
    """Two to five cases side by side; ``cases`` names them, by commas or one at a time."""
    offered = live.knowledge().vocabulary.choices("case")
    chosen = _chosen(offered)
    group = request.args.get("group", "")
    groups = [
        one for one in live.knowledge().vocabulary.choices("scheme:factor") if not one.broader
    ]
    if group and group not in [one.name for one in groups]:
        raise WrongUse(f"There is no group of factors {group!r}.",
                       mend=f"choose from {', '.join(one.name for one in groups)}")  # fmt: skip
    return render_template(
        "maps/compare.html", offered=offered, chosen=chosen, enough=len(chosen) >= FEWEST,
        names=[case.name for case in chosen], groups=groups, group=group,
    )  # fmt: skip


@pages.get("/around/<any(cases, factors):family>/<name>")
def around(family: str, name: str) -> str:
    """One case, or one factor or group of factors, and what is tied to it."""
    subject = things.subject("case" if family == "cases" else "scheme:factor", name)
    return render_template("maps/around.html", subject=subject, family=family)


def _chosen(offered: tuple[Choice, ...]) -> list[Choice]:
    vocabulary = live.knowledge().vocabulary
    asked = [name for given in request.args.getlist("cases") for name in given.split(",") if name]
    named = [vocabulary.resolve("case", name, parameter="cases") for name in asked]
    wanted = list(dict.fromkeys(named)) or list(offered[:FEWEST])
    if len(wanted) > MOST:
        raise WrongUse(f"{len(wanted)} cases are too many to stand side by side.",
                       mend=f"choose {FEWEST} to {MOST}")  # fmt: skip
    return wanted
