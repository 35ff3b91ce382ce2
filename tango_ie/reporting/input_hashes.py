"""The files that a step read, with the hashes by which they are in its cache key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tango_ie.core.input_files import hub_name

_DIGEST = "content"


@dataclass(frozen=True)
class InputHash:
    """A file or folder that a step was given.

    Args:
        argument: where it stands in the config of the step.
        path: as it stands there; ``None`` for a default that no config names.
        digest: of its content; of a name on a hub, the hash of the name.
    """

    argument: str
    path: str | None
    digest: str

    @property
    def is_name(self) -> bool:
        """Whether the hash is of a name on a hub, and says nothing of what lies there."""
        return self.path is not None and hub_name(self.path) is not None


def input_hashes(key: Mapping[str, Any], config: Mapping[str, Any]) -> tuple[InputHash, ...]:
    """The inputs in what a cache key is made of.

    Args:
        key: ``key`` in ``provenance.json``.
        config: of the step.

    >>> key = {"arguments": {"reader": {"class": "a.B", "arguments": {"path": {"content": "c0"}}}}}
    >>> input_hashes(key, {"reader": {"type": "b", "path": "train.txt"}})
    (InputHash(argument='reader.path', path='train.txt', digest='c0'),)
    """
    return tuple(_walk(key.get("arguments") or {}, config, ""))


def _walk(reduced: Any, config: Any, path: str) -> Iterator[InputHash]:
    if isinstance(reduced, Mapping):
        if reduced.keys() == {_DIGEST}:
            yield InputHash(path, config if isinstance(config, str) else None, reduced[_DIGEST])
            return
        if reduced.keys() == {"class", "arguments"}:
            reduced = reduced["arguments"]
        given = config if isinstance(config, Mapping) else {}
        for name, item in reduced.items():
            yield from _walk(item, given.get(name), f"{path}.{name}" if path else name)
    elif isinstance(reduced, list):
        items = config if isinstance(config, list) and len(config) == len(reduced) else None
        for place, item in enumerate(reduced):
            yield from _walk(item, items[place] if items else None, f"{path}.{place}")
