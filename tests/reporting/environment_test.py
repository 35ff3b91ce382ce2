"""Where a process ran, from its record."""

from __future__ import annotations

import json

from tango_ie.core.provenance import packages, start_facts
from tango_ie.reporting.environment import Environment, other_versions

from .provenance_steps import environment


def test_from_the_facts_of_this_process() -> None:
    found = Environment.from_facts({**start_facts(), "packages": packages(), "run": "calm-owl"})
    assert found.run == "calm-owl"
    assert found.facts()["torch"]
    assert Environment.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_little_is_known_of_some() -> None:
    found = Environment.from_facts({"git": None, "command": None})
    assert (found.command_line, found.code) == ("", "no commit")
    assert found == Environment()


def test_commands_as_they_were_typed() -> None:
    assert environment().command_line == "tango run ner.jsonnet"
    module = environment(command=("/lib/tango_ie/__main__.py", "compare"))
    assert module.command_line == "python -m tango_ie compare"


def test_code_that_differs_from_its_commit() -> None:
    assert environment().code == "0123456789, clean"
    assert environment(dirty=True).code == "0123456789 with uncommitted changes"


def test_versions_of_further_packages() -> None:
    newer = environment(packages={"torch": "2.5", "numpy": "2.0", "scipy": "1.15", "tqdm": "4"})
    assert other_versions([environment(), newer, environment(packages={})]) == {
        "scipy": ("1.14", "1.15"),
        "tqdm": ("none", "4"),
    }
