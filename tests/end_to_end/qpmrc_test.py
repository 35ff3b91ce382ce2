"""The configs of query-based models: the budget ``smoke`` on the tiny encoder, and the others."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from transformers import BertConfig, BertModel

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.reporting import Report
from tango_ie.reporting.figures import drawn
from tests.end_to_end.configs import graph_of, steps_of

MODELS = ["tagger", "mrc", "qpmrc"]
ROWS: dict[str, dict[str, Any]] = {
    "full": {},
    "without_prompt": {"reading": {"query_depth": None, "prompt": 0}},
    "context_reads": {"reading": {"query_depth": None, "attention": "context_reads"}},
    "vanilla": {"reading": {"query_depth": None, "attention": "vanilla"}},
    "words": {"prediction": {"kind": "words"}},
    "without_auxiliary": {"auxiliary_weight": 0},
}


def config(
    repository: Path, name: str, corpora: str = "no/folder", **values: str
) -> dict[str, Any]:
    path = repository / f"configs/qpmrc/{name}.jsonnet"
    return steps_of(path, values, corpora=corpora)


def smoke(repository: Path, name: str, encoder: Path, **values: str) -> dict[str, Any]:
    given = {"budget": "'smoke'", "encoder": f"encoders.transformer('{encoder}')"}
    return config(repository, name, **given, **values)


def report_of(graph: Any, name: str, workspace: TangoIEWorkspace) -> Report:
    report = graph[name].result(workspace)
    assert isinstance(report, Report)
    return report


def arms_of(report: Report) -> list[str]:
    return [variant.name for variant in report.variants]


def test_low_resource(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    graph = graph_of(smoke(repository, "low_resource", tiny_encoder))
    workspace = TangoIEWorkspace(str(tmp_path))
    report = report_of(graph, "compare_field_1shot", workspace)
    assert arms_of(report) == ["tagger_1shot", "mrc_1shot", "qpmrc_1shot", "qpmrc_depth1_1shot"]
    for arm in (*MODELS, "qpmrc_depth1"):
        archive = graph[f"train_field_{arm}_1shot_seed1"].result(workspace)
        assert archive.info["steps"] == 2 and archive.info["best_epoch"] is None
        sizes = archive.info["num_train_sentences"]
        assert sizes == len(graph["sample_field_1shot_seed1"].result(workspace)["train"])


def test_transfer(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    graph = graph_of(smoke(repository, "transfer", tiny_encoder))
    workspace = TangoIEWorkspace(str(tmp_path))
    report = report_of(graph, "compare_field", workspace)
    assert report.baseline.name == "tagger_target_only"
    kinds = ("target_only", "conll_first", "joint")
    assert {*arms_of(report)} == {f"{model}_{kind}" for model in MODELS for kind in kinds}
    alone = report_of(graph, "compare_field_mrc", workspace)
    assert {*arms_of(alone)} == {f"mrc_{kind}" for kind in kinds}
    # WORK is a type of the source alone; the target is asked for nothing but its own.
    schemas = [
        graph[f"train_{name}_seed1"].result(workspace).schema.entity_types
        for name in ("mrc_source", "field_mrc_conll_first")
    ]
    assert ["WORK" in types for types in schemas] == [True, False]
    merged = graph["merge_field_joint"].result(workspace)
    own = len(graph["sample_field_test"].result(workspace)["train"])
    source = len(graph["sample_source"].result(workspace)["train"])
    assert len(merged["train"]) == source + 2 * own


def test_the_ablation(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    chosen = smoke(repository, "ablation", tiny_encoder)
    full = chosen["train_full_source_seed1"]["model"]
    for row, changes in ROWS.items():
        assert chosen[f"train_{row}_source_seed1"]["model"] == {**full, **changes}
        transferred = chosen[f"train_field_{row}_conll_first_seed1"]
        assert transferred["archive"]["ref"] == f"train_{row}_source_seed1"
    compare = chosen["compare"]
    assert {*compare["variants"]} == {*ROWS, "without_source"}
    assert compare["published"]["figures"].keys() == compare["variants"].keys()
    assert "compare_alone" not in chosen
    # With the source they are all made alike: one that reads all together is enough here.
    some = ["full", "vanilla", "without_source"]
    for figures in (compare["variants"], compare["predictions"], compare["published"]["figures"]):
        for row in {*figures} - {*some}:
            del figures[row]
    report = report_of(graph_of(chosen), "compare", TangoIEWorkspace(str(tmp_path)))
    assert arms_of(report) == some


def test_the_ablation_has_the_trainings_of_transfer(repository: Path) -> None:
    ablation, transfer = (config(repository, name) for name in ("ablation", "transfer"))
    for step in ("train_full_source_seed2", "train_music_full_target_only_seed3"):
        assert ablation[step] == transfer[step.replace("full", "qpmrc")]
    assert ablation["sample_source"] == transfer["sample_source"]
    full = config(repository, "ablation", budget="'full'")
    assert {*full["compare_alone"]["variants"]} == {*ROWS}


def test_depths_are_drawn_as_a_curve(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    deeper = shutil.copytree(tiny_encoder, tmp_path / "encoder")
    sizes = BertConfig.from_pretrained(tiny_encoder, num_hidden_layers=3)
    BertModel(sizes).save_pretrained(deeper)
    graph = graph_of(smoke(repository, "depth", deeper, depths="[3, 1, 2]"))
    report = report_of(graph, "compare", TangoIEWorkspace(str(tmp_path / "workspace")))
    assert arms_of(report) == ["depth3", "depth1", "depth2"]
    assert drawn(report)["ablation"].title == "F1 over query depth"


def test_in_domain_shows_each_type(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    chosen = smoke(repository, "in_domain", tiny_encoder)
    assert chosen["compare"]["paired_seeds"]
    graph = graph_of(chosen)
    report = report_of(graph, "compare", workspace)
    assert arms_of(report) == MODELS
    drawn_sentences = graph["sample_seed1"].result(workspace)["train"].sentences()
    mentions = Counter(one.label for item in drawn_sentences for one in item.entities)
    assert {label: mentions[label] for label in ("ORG", "PER", "LOC")} == {
        "ORG": 9,
        "PER": 9,
        "LOC": 2,
    }
    assert {"ORG", "PER", "LOC"} <= {*report.gold_per_label}


def test_in_domain_as_in_the_paper(repository: Path) -> None:
    chosen = config(repository, "in_domain")
    sample = chosen["sample_seed2"]
    assert sample["mentions"] == {"ORG": 3763, "PER": 2496, "LOC": 50, "MISC": 50}
    assert sample["sentences"] == 4001 and sample["seed"] == 2 and sample["strict"]
    trained = chosen["train_qpmrc_seed2"]
    assert trained["corpus"]["ref"] == "sample_seed2" and trained["dev_split"] is None
    assert trained["model"]["queries"]["names"] == {"MISC": "miscellaneous entity"}


def test_standard(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    graph = graph_of(smoke(repository, "standard", tiny_encoder))
    assert arms_of(report_of(graph, "compare_genia", workspace)) == MODELS
    archive = graph["train_genia_qpmrc_seed1"].result(workspace)
    assert archive.info["best_epoch"] == 1


def test_standard_nests_where_it_can(repository: Path) -> None:
    chosen = config(repository, "standard")
    genia, conll = (
        {name: chosen[f"train_{corpus}_{name}_seed1"]["model"] for name in MODELS}
        for corpus in ("genia", "conll2003")
    )
    assert genia["qpmrc"]["overlaps"] == "keep" and genia["mrc"]["nested"]
    assert "overlaps" not in conll["qpmrc"] and "nested" not in conll["mrc"]
    assert genia["tagger"] == conll["tagger"]
    assert "compare_msra" not in chosen


def test_standard_trains_on_dev_too_on_demand(repository: Path) -> None:
    for wanted in (True, False):
        chosen = config(repository, "standard", train_and_dev=str(wanted).lower(), budget="'full'")
        trained = chosen["train_conll2003_mrc_seed1"]
        assert trained.get("dev_split", "dev") == (None if wanted else "dev")
        assert trained["corpus"]["ref"] == ("merge_conll2003" if wanted else "convert_conll2003")
        assert "dev_split" not in chosen["train_genia_mrc_seed1"]
        assert trained["trainer"]["epochs"] == 100
    joined = config(repository, "standard", train_and_dev="true")["merge_conll2003"]
    assert joined["splits"] == {"train": ["train", "dev"], "test": "test"}


def test_standard_reads_chinese_with_an_encoder_that_does(repository: Path) -> None:
    chosen = config(repository, "standard", chinese_encoder="encoders.transformer('chinese')")
    trained = chosen["train_msra_qpmrc_seed1"]
    assert trained["model"]["encoder"]["model"] == "chinese" and trained["dev_split"] is None
    assert chosen["train_genia_qpmrc_seed1"]["model"]["encoder"]["model"] != "chinese"


def test_the_paper_s_rates_rise_again_and_again(repository: Path) -> None:
    cycles = {
        "standard": ("train_conll2003_tagger_seed1", 100),
        "low_resource": ("train_movie_mrc_10shot_seed1", 5),
        "transfer": ("train_music_qpmrc_conll_first_seed1", 5),
        "depth": ("train_depth1_seed1", 5),
    }
    for name, (step, number) in cycles.items():
        schedule = config(repository, name, budget="'full'")[step]["trainer"]["schedule"]
        assert schedule == {
            "type": "tango_ie::cosine_with_restarts",
            "warmup": 0.01,
            "cycles": number,
        }
        step_of_cpu = config(repository, name)[step]
        assert step_of_cpu["trainer"]["schedule"]["type"] == "tango_ie::linear"


def test_files_of_few_shots(repository: Path, tiny_encoder: Path, shared_data: Path) -> None:
    # What is run is what low_resource.jsonnet runs, but for where the draws come from.
    assert "compare_5shot" in graph_of(smoke(repository, "few_shot_files", tiny_encoder))
    chosen = config(repository, "few_shot_files", corpora=str(shared_data))
    for model in MODELS:
        trained = chosen[f"train_{model}_5shot_seed3"]
        assert trained["corpus"]["ref"] == "convert_5shot_seed3" and trained["dev_split"] is None
        assert chosen[f"predict_{model}_5shot_seed3"]["corpus"]["ref"] == "sample_conll2003_test"
    assert chosen["compare_20shot"]["paired_seeds"]
    graph = graph_of({"convert_5shot_seed3": chosen["convert_5shot_seed3"]})
    train = graph["convert_5shot_seed3"].result()["train"].sentences()
    mentions = Counter(one.label for item in train for one in item.entities)
    assert mentions == dict.fromkeys(("LOC", "MISC", "ORG", "PER"), 5)
