"""PMEI on static vectors and a BiLSTM: sentences by heart, and a long one in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.data.word_vectors import WordVectors
from tango_ie.inference import Archive, predict
from tango_ie.models import Model
from tests.models.model_contract import assert_same

REPOSITORY = Path(__file__).resolve().parents[2]
PEOPLE, CITIES = ("Ada", "Eva", "Kant", "Ines"), ("Riga", "Rome", "Bonn", "Oslo")
EIGHT = tuple(
    Sentence(
        (person, "was", "born", "in", city) if born else (person, "of", city, "left", "New", other),
        (Entity("PER", 0, 1), Entity("LOC", 4, 5))
        if born
        else (Entity("PER", 0, 1), Entity("LOC", 2, 3), Entity("LOC", 4, 6)),
        (Relation("born", 0, 1),) if born else (Relation("lives", 0, 1), Relation("born", 0, 2)),
    )
    for person, city, other in zip(PEOPLE, CITIES, reversed(CITIES), strict=True)
    for born in (True, False)
)


def recurrent_params(**params: Any) -> dict[str, Any]:
    """Static vectors and a BiLSTM, as in the paper; the vectors are invented."""
    words = tuple(sorted({word.lower() for sentence in EIGHT for word in sentence.words}))
    table = np.random.default_rng(0).normal(size=(len(words), 16)).astype(np.float32)
    vectors = {"type": "static_vectors", "vectors": WordVectors(words, table), "frozen": False}
    encoder = {"type": "recurrent", "input": vectors, "size": 16, "dropout": 0.1}
    return {"type": "progressive_joint", "encoder": encoder, **params}


def test_eight_sentences_by_heart_on_static_vectors(tmp_path: Path) -> None:
    """With draws and dropout in training; then through an archive."""
    params = recurrent_params()
    torch.manual_seed(0)
    model = Model.from_params(params, schema=Schema.from_sentences(EIGHT)).train()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    batch = model.collate(model.encode(EIGHT))
    for _ in range(100):
        optimiser.zero_grad()
        output = model(batch)
        (output.loss / output.loss_weight).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
    found = predict(model, EIGHT)
    for sentence, one in zip(EIGHT, found, strict=True):
        assert one.entities == sentence.entities
        assert set(one.relations) == set(sentence.relations)
        assert all(item.score > 0.5 for item in (*one.entities, *one.relations))
    archive = Archive.save(model, tmp_path / "archive", params, {})
    assert archive.params["encoder"]["input"]["vectors"].startswith("archive://")
    assert_same(predict(archive.load(), EIGHT), found, tolerance=0)


_PEAK = """
import re, sys
from pathlib import Path
import torch
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models import Model

def peak():  # of this process alone; getrusage also counts the one that it was forked from
    return int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024

torch.set_num_threads(1)
entities, relations = (Entity("A", 0, 2), Entity("A", 5, 6)), (Relation("r7", 0, 1),)
schema = Schema(("A",), tuple(f"r{index}" for index in range(200)))
encoder = {"type": "recurrent", "input": {"type": "static_vectors", "vectors": sys.argv[1]},
           "size": 50}
model = Model.from_params({"type": "progressive_joint", "encoder": encoder}, schema=schema)
optimiser = torch.optim.Adam(model.parameters())
for length in (10, 300):
    sentence = Sentence(("word",) * length, entities, relations)
    batch = model.collate(model.encode([sentence]))
    model(batch).loss.backward()
    optimiser.step()
    model.eval()
    with torch.inference_mode():
        model.decode(batch, model(batch))
    print(peak())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_a_long_sentence_with_many_types_trains_in_little_memory(tmp_path: Path) -> None:
    """300 words and 200 types: 18 million cells, of which dense tensors take 70 MB each."""
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("word " + " ".join(["0.1"] * 100) + "\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", _PEAK, str(vectors)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    short, long = map(float, run.stdout.split())
    assert long < 2048
    assert long - short < 128
