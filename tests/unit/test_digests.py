"""Files that have not changed are not read again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from partnering import digests
from partnering.digests import Digests


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file last written long ago."""
    path = tmp_path / "case.ttl"
    path.write_text("one")
    return path


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_file_that_stays_is_read_once(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "_TOO_FRESH", -1)
    kept = tmp_path / "digests.json"
    first = Digests(kept)
    assert first.of(str(old)) == sha("one")
    first.save()
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read again"))
    assert Digests(kept).of(str(old)) == sha("one")


def test_a_change_of_the_same_length_is_seen(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "_TOO_FRESH", -1)
    known = Digests(tmp_path / "digests.json")
    known.of(str(old))
    before = old.stat()
    old.write_text("two")
    # Put back as it was: the time of the entry cannot be set and tells all the same.
    os.utime(old, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert known.of(str(old)) == sha("two")


def test_a_file_written_this_moment_is_not_remembered(old: Path, tmp_path: Path) -> None:
    kept = tmp_path / "digests.json"
    known = Digests(kept)
    known.of(str(old))
    known.save()
    assert not kept.exists()


def test_what_does_not_read_is_as_good_as_nothing(old: Path, tmp_path: Path) -> None:
    kept = tmp_path / "digests.json"
    kept.write_text('{"half": ')
    assert Digests(kept).of(str(old)) == sha("one")
