"""A secret is on the disk as a whole, for its owner only, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.secret_files import create_secret, replace_secret

Write = Callable[[Path, str], None]


@pytest.mark.parametrize("write", [create_secret, replace_secret])
def test_it_is_written_for_its_owner_only(tmp_path: Path, write: Write) -> None:
    write(tmp_path / "var" / "secret.key", "s")
    assert (tmp_path / "var" / "secret.key").read_text() == "s"
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret.key"]


def test_creating_keeps_what_is_there_and_replacing_does_not(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    create_secret(path, "first")
    create_secret(path, "second")
    assert path.read_text() == "first"
    replace_secret(path, "third")
    assert path.read_text() == "third"


@pytest.mark.parametrize("write", [create_secret, replace_secret])
def test_on_a_full_disk_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "secret.key", "s")
    assert list(tmp_path.iterdir()) == []
