"""The OOPS! catalogue of pitfalls: which are looked for, by which rule, and why others are not.

https://oops.linkeddata.es/catalogue.jsp
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from partnering.checking.hygiene import Rule

PITFALLS = {
    "P01": "polysemous elements",
    "P02": "synonyms as classes",
    "P03": "a relationship 'is'",
    "P04": "unconnected elements",
    "P05": "wrong inverse relationships",
    "P06": "cycles in a hierarchy",
    "P07": "different concepts merged in one class",
    "P08": "missing annotations",
    "P09": "missing domain information",
    "P10": "missing disjointness",
    "P11": "missing domain or range",
    "P12": "equivalent properties not declared",
    "P13": "inverse relationships not declared",
    "P14": "misuse of owl:allValuesFrom",
    "P15": "'some not' in place of 'not some'",
    "P16": "a primitive class in place of a defined one",
    "P17": "a hierarchy too specialised",
    "P18": "domain or range too specialised",
    "P19": "several domains or ranges",
    "P20": "misuse of annotations",
    "P21": "a miscellaneous class",
    "P22": "different naming conventions",
    "P23": "a datatype that exists already",
    "P24": "recursive definitions",
    "P25": "a relationship that is inverse to itself",
    "P26": "an inverse of a symmetric relationship",
    "P27": "wrong equivalent properties",
    "P28": "wrong symmetric relationships",
    "P29": "wrong transitive relationships",
    "P30": "equivalent classes not declared",
    "P31": "wrong equivalent classes",
    "P32": "several classes with the same label",
    "P33": "a property chain of one property",
    "P34": "an untyped class",
    "P35": "an untyped property",
    "P36": "a file extension in a name",
    "P37": "not available on the web",
    "P38": "no declaration of the ontology",
    "P39": "an ambiguous namespace",
    "P40": "another's namespace hijacked",
    "P41": "no licence declared",
}
"""The catalogue's numbers, and its pitfalls in short."""
LEFT = {
    "P09": "only a person who knows the field can tell; the coding report says what was looked for",
    "P16": "only a person can tell; the typology and the kinds of finding are defined classes",
    "P17": "only a person can tell whether a class will ever have members of its own",
    "P18": "only a person can tell; the shapes show what each property is really used on",
    "P23": "no class here stands for a number, date or text; the lint refuses unknown datatypes",
    "P37": "needs the published address: it stands open in fair.md",
}
"""Pitfalls that no rule looks for, and why."""


def looked_for(rules: Iterable[Rule]) -> dict[str, list[str]]:
    """Names of the rules by the pitfall that their headers name."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        line = re.search(r"^#\+ pitfall: OOPS! (.*)$", rule.query, re.M)
        for number in line[1].split(", ") if line else ():
            found.setdefault(number, []).append(rule.name)
    return found


def table(rules: Iterable[Rule]) -> str:
    """A table in Markdown: every pitfall, and the rule that finds it or why none does."""
    held = looked_for(rules)
    rows = [
        f"| {number} | {what} | {', '.join(f'`{name}`' for name in held.get(number, ()))}"
        f"{LEFT.get(number, '')} |\n"
        for number, what in PITFALLS.items()
    ]
    return "| number | pitfall | looked for by, or why not |\n|---|---|---|\n" + "".join(rows)
