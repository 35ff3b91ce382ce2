"""What a report stands on, collected in a workspace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tango.workspace import Workspace
from tango.workspaces import LocalWorkspace, MemoryWorkspace

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.reporting.provenance import Provenance, of_results, of_step

from .provenance_steps import (
    CollectToy,
    EvaluateToy,
    ReadFile,
    TrainToy,
    environment,
    file,
    provenance,
    record,
)


class Experiment:
    """A corpus and models of two variants."""

    def __init__(self, folder: Path, variants: dict[str, list[int]]) -> None:
        path = folder / "train.txt"
        path.write_text("text", encoding="utf-8")
        corpus = ReadFile(step_name="convert", path=str(path), step_config={"path": str(path)})
        self.evaluations = {
            name: [
                EvaluateToy(
                    step_name=f"evaluate_{name}_seed{seed}",
                    corpus=corpus,
                    archive=TrainToy(
                        step_name=f"train_{name}_seed{seed}", corpus=corpus, seed=seed
                    ),
                )
                for seed in seeds
            ]
            for name, seeds in variants.items()
        }
        self.compare = CollectToy(step_name="compare", variants=self.evaluations)

    def run(self, workspace: TangoIEWorkspace, name: str | None = None) -> Provenance:
        """Collected by the last step; what has to be computed is computed."""
        workspace.register_run([self.compare], name)
        return Provenance.from_json(self.compare.result(workspace))

    @property
    def ids(self) -> dict[str, list[str]]:
        """Of the evaluations."""
        return {
            name: [step.unique_id for step in steps] for name, steps in self.evaluations.items()
        }


@pytest.fixture
def workspace(tmp_path: Path) -> TangoIEWorkspace:
    return TangoIEWorkspace(str(tmp_path / "workspace"))


def test_every_step_is_told_with_what_came_from_the_cache(
    workspace: TangoIEWorkspace, tmp_path: Path
) -> None:
    found = Experiment(tmp_path, {"a": [1]}).run(workspace, "first")
    assert [step.name for step in found.steps] == ["convert", "train_a_seed1", "evaluate_a_seed1"]
    assert {step.from_cache for step in found.steps} == {False}
    convert, train, evaluate = found.steps
    (read,) = convert.inputs
    assert (read.argument, read.path) == ("path", str(tmp_path / "train.txt"))
    assert (train.seed, train.step_class, train.gives_model) == (1, "TrainToy", True)
    assert evaluate.dependencies == tuple(sorted([convert.unique_id, train.unique_id]))
    assert train.wall_seconds is not None and train.process_bytes
    assert found.environments == [found.made_in]
    assert found.made_in.run == "first"
    assert found.made_in.packages["tango-ie"]
    assert found.note is None

    more = Experiment(tmp_path, {"a": [1], "b": [2]}).run(workspace, "second")
    assert {step.name: step.from_cache for step in more.steps} == {
        "convert": True,
        "train_a_seed1": True,
        "evaluate_a_seed1": True,
        "train_b_seed2": False,
        "evaluate_b_seed2": False,
    }
    assert [item.run for item in more.environments] == ["first", "second"]
    assert [step.name for step in more.trainings("b")] == ["train_b_seed2"]
    assert more.trainings("c") == []


def test_what_an_earlier_start_of_the_run_has_computed_came_from_the_cache(
    workspace: TangoIEWorkspace, tmp_path: Path
) -> None:
    experiment = Experiment(tmp_path, {"a": [1]})
    workspace.register_run([experiment.compare], "again")
    experiment.evaluations["a"][0].result(workspace)  # and then the run is interrupted
    found = experiment.run(workspace, "again")
    assert {step.from_cache for step in found.steps} == {True}


def test_without_a_run_nothing_is_said_of_the_cache(
    workspace: TangoIEWorkspace, tmp_path: Path
) -> None:
    found = Provenance.from_json(Experiment(tmp_path, {"a": [1]}).compare.result(workspace))
    assert {step.from_cache for step in found.steps} == {None}


def test_finished_results_lead_to_the_same_steps(
    workspace: TangoIEWorkspace, tmp_path: Path
) -> None:
    experiment = Experiment(tmp_path, {"a": [1], "b": [1]})
    planned = experiment.run(workspace)
    found = of_results(workspace, experiment.ids)
    assert {step.unique_id for step in found.steps} == {step.unique_id for step in planned.steps}
    assert {step.from_cache for step in found.steps} == {None}
    assert found.evaluations == planned.evaluations
    assert [step.name for step in found.trainings("b")] == [
        step.name for step in planned.trainings("b")
    ]


def test_a_step_without_a_record_is_there_all_the_same(
    workspace: TangoIEWorkspace, tmp_path: Path
) -> None:
    experiment = Experiment(tmp_path, {"a": [1]})
    evaluation = experiment.evaluations["a"][0]
    evaluation.result(workspace)
    (workspace.step_dir(evaluation) / "provenance.json").unlink()
    found = experiment.run(workspace)
    (lost,) = [step for step in found.steps if step.environment is None]
    assert (lost.name, lost.from_cache) == ("evaluate_a_seed1", None)
    assert len(found.trainings("a")) == 1
    assert of_results(workspace, {"a": ["Gone-001-abc"]}).steps[0].step_class == "Gone"


@pytest.mark.parametrize("kind", ["memory", "local"])
def test_foreign_workspaces_are_no_obstacle(tmp_path: Path, kind: str) -> None:
    foreign: Workspace = MemoryWorkspace() if kind == "memory" else LocalWorkspace(tmp_path / "w")
    experiment = Experiment(tmp_path, {"a": [1]})
    for found in (of_step(experiment.compare, foreign), of_results(foreign, experiment.ids)):
        assert found.steps == ()
        assert found.note == "this workspace keeps no record of how its results were made"
        assert Provenance.from_json(found.to_json()) == found


def test_collecting_leaves_the_key_alone(workspace: TangoIEWorkspace, tmp_path: Path) -> None:
    first, second = (Experiment(tmp_path, {"a": [1]}) for _ in range(2))
    before = first.compare.unique_id
    first.run(workspace)
    assert first.compare.unique_id == before == second.compare.unique_id


def test_json_keeps_each_environment_once() -> None:
    other = environment(commit="fedcba", dirty=True, changed=("a.py",))
    found = provenance(
        record("a", inputs=(file(), file(None)), seed=3),
        record("b", environment=other, cuda_bytes=1, of_whole_process=True),
        record("c", environment=None, from_cache=None),
        record("d"),
        evaluations={"x": ("b",)},
    )
    value = json.loads(json.dumps(found.to_json()))
    assert [step["environment"] for step in value["steps"]] == [0, 1, None, 0]
    assert len(value["environments"]) == 2
    assert Provenance.from_json(value) == found


def test_the_nearest_model_is_the_one_that_was_evaluated() -> None:
    steps = [
        record("source", unique_id="S", gives_model=True),
        record("train", unique_id="T", gives_model=True, dependencies=("S",)),
        record("predict", unique_id="P", dependencies=("C", "T")),
        record("evaluate", unique_id="E", dependencies=("C", "P")),
    ]
    found = provenance(*steps, evaluations={"x": ("E", "unknown")})
    assert [step.name for step in found.trainings("x")] == ["train"]


def test_of_the_models_of_a_pipeline_the_largest_counts() -> None:
    """Both are equally near; what lies further below is not looked at."""
    given = {"gives_model": True}
    steps = [
        record("train_x", unique_id="A", dependencies=("D",), process_bytes=5, **given),
        record("train_y", unique_id="B", process_bytes=9, **given),
        record("train_z", unique_id="D", process_bytes=20, **given),
        record("predict", unique_id="P", dependencies=("A", "B")),
        record("evaluate", unique_id="E", dependencies=("P",)),
    ]
    found = provenance(*steps, evaluations={"pipeline": ("E",)})
    assert [step.name for step in found.trainings("pipeline")] == ["train_y"]
