"""The infos of the runs on the folds of a cross-validation, as one.

What all say alike stays where it is, costs and numbers of items are added up, and the rest is
listed fold by fold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_NUMBERS = ("unseen_labels", "unrepresentable")  # of gold items, by label or reason
_LISTED = ("device", "precision")
_COSTS = ("train_seconds", "steps")
# Added up, or of the whole: that folds differ in them says nothing.
_TOLD = {
    *_NUMBERS,
    "corpus_fingerprint",
    "history",
    "seconds",
    "sentences",
    "sentences_per_second",
}


def pooled_info(infos: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One info, without history; costs that some fold does not tell are ``None``.

    Args:
        infos: of the scores of each fold.

    >>> found = pooled_info([{"split": "test", "seconds": 2}, {"split": "test", "seconds": 3}])
    >>> found["split"], found["seconds"]
    ('test', 5)
    """
    info = _common(infos)
    info.pop("history", None)
    for key in _NUMBERS:
        if any(key in item for item in infos):
            numbers: Counter[str] = Counter()
            for item in infos:
                numbers.update(item.get(key) or {})
            info[key] = dict(numbers)
    for key in _LISTED:
        info[key] = _listed([item.get(key) for item in infos])
    seconds = _sum([item.get("seconds") for item in infos])
    sentences = _sum([item.get("sentences") for item in infos])
    info["seconds"], info["sentences"] = seconds, sentences
    known = all(item.get("sentences_per_second") for item in infos)
    info["sentences_per_second"] = sentences / seconds if known and sentences and seconds else None
    archives = [item.get("archive") for item in infos]
    if all(isinstance(archive, Mapping) for archive in archives):
        for key in _COSTS:
            info["archive"][key] = _sum([archive.get(key) for archive in archives if archive])
        devices = [archive.get("device") for archive in archives if archive]
        info["archive"]["device"] = _listed(devices)
    return info


def varying(infos: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What they do not say alike: path → one value for each fold.

    >>> varying([{"archive": {"epochs": 9, "best_epoch": epoch}} for epoch in (3, 5)])
    {'archive.best_epoch': [3, 5]}
    """
    own = [{key: item for key, item in info.items() if key not in _TOLD} for info in infos]
    costs = {f"archive.{key}" for key in _COSTS}
    return {path: values for path, values in _differences(own, "") if path not in costs}


def _common(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What all say alike, down to the leaves."""
    found: dict[str, Any] = {}
    for key in values[0]:
        given = [value[key] for value in values if key in value]
        if len(given) < len(values):
            continue
        if all(isinstance(item, Mapping) for item in given):
            found[key] = _common(given)
        elif all(item == given[0] for item in given):
            found[key] = given[0]
    return found


def _differences(values: Sequence[Mapping[str, Any]], path: str) -> Iterator[tuple[str, list[Any]]]:
    for key in dict.fromkeys(key for value in values for key in value):
        given = [value.get(key) for value in values]
        place = f"{path}.{key}" if path else key
        nested = [item for item in given if isinstance(item, Mapping)]
        if len(nested) == len(given):
            yield from _differences(nested, place)
        elif any(item != given[0] for item in given):
            yield place, given


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _listed(values: Sequence[Any]) -> Any:
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    return distinct[0] if len(distinct) == 1 else ", ".join(map(str, distinct)) or None
