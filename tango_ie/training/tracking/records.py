"""What trackers are told: the numbers of a record, and a config as a flat table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint
Scalar = bool | int | float | str


def numbers_of(record: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a record of the history, without its step.

    The loss of a whole epoch gets a name of its own, so that it is not drawn into the curve of
    the loss between two records.

    >>> numbers_of({"step": 8, "epoch": 1, "loss": 0.5, "epoch_seconds": 2.0, "note": "x"})
    {'epoch': 1, 'epoch_loss': 0.5, 'epoch_seconds': 2.0}
    """
    whole_epoch = "epoch_seconds" in record
    return {
        "epoch_loss" if key == "loss" and whole_epoch else key: value
        for key, value in record.items()
        if key != "step" and isinstance(value, (int, float)) and not isinstance(value, bool)
    }


def flatten(config: Mapping[str, Any]) -> dict[str, Scalar]:
    """A config with dotted keys, places in lists counted from 0; nothing for ``None``.

    >>> flatten({"seed": 1, "groups": [{"rate": 0.1}], "clip": None, "splits": ["a", "b"]})
    {'seed': 1, 'groups.0.rate': 0.1, 'splits.0': 'a', 'splits.1': 'b'}
    """
    return dict(_flatten(config, ""))


def _flatten(value: Any, path: str) -> Iterator[tuple[str, Scalar]]:
    if isinstance(value, Mapping):
        items = ((str(key), item) for key, item in value.items())
    elif isinstance(value, (list, tuple)):
        items = ((str(place), item) for place, item in enumerate(value))
    else:
        if value is not None:
            yield path, value if isinstance(value, (bool, int, float, str)) else str(value)
        return
    for key, item in items:
        yield from _flatten(item, f"{path}.{key}" if path else key)


def plain_name(name: str) -> str:
    """A name with nothing but what MLflow allows in one.

    >>> plain_name("dev_f1_<LOC>"), plain_name("../x")
    ('dev_f1__LOC_', '_x')
    """
    return re.sub(r"[^\w\-. /:]", "_", re.sub(r"^[./]+|//+|\.\.+", "_", name))[:250]
