"""What the site takes from npm: locked, built once, skipped on demand, never in the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

assets: Any = import_module("partnering.webui.assets")

NPM = """
import json, pathlib, sys
assert sys.argv[1] == "ci" and "--ignore-scripts" in sys.argv
lock = json.loads(pathlib.Path("package-lock.json").read_text())
for path, held in lock["packages"].items():
    if path:
        folder = pathlib.Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"license": held.get("license", "MIT")}))
        (folder / "LICENSE.md").write_text(f"Licence of {path}")
made = pathlib.Path("node_modules/@zazuko/yasgui/build")
made.mkdir()
(made / "yasgui.min.js").write_text("var Yasgui;\\n//# sourceMappingURL=yasgui.min.js.map\\n")
(made / "yasgui.min.css").write_text(".yasgui {}")
pathlib.Path(sys.argv[0]).with_name("ran").open("a").write("x")
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for npm, and leaves a mark each time it runs."""
    script = tmp_path / "npm.py"
    script.write_text(NPM)
    monkeypatch.setattr(assets, "_npm", lambda work, echo: [sys.executable, str(script)])
    return tmp_path / "ran"


def test_they_are_built_once_and_stamped(npm: Path, tmp_path: Path) -> None:
    static = tmp_path / "static" / "vendor"
    assert assets.built(static) is None
    assert assets.build(static, echo=lambda _: None)
    assert not assets.build(static, echo=lambda _: None)
    assert npm.read_text() == "x"
    assert assets.built(static)["digest"] == assets.digest()
    assert assets.built(static)["packages"]["@zazuko/yasgui"] == "4.6.2"
    assert "sourceMappingURL" not in (static / "yasgui.js").read_text()


def test_licences_of_all_that_is_bundled_travel_along(npm: Path, tmp_path: Path) -> None:
    assets.build(tmp_path / "vendor", echo=lambda _: None)
    notices = (tmp_path / "vendor" / "NOTICES.txt").read_text()
    assert len(assets.versions()) > 20
    for name, version in assets.versions().items():
        assert f"{name} {version}, licence" in notices
        assert f"Licence of node_modules/{name}" in notices


def test_where_npm_cannot_be_had_one_warning_is_given_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "_npm", lambda work, echo: [str(tmp_path / "no-such-npm")])
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "yasgui.js").write_text("of old")
    said: list[str] = []
    assert assets.build_or_warn(tmp_path / "vendor", echo=said.append) is False
    assert [line for line in said if "WARNING" in line] == [said[-1]]
    assert "plain form" in said[-1]
    assert (tmp_path / "vendor" / "yasgui.js").read_text() == "of old"
    with pytest.raises(assets.NotBuilt):
        assets.build(tmp_path / "vendor", echo=said.append)


def test_npm_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "npm.py"
    script.write_text("import sys; sys.exit('404 Not Found')")
    monkeypatch.setattr(assets, "_npm", lambda work, echo: [sys.executable, str(script), "ci"])
    with pytest.raises(assets.NotBuilt, match="404 Not Found"):
        assets.build(tmp_path / "vendor", echo=lambda _: None)


def test_the_skip_switch_skips(npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERING_SKIP_ASSETS", "1")
    said: list[str] = []
    assert assets.build_or_warn(tmp_path / "vendor", echo=said.append) is False
    assert (said, npm.exists()) == ([], False)


def test_the_lock_pins_by_digest_and_names_no_registry(repository: Path) -> None:
    vendor = repository / "webui" / "vendor"
    wanted = json.loads((vendor / "package.json").read_text())["dependencies"]
    lock = json.loads((vendor / "package-lock.json").read_text())
    packages = {path: held for path, held in lock["packages"].items() if path}
    assert len(packages) > 20
    for path, held in packages.items():
        assert held["integrity"].startswith("sha512-"), path
        assert "resolved" not in held, path
    assert lock["packages"][""]["dependencies"] == wanted
    assert all(version[0].isdigit() for version in wanted.values())
    assert "omit-lockfile-registry-resolved=true" in (vendor / ".npmrc").read_text()
    assert "registry=" not in (vendor / ".npmrc").read_text()


def test_the_command_says_how_it_is_used() -> None:
    done = subprocess.run([sys.executable, "-m", "partnering.webui.assets", "polish"],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 2
    assert "assets build" in done.stderr


@pytest.mark.slow
def test_a_wheel_holds_the_assets_that_are_there(
    npm: Path, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "partnering"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "attached",
                                     "static")  # fmt: skip
    shutil.copytree(repository, copy, ignore=ignored)
    assets.build(copy / "webui/static/vendor", echo=lambda _: None)
    options = ["--quiet", "--no-deps", "--no-build-isolation", f"--wheel-dir={tmp_path}"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(copy)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist() if "/static/" in name}
    assert names == {"yasgui.js", "yasgui.js.gz", "yasgui.css", "yasgui.css.gz", "NOTICES.txt",
                     "built.json"}  # fmt: skip
