"""``partnering check``: every gate at once, with one summary at the end."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from partnering.cli import options
from partnering.gates import Outcome, Report
from partnering.workspace import Workspace


@click.command()
@options.workspace
@click.option("--changed", is_flag=True, help="Look only at what differs from the last check.")
@click.option("--strict", is_flag=True, help="Exit 3 where a gate could not look.")
@click.option("--all", "every", is_flag=True, help="Print remarks of severity info as well.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print what was found.",
)
def check(workspace: Workspace, changed: bool, strict: bool, every: bool, form: str) -> None:
    """Check everything: files, names, form, tidiness, logic, questions, anchors, coverage.

    Says what is wrong, where, why it matters and how to mend it, and ends with how many things
    each gate saw. Exits 1 on a violation. A gate that has nothing to look with (no Java, no
    copy of the source) says so, and fails only under --strict.
    """
    from partnering import gates

    outcomes = []
    for outcome in gates.run(workspace, changed=changed):
        outcomes.append(outcome)
        click.echo(f"{outcome.gate}: {outcome.asks} {_state(outcome)}", err=True)
    report = Report(tuple(outcomes))
    click.echo(_json(report) if form == "json" else _text(report, every), nl=False)
    if not report.holds:
        raise SystemExit(1)
    if strict and report.blind:
        raise SystemExit(3)


def _text(report: Report, every: bool) -> str:
    shown = [p for p in report.problems if every or p.severity != "info"]
    listed = "".join(f"{problem}\n" for problem in shown)
    rows = [(o.gate, _state(o), _saw(o), f"{o.seconds:.1f} s") for o in report.outcomes]
    table = options.aligned(("gate", "verdict", "saw", "took"), rows)
    counts = {kind: sum(p.severity == kind for p in report.problems)
              for kind in ("violation", "warning", "info")}  # fmt: skip
    said = ", ".join(f"{n} {kind}{'s' if n != 1 and kind != 'info' else ''}"
                     for kind, n in counts.items())  # fmt: skip
    verdict = "Everything holds" if report.holds else "Something does not hold"
    blind = "".join(f"Not looked at: {o.gate}, {o.blind}.\n" for o in report.blind)
    return f"{listed}\n{table}\n{blind}{verdict}: {said}.\n".lstrip("\n")


def _state(outcome: Outcome) -> str:
    violations = len(outcome.checked.violations)
    if violations:
        return f"{violations} violation{'s' if violations > 1 else ''}"
    if outcome.blind:
        return "not looked at"
    return "holds" if outcome.fresh else "holds (unchanged)"


def _saw(outcome: Outcome) -> str:
    counts = outcome.checked.counts.items()
    return ", ".join(f"{count:,} {name}" for name, count in counts) or outcome.blind or "nothing"


def _json(report: Report) -> str:
    return (
        json.dumps(
            {
                "holds": report.holds,
                "gates": [_gate(outcome) for outcome in report.outcomes],
                "problems": [asdict(problem) for problem in report.problems],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _gate(outcome: Outcome) -> dict[str, Any]:
    return {
        "gate": outcome.gate,
        "asks": outcome.asks,
        "holds": outcome.holds,
        "fresh": outcome.fresh,
        "blind": outcome.blind,
        "counts": dict(outcome.checked.counts),
        "seconds": round(outcome.seconds, 3),
        "problems": len(outcome.checked.problems),
    }
