"""Configs as a user would change them: other values for their locals, and other text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rjsonnet
from tango.common import Params
from tango.step_graph import StepGraph

import steps  # noqa: F401 (registers what the configs name)

NOTHING: Mapping[str, str] = {}


def steps_of(
    config: Path,
    values: Mapping[str, str] = NOTHING,
    text: Mapping[str, str] = NOTHING,
    corpora: str = "no/folder",
    variables: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    """The steps of a config; what trains, trains on the CPU.

    Args:
        config: a file in one of the folders of ``configs/``.
        values: Jsonnet for locals that stand at the margin, by their name:
            ``{"budget": "'smoke'"}``.
        text: what is to be replaced by what; all of it has to be there.
        corpora: the external variable CORPORA.
        variables: further external variables.
    """
    source = config.read_text(encoding="utf-8")
    for name, value in values.items():
        line = re.findall(rf"(?ms)^local {name} = .*?;(?= *(?://|$))", source)
        assert len(line) == 1, name
        source = source.replace(line[0], f"local {name} = {value};")
    for old, new in {**text, "'../lib/": f"'{config.parents[1]}/lib/"}.items():
        assert old in source, old
        source = source.replace(old, new)
    found = rjsonnet.evaluate_snippet(
        str(config), source, ext_vars={"CORPORA": corpora, **variables}
    )
    chosen: dict[str, Any] = json.loads(found)["steps"]
    for step in chosen.values():
        if "trainer" in step:
            step["trainer"]["hardware"] = {"device": "cpu"}
    return chosen


def graph_of(chosen: Mapping[str, Any]) -> StepGraph:
    """The steps, built."""
    return StepGraph.from_params(Params(dict(chosen)).as_dict(quiet=True))
