"""The skip policy, and where the repository and the report are.

A test may skip where something is not installed or not attached, and says which.
With ``PARTNERING_FORBID_SKIPS=1``, as CI sets it, a skip is a failure instead: a
check that quietly stopped running looks the same as one that passes.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
REPORT_NAME = "partnering-for-improvement.txt"

Report = pytest.TestReport | pytest.CollectReport


def fail_if_skipped(report: Report) -> Report:
    expected_failure = hasattr(report, "wasxfail")
    if os.environ.get("PARTNERING_FORBID_SKIPS") == "1" and report.skipped and not expected_failure:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: skips are forbidden here. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def report_path() -> Path:
    """The user's own copy of the report: ``PARTNERING_SOURCE``, else the one in ``attached/``."""
    named = os.environ.get("PARTNERING_SOURCE")
    if named:
        # Named but not there is a mistake, not a reason to skip.
        assert Path(named).is_file(), f"PARTNERING_SOURCE names no file: {named}"
        return Path(named).resolve()
    attached = REPOSITORY / "attached" / REPORT_NAME
    if not attached.is_file():
        pytest.skip(f"no report: set PARTNERING_SOURCE or put it at attached/{REPORT_NAME}")
    return attached
