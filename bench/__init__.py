"""Benchmarks: our engine beside others on synthetic cases, as ratios measured in one run.

``python -m bench`` runs all of them; nothing here is part of the installed package.
"""
