"""Second names for files, and copies where there are none to be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tango_ie.core.linking import link_or_copy, link_shared


def test_links(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("one")
    assert not link_shared(source, target).samefile(source)
    assert link_or_copy(source, target).samefile(source)  # in place of the copy
    assert link_or_copy(source, target).samefile(source)  # once more
    assert link_or_copy(source, source).read_text() == "one"
    assert link_shared(source, tmp_path / "c").samefile(source)


def test_copies_where_links_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError("Invalid cross-device link")

    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("one")
    target.write_text("longer")
    monkeypatch.setattr(os, "link", refuse)
    assert not link_or_copy(source, target).samefile(source)
    assert target.read_text() == "one"
