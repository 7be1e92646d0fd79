"""A slate on which one slice after another is laid."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from partnering.pipeline.rules import LITTLE_WORN, Rule, Slate

THINGS, SLICES = 100, 25
CONTEXT = "<http://e/B> <http://e/under> <http://e/A> <http://e/context> .\n"
RULE = """\
# What is of a class is of the one above it, and so is what is beside it.
CONSTRUCT { ?x a ?above } WHERE { ?x a ?class . ?class <http://e/under> ?above }
"""


def quads(name: str, things: int = THINGS) -> str:
    """Things of one kind in a graph of their own."""
    return "".join(
        f"<http://e/{name}/{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/B>"
        f" <http://e/g/{name}> .\n"
        for n in range(things)
    )


def test_a_slate_worn_by_many_slices_is_as_good_as_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "context.nq").write_text(CONTEXT)
    (tmp_path / "rule.rq").write_text(RULE)
    (tmp_path / "beside.nq").write_text(quads("beside", 2))
    context, rules = [tmp_path / "context.nq"], [Rule(tmp_path / "rule.rq")]
    slate, worn = Slate(context), []
    for number in range(SLICES):
        own = tmp_path / f"{number}.nq"
        own.write_text(quads(f"slice-{number}"))
        laid = [tmp_path / "beside.nq", own]
        slate.lay(laid)
        worn.append(slate.worn)
        found = slate.saturate(rules, "http://e/inferred")
        new = Slate(context)
        new.lay(laid)
        assert found == new.saturate(rules, "http://e/inferred")
        assert len(found) == THINGS + 2
        assert slate.said() == new.said()
    assert SLICES * 2 * THINGS > 2 * LITTLE_WORN
    assert 0 < max(worn) <= LITTLE_WORN
    assert any(after < before for before, after in pairwise(worn)), "it was never begun anew"


def test_what_is_kept_stays_through_the_wear(tmp_path: Path) -> None:
    slate = Slate(())
    (tmp_path / "context.nq").write_text(CONTEXT)
    slate.load([tmp_path / "context.nq"])
    slate.keep(())
    (tmp_path / "rule.rq").write_text(RULE)
    for number in range(SLICES):
        own = tmp_path / f"{number}.nq"
        own.write_text(quads(f"slice-{number}"))
        slate.load([own])
        assert len(slate.saturate([Rule(tmp_path / "rule.rq")], "http://e/inferred")) == THINGS
        slate.drop("http://e/inferred")
        assert len(slate.said()) == THINGS
        slate.wipe()
        assert slate.said() == set()
        assert slate.worn <= LITTLE_WORN
