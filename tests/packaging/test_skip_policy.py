"""The skip policy of tests/conftest.py, run on small test files of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "in the test": "import pytest\ndef test_it(): pytest.skip('no engine')\n",
    "by a mark": "import pytest\n@pytest.mark.skip('no engine')\ndef test_it(): pass\n",
    "by a condition": (
        "import pytest\n@pytest.mark.skipif(True, reason='no engine')\ndef test_it(): pass\n"
    ),
    "in a fixture": (
        "import pytest\n@pytest.fixture\ndef engine(): pytest.skip('no engine')\n"
        "def test_it(engine): pass\n"
    ),
    "of a module": "import pytest\npytest.skip('no engine', allow_module_level=True)\n",
}
EXPECTED_FAILURE = (
    "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it(): assert False\n"
)


def run_pytest(folder: Path, repository: Path, test: str, **environment: str) -> tuple[int, str]:
    (folder / "conftest.py").write_text((repository / "tests/conftest.py").read_text())
    (folder / "test_sample.py").write_text(test)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERING_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "."],
        cwd=folder,
        env=kept | environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS.keys())
def test_a_skip_fails_with_its_reason_where_skips_are_forbidden(
    tmp_path: Path, repository: Path, test: str
) -> None:
    status, output = run_pytest(tmp_path, repository, test, PARTNERING_FORBID_SKIPS="1")
    assert status != 0
    assert "no engine" in output
    assert "skips are forbidden" in output


def test_a_skip_is_let_through_elsewhere(tmp_path: Path, repository: Path) -> None:
    status, output = run_pytest(tmp_path, repository, SKIPS["in the test"])
    assert status == 0
    assert "1 skipped" in output


def test_an_expected_failure_is_no_skip(tmp_path: Path, repository: Path) -> None:
    status, output = run_pytest(tmp_path, repository, EXPECTED_FAILURE, PARTNERING_FORBID_SKIPS="1")
    assert status == 0
    assert "1 xfailed" in output


def test_a_report_that_is_named_but_missing_fails(tmp_path: Path, repository: Path) -> None:
    test = "def test_it(report_path): pass\n"
    status, output = run_pytest(tmp_path, repository, test, PARTNERING_SOURCE="nowhere.txt")
    assert status == 1
    assert "names no file: nowhere.txt" in output
