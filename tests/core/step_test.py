"""Our base step, inside and outside a config."""

from __future__ import annotations

from pathlib import Path

import pytest
from tango.common import Params
from tango.format import JsonFormat
from tango.step_graph import StepGraph
from tango.workspaces import MemoryWorkspace

from tango_ie.core import ConfigurationError, InputFile, Lazy, Registrable, Step


class Adder(Registrable):
    pass


@Adder.register("tests::plus")
class Plus(Adder):
    def __init__(self, amount: int = 1, other: list | None = None) -> None:
        if amount == 13:
            raise ConfigurationError("13 is refused")
        self.amount, self.other = amount, other


@Step.register("tests::numbers")
class Numbers(Step):
    FORMAT = JsonFormat()

    def run(self, count: int) -> list:
        return list(range(count))


@Step.register("tests::add")
class Add(Step):
    FORMAT = JsonFormat()
    SKIP_ID_ARGUMENTS = {"device"}

    def run(self, numbers: list, adder: Lazy[Adder], device: str = "auto") -> list:
        part = adder.construct()
        return [number + part.amount + len(part.other or ()) for number in numbers]


@Step.register("tests::text")
class Text(Step):
    FORMAT = JsonFormat()

    def run(self, file: InputFile) -> str:
        return file.resolve().read_text()


def graph(**steps: dict) -> StepGraph:
    return StepGraph.from_params(Params({"steps": steps}).pop("steps", keep_as_dict=True))


def test_results_of_steps_reach_arguments_at_any_depth() -> None:
    ref = {"type": "ref", "ref": "numbers"}
    steps = graph(
        numbers={"type": "tests::numbers", "count": 3},
        add={"type": "tests::add", "numbers": ref, "adder": {"type": "tests::plus", "other": ref}},
    )
    assert {step.name for step in steps["add"].dependencies} == {"numbers"}
    assert steps["add"].result(MemoryWorkspace()) == [4, 5, 6]
    assert steps["add"].config["numbers"] == ref  # kept as written


def test_a_step_built_in_python_has_the_id_of_its_config() -> None:
    steps = graph(
        a={"type": "tests::numbers", "count": 3},
        b={"type": "tests::add", "numbers": {"type": "ref", "ref": "a"}, "adder": "tests::plus"},
    )
    built = Add(numbers=Numbers(count=3), adder={"type": "tests::plus", "amount": 1}, device="cpu")
    assert built.unique_id == steps["b"].unique_id
    assert built == steps["b"]


def test_a_result_of_the_wrong_kind_is_refused_before_anything_runs() -> None:
    with pytest.raises(ConfigurationError, match=r"steps\.b\.adder: .*gives list, but Adder"):
        graph(
            a={"type": "tests::numbers", "count": 3},
            b={"type": "tests::wants_adder", "adder": {"type": "ref", "ref": "a"}},
        )


@Step.register("tests::wants_adder")
class WantsAdder(Step):
    FORMAT = JsonFormat()

    def run(self, adder: Adder) -> int:
        return 0


def test_check_builds_parts_and_says_what_waits() -> None:
    ref = {"type": "ref", "ref": "a"}
    steps = graph(
        a={"type": "tests::numbers", "count": 3},
        b={"type": "tests::add", "numbers": ref, "adder": {"type": "tests::plus", "other": ref}},
        c={"type": "tests::add", "numbers": ref, "adder": {"type": "tests::plus", "amount": 13}},
    )
    assert steps["b"].check() == ["steps.b.adder waits for a"]
    with pytest.raises(ConfigurationError, match=r"steps\.c\.adder: 13 is refused"):
        steps["c"].check()


def test_a_missing_file_names_its_place_in_the_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"steps\.text\.file: .*does not exist"):
        graph(text={"type": "tests::text", "file": str(tmp_path / "none.txt")})["text"].unique_id  # noqa: B018


def test_finished_objects_cannot_enter_a_key() -> None:
    with pytest.raises(ConfigurationError, match="finished Plus"):
        WantsAdder(adder=Plus()).unique_id  # noqa: B018
