"""What the ontology, the shapes and the rules are made of, each thing with its use.

Read from the index in force and from the files beside it; nothing here is written by hand, so
that the reference never says anything but what is so.
"""

from partnering.reference.entries import Example, Link, Reference, Term
from partnering.reference.rules import Constraint, Part, RuleEntry

__all__ = ["Constraint", "Example", "Link", "Part", "Reference", "RuleEntry", "Term"]
