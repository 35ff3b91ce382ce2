"""Reading real files and adding up what is in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import rjsonnet

from tango_ie.core.config import build
from tango_ie.data.conversion import convert
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.base import Reader

CORPORA = Path(__file__).resolve().parents[3] / "configs/lib/corpora.libsonnet"
SPLITS = ("train", "dev", "test")


def converted(
    reader: Reader, folder: Path, files: Mapping[str, str] | str, strict: bool = False
) -> Corpus:
    """The corpus of ``files`` (split → name, or a pattern with ``{}`` for train, dev and test)."""
    if isinstance(files, str):
        files = {split: files.format(split) for split in SPLITS}
    return convert(reader, {name: folder / file for name, file in files.items()}, strict=strict)


def total(corpus: Corpus, key: str) -> tuple[int, ...]:
    """One figure of the statistics for each split; counts per label are added up."""
    figures = []
    for split in corpus.statistics.values():
        value = split[key]
        figures.append(sum(value.values()) if isinstance(value, dict) else value)
    return tuple(figures)


def note_counts(corpus: Corpus, split: str) -> dict[str, int]:
    """How often each kind of note was made in a split."""
    return {kind: note["count"] for kind, note in corpus.statistics[split]["notes"].items()}


def ready_made_config(call: str, root: Path) -> dict[str, Any]:
    """The step that a setting of ``configs/lib/corpora.libsonnet`` stands for."""
    code = f"local corpora = import {json.dumps(str(CORPORA))}; corpora.{call}"
    variables = {"CORPORA": str(root)}
    config: dict[str, Any] = json.loads(
        rjsonnet.evaluate_snippet("ready made", code, ext_vars=variables)
    )
    assert config.pop("type") == "tango_ie::convert_dataset"
    return config


def ready_made(call: str, root: Path) -> Corpus:
    """The corpus of a ready-made setting, such as ``crossner('ai')``."""
    config = ready_made_config(call, root)
    reader = build(Reader, config.pop("reader"))
    assert isinstance(reader, Reader)
    return convert(reader, **config)


def per_split(corpus: Corpus, key: str, splits: Sequence[str] = SPLITS) -> tuple[int, ...]:
    """Like :func:`total`, for these splits in this order."""
    return tuple(dict(zip(corpus.splits, total(corpus, key), strict=True))[name] for name in splits)
