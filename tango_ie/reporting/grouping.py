"""Variants of runs that nobody has planned to compare: told apart by their configs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.scores import Scores
from tango_ie.reporting.config_paths import config_paths, short_names


def config_fields(scores: Scores) -> dict[str, Any]:
    """What the model was made from, as ``path.of.field`` → value; the seed is left out.

    Raises:
        DataError: the scores do not say what their model was made from.
    """
    made_from = scores.info.get("archive", {}).get("made_from")
    if not isinstance(made_from, Mapping):
        raise DataError("the scores do not say what their model was made from; run them again")
    return config_paths(made_from)


def group_by_config(runs: Sequence[Scores]) -> dict[str, list[Scores]]:
    """Runs that differ in their seed alone are one variant.

    A variant is named by the fields in which the variants differ, such as ``head=crf``.

    Args:
        runs: in the order in which variants are to stand.
    """
    groups: dict[str, list[Scores]] = {}
    for scores in runs:
        groups.setdefault(json.dumps(config_fields(scores), sort_keys=True), []).append(scores)
    fields = [config_fields(members[0]) for members in groups.values()]
    names = _names(fields)
    return dict(zip(names, groups.values(), strict=True))


def matches(scores: Scores, conditions: Sequence[str]) -> bool:
    """Whether a run meets all conditions ``field=value``; a field may be the end of its path.

    Raises:
        ConfigurationError: a condition of another form, or a field that the run does not have.
    """
    fields = config_fields(scores)
    for condition in conditions:
        field, equals, value = condition.partition("=")
        if not equals:
            raise ConfigurationError(f"{condition!r} is no condition; write FIELD=VALUE")
        paths = [path for path in fields if path == field or path.endswith(f".{field}")]
        if not paths:
            known = ", ".join(sorted({path.rpartition(".")[2] for path in fields}))
            raise ConfigurationError(f"no run has a field {field!r}; they have {known}")
        if not any(_shown(fields[path]) == value for path in paths):
            return False
    return True


def _names(variants: Sequence[Mapping[str, Any]]) -> list[str]:
    paths = sorted({path for fields in variants for path in fields})
    varying = [
        path for path in paths if len({json.dumps(fields.get(path)) for fields in variants}) > 1
    ]
    if not varying:
        return ["all runs"]
    short = short_names(varying)
    return [
        ", ".join(f"{short[path]}={_shown(fields.get(path))}" for path in varying)
        for fields in variants
    ]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
