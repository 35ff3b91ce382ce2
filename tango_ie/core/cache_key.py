"""The cache key of a step: what it does, on what, with which code.

A key covers the step's arguments in canonical form, the ids of the steps it reads from, the content
of its input files, the step's ``VERSION`` and format, and the source of every class that takes part
(``tango_ie.core.fingerprint``). It does not cover what cannot change a result: names of steps, the
order of keys, comments, the spelling of numbers, and the arguments that a class lists in
``SKIP_ID_ARGUMENTS`` (device, workers, logging, evaluation batch size).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from tango.step import Step as TangoStep
from tango.step import StepIndexer

from tango_ie.core.config import Given, Items, Node, Object, Plain, Table, children
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.fingerprint import source_fingerprint
from tango_ie.core.input_files import (
    InputFile,
    PretrainedName,
    content_digest,
    existing_path,
    resolve_location,
)


def key_material(
    step_class: type, arguments: Mapping[str, Node], result_format: Any
) -> dict[str, Any]:
    """All that a key is made of, as JSON; kept with results so that two keys can be compared."""
    counted = _counted(step_class, arguments)
    classes = {step_class, *(cls for node in counted.values() for cls in _classes(node))}
    return {
        "arguments": {key: _reduce(node, key) for key, node in sorted(counted.items())},
        "format": [
            type(result_format).__module__,
            type(result_format).__qualname__,
            result_format.VERSION,
        ],
        "sources": {
            f"{cls.__module__}.{cls.__qualname__}": source_fingerprint(cls) for cls in classes
        },
    }


def cache_key(material: Mapping[str, Any]) -> str:
    """32 hexadecimal digits."""
    text = json.dumps(material, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _reduce(node: Node, path: str) -> Any:
    if isinstance(node, Plain):
        try:
            return _reduce_plain(node.value)
        except ConfigurationError as error:
            raise ConfigurationError(error.message, path) from error
    if isinstance(node, Items):
        return [_reduce(item, f"{path}.{place}") for place, item in enumerate(node.nodes)]
    if isinstance(node, Table):
        return {key: _reduce(item, f"{path}.{key}") for key, item in node.nodes.items()}
    if isinstance(node, Given):
        return _reduce_given(node.value, path)
    if isinstance(node, Object):
        return {
            "class": f"{node.cls.__module__}.{node.cls.__qualname__}",
            "arguments": {
                key: _reduce(item, f"{path}.{key}")
                for key, item in _counted(node.cls, node.arguments).items()
            },
        }
    raise TypeError(f"unknown node {node!r}")


def _reduce_plain(value: Any) -> Any:
    if isinstance(value, InputFile):
        return {"content": content_digest(existing_path(value))}
    if isinstance(value, PretrainedName):
        folder = Path(resolve_location(value)).expanduser()
        return {"content": content_digest(folder)} if folder.exists() else {"name": str(value)}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _reduce_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_reduce_plain(item) for item in value]
    return value


def _reduce_given(value: Any, path: str) -> Any:
    if isinstance(value, TangoStep):
        return {"step": value.unique_id}
    if isinstance(value, StepIndexer):
        return {"step": value.step.unique_id, "key": value.key}
    raise ConfigurationError(
        f"a step needs the config of its parts, not a finished {type(value).__name__}: two of them "
        "cannot be told apart by a cache key",
        path,
    )


def _classes(node: Node) -> Iterator[type]:
    """Classes of the objects below a node, as far as they count for the key."""
    if isinstance(node, Object):
        yield node.cls
        below = iter(_counted(node.cls, node.arguments).values())
    else:
        below = children(node)
    for item in below:
        yield from _classes(item)


def _counted(cls: type, arguments: Mapping[str, Node]) -> dict[str, Node]:
    """The arguments that can change what the class gives."""
    skipped: Collection[str] = getattr(cls, "SKIP_ID_ARGUMENTS", ())
    return {key: node for key, node in arguments.items() if key not in skipped}
