"""Find the packages, so that a new one is never forgotten, and build the site's assets.

The rest is in pyproject.toml.
"""

import runpy
import sys
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

WORKSPACE = ("ontology", "data", "shapes", "queries")


class BuildWithAssets(build_py):
    """Builds what the site takes from npm first; without it the build goes on."""

    def run(self) -> None:
        assets = runpy.run_path("webui/assets.py")
        assets["build_or_warn"](echo=lambda text: print(text, file=sys.stderr))
        super().run()


setup(
    cmdclass={"build_py": BuildWithAssets},
    packages=[
        *find_packages("src"),
        "partnering.webui",
        *(f"partnering.webui.{name}" for name in find_packages("webui")),
        *(f"partnering.shipped.{name}" for name in WORKSPACE if Path(name).is_dir()),
    ],
)
