"""Extending a workspace by hand: scaffolds, a scheme as a spreadsheet, terms renamed for good.

Every change is worked out on the files' text, so that what is not meant stays byte for byte,
and is written whole or not at all.
"""
