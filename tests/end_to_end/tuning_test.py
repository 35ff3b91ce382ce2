"""A tagger on a tuned encoder, from the embedded corpus to scores, and trained further."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive
from tests.end_to_end.configs import graph_of

FILES = "pkg://tango_ie/data/embedded/files/field"


def test_train_transfer_and_evaluate(tiny_encoder: Path, tmp_path: Path) -> None:
    trainer = {
        "epochs": 1,
        "optimizer": {
            "learning_rate": 2e-3,
            "groups": [{"pattern": r"^encoder\.", "learning_rate": 1e-3}],
        },
        "hardware": {"device": "cpu"},
    }
    encoder: dict[str, Any] = {
        "type": "tango_ie::transformer",
        "model": str(tiny_encoder),
        "tuning": {"type": "tango_ie::unipelt", "prefix_mid": 32},
    }
    corpus = {"type": "ref", "ref": "convert"}
    graph = graph_of(
        {
            "convert": {
                "type": "tango_ie::convert_dataset",
                "reader": {"type": "tango_ie::jsonl"},
                "splits": {split: f"{FILES}/{split}.jsonl" for split in ("train", "dev", "test")},
            },
            "train": {
                "type": "tango_ie::finetune_heads",
                "model": {"type": "tango_ie::tagger", "encoder": encoder},
                "corpus": corpus,
                "trainer": trainer,
            },
            "further": {
                "type": "tango_ie::transfer",
                "archive": {"type": "ref", "ref": "train"},
                "corpus": corpus,
                "trainer": trainer,
                "reset_head": True,
            },
            "predict": {
                "type": "tango_ie::predict",
                "archive": {"type": "ref", "ref": "further"},
                "corpus": corpus,
            },
            "evaluate": {
                "type": "tango_ie::evaluate",
                "predictions": {"type": "ref", "ref": "predict"},
                "corpus": corpus,
            },
        }
    )
    workspace = TangoIEWorkspace(str(tmp_path))
    graph["evaluate"].result(workspace)
    hidden, layers = 32, 2
    expected = (
        layers * (2 * hidden * 48 + 48 + hidden)
        + 10 * hidden
        + (hidden + 1) * 32
        + layers * 2 * hidden * 33
        + layers * 4 * hidden * 8
        + layers * 4 * (hidden + 1)
    )
    for step in ("train", "further"):
        archive = graph[step].result(workspace)
        assert isinstance(archive, Archive)
        model: Any = archive.load()
        heads = sum(
            weight.numel()
            for name, weight in model.named_parameters()
            if not name.startswith("encoder.")
        )
        assert archive.info["num_trainable_parameters"] == expected + heads
        assert archive.params["encoder"]["tuning"]["prefix_mid"] == 32
