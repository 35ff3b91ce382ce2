"""The BiLSTM-CRF tagger, which is made of parts: all that a model must do, on static vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tango_ie.core.config import Lazy
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.data.word_vectors import WordVectors
from tango_ie.inference import Archive, predict
from tango_ie.models import Model
from tests.models.model_contract import SENTENCES, ModelContract, assert_same, fit

_WORDS = sorted({word.lower() for sentence in SENTENCES for word in sentence.words[:4]})
_VECTORS = np.random.default_rng(0).normal(size=(len(_WORDS), 12)).astype(np.float32)


class TestBiLSTMCRF(ModelContract):
    """GloVe's place is taken by invented vectors; some words have none."""

    arguments: dict[str, Any] = {"cell": "lstm"}
    characters: dict[str, Any] = {"type": "character_birnn", "size": 8}

    def params(self, encoder_folder: Path) -> dict[str, Any]:
        vectors = WordVectors(tuple(_WORDS), _VECTORS)
        words = {"type": "static_vectors", "vectors": vectors, "unknown": "learned"}
        parts = [words, self.characters, "casing"]
        encoder = {"type": "recurrent", "input": {"type": "concat", "parts": parts}, "size": 16}
        return {"type": "tagger", "encoder": encoder | self.arguments, "head": "crf"}

    def test_the_loss_falls(self, model: Model) -> None:
        """At a higher rate than that of the contract: these layers begin with random weights."""
        losses = fit(model, self.sentences, steps=12, rate=1e-2)
        assert losses[-1] < 0.8 * losses[0]

    def test_an_archive_holds_all_that_is_needed(
        self, model: Model, lazy: Lazy[Model], tmp_path: Path
    ) -> None:
        archive = Archive.save(model, tmp_path / "archive", lazy.params, {})
        names = {path.relative_to(archive.folder).as_posix() for path in archive.folder.rglob("*")}
        assert "encoder/input/0/words.json" in names
        words = archive.params["encoder"]["input"]["parts"][0]
        assert words["vectors"] == "archive://encoder/input/0"
        again = Archive.save(archive.load(), tmp_path / "again", archive.params, {})
        assert again.params == archive.params

    def test_learns_in_training_mode_from_other_sentences(self, model: Model) -> None:
        """With dropout, and with unseen words whose characters are all that is known of them."""
        people = ("Ida", "Eva", "Mia", "Una", "Lea", "Ute", "Ines", "Olga")
        labelled = [
            Sentence(("the", name, "met", other), (Entity("PER", 1, 2),))
            for name in people
            for other in people[:2]
        ]
        torch.manual_seed(0)
        batch = model.collate(model.encode(labelled))
        optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
        model.train()
        for _ in range(60):
            optimiser.zero_grad()
            output = model(batch)
            (output.loss / output.loss_weight).backward()
            optimiser.step()
        model.eval()
        (found,) = predict(model, [Sentence(("the", "Anna", "met", "Ida"))])
        assert [(item.label, item.start) for item in found.entities] == [("PER", 1)]


class TestBiGRUWithCharacterCNN(TestBiLSTMCRF):
    arguments = {"cell": "gru", "layers": 2, "variational": True}
    characters = {"type": "character_cnn", "size": 8}


def test_trained_vectors_are_kept_in_the_archive(tmp_path: Path) -> None:
    vectors = WordVectors(tuple(_WORDS), _VECTORS)
    words = {"type": "static_vectors", "vectors": vectors, "frozen": False, "word_dropout": 0.04}
    params = {"type": "tagger", "encoder": words}
    torch.manual_seed(0)
    model = Model.from_params(params, schema=Schema.from_sentences(SENTENCES))
    fit(model, SENTENCES, steps=20, rate=1e-2)
    assert not torch.equal(model.get_parameter("encoder.table"), torch.tensor(_VECTORS))
    archive = Archive.save(model, tmp_path, params, {})
    assert_same(predict(archive.load(), SENTENCES), predict(model, SENTENCES), tolerance=0)


@pytest.mark.gpu
def test_on_a_gpu_the_same(tmp_path: Path) -> None:
    contract = TestBiLSTMCRF()
    torch.manual_seed(0)
    model = Model.from_params(
        contract.params(tmp_path), schema=Schema.from_sentences(SENTENCES)
    ).eval()
    batch = model.collate(model.encode(SENTENCES))
    with torch.no_grad():
        here = model(batch)
        there = model.cuda()(batch.to(torch.device("cuda"), non_blocking=True))
    assert torch.allclose(there.logits.cpu(), here.logits, atol=1e-4)
