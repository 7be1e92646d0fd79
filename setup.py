"""Find the packages, so that a new one is never forgotten; the rest is in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages, setup

WORKSPACE = ("ontology", "data", "shapes", "queries")

setup(
    packages=[
        *find_packages("src"),
        "partnering.webui",
        *(f"partnering.webui.{name}" for name in find_packages("webui")),
        *(f"partnering.shipped.{name}" for name in WORKSPACE if Path(name).is_dir()),
    ]
)
