"""The fields of a config by their paths, as far as they say what a model was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_SEED = "seed"
_ARCHIVE = "archive"
_ORIGIN = "made_from"


def config_paths(made_from: Mapping[str, Any]) -> dict[str, Any]:
    """``path.of.field`` → value, without seeds, and without what was measured.

    A model that goes on from the archive of another says so under ``archive``; of that archive only
    its own config counts, not how long its training took.

    >>> config_paths({"model": {"head": "crf"}, "seed": 1, "groups": [{"rate": 0.1}], "ks": [1, 5]})
    {'model.head': 'crf', 'groups.0.rate': 0.1, 'ks': [1, 5]}
    >>> config_paths({"archive": {"train_seconds": 9.1, "made_from": {"model": "a", "seed": 1}}})
    {'archive.model': 'a'}
    """
    return dict(_flat(_without_measures(made_from), ""))


def short_names(paths: Sequence[str]) -> dict[str, str]:
    """For each path its shortest end that no other path has.

    >>> short_names(["model.head", "encoder.size", "decoder.size"])
    {'model.head': 'head', 'encoder.size': 'encoder.size', 'decoder.size': 'decoder.size'}
    """
    return {path: _shortest(path, paths) for path in paths}


def _shortest(path: str, paths: Sequence[str]) -> str:
    parts = path.split(".")
    for size in range(1, len(parts)):
        end = ".".join(parts[-size:])
        # The number of an item says nothing without the list that it is in.
        if parts[-size].isdigit():
            continue
        if sum(other == end or other.endswith(f".{end}") for other in paths) == 1:
            return end
    return path


def _without_measures(made_from: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in made_from.items() if key != _SEED}
    archive = kept.get(_ARCHIVE)
    if isinstance(archive, Mapping) and isinstance(archive.get(_ORIGIN), Mapping):
        kept[_ARCHIVE] = _without_measures(archive[_ORIGIN])
    return kept


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        for place, item in enumerate(value):
            yield from _flat(item, f"{path}.{place}")
    else:
        yield path, value
