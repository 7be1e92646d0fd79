"""Pages that are a template and nothing else: ``templates/pages/about.html`` is ``/about``.

A workspace may hold pages of its own in its folder ``pages/``; see ``docs/pages.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from partnering.errors import WrongUse
from partnering.workspace import Workspace

FOLDER = "pages"


def register(app: Flask, workspace: Workspace) -> None:
    """Give every template in the folder its address, the shipped ones and the workspace's.

    ``WrongUse`` where one would stand in the way of another page.
    """
    own = [FileSystemLoader(layer.root / FOLDER) for layer in workspace.layers]
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader(
        [app.jinja_loader, *(PrefixLoader({FOLDER: loader}) for loader in own)]
    )
    taken = {rule.rule for rule in app.url_map.iter_rules()}
    for template in app.jinja_env.list_templates(filter_func=_is_page):
        name = PurePosixPath(template).stem
        if f"/{name}" in taken:
            raise WrongUse(f"There is a page /{name} already.", where=template,
                           mend="call the file something else")  # fmt: skip
        app.add_url_rule(f"/{name}", f"{FOLDER}.{name}", _shows(template))


def _is_page(template: str) -> bool:
    path = PurePosixPath(template)
    return path.parent.name == FOLDER and path.suffix == ".html" and len(path.parts) == 2


def _shows(template: str) -> Callable[[], str]:
    return lambda: render_template(template)
