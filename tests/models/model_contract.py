"""What every model must do; test classes derive from :class:`ModelContract`.

The idea is AllenNLP's ``ModelTestCase``; the points are those of the project's conventions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.config import Lazy, read, realise
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, predict
from tango_ie.models import Model

SENTENCES = (
    Sentence(
        ("Ada", "Lovelace", "met", "Babbage", "in", "London", "."),
        (Entity("PER", 0, 2), Entity("PER", 3, 4), Entity("LOC", 5, 6)),
    ),
    Sentence(
        ("the", "European", "Commission", "sits", "in", "Brussels"),
        (Entity("ORG", 1, 3), Entity("LOC", 5, 6)),
    ),
    Sentence(("nothing", "here")),
    Sentence(("Paris",), (Entity("LOC", 0, 1),)),
)


def assert_micro_batches_add_up(model: Model, sentences: Sequence[Sentence]) -> None:
    """A batch that is split gives the gradient of the whole; for models that draw nothing."""
    features = model.encode(sentences)
    gradients = []
    for parts in ([features], [features[:1], features[1:3], features[3:]]):
        model.zero_grad()
        for part in parts:
            model(model.collate(part)).loss.backward()
        weights = [weight for weight in model.parameters() if weight.grad is not None]
        gradients.append([weight.grad.clone() for weight in weights])
    for whole, summed in zip(*gradients, strict=True):
        # Sums in another order differ by what the largest of their terms is rounded by.
        assert torch.allclose(whole, summed, rtol=1e-3, atol=1e-5 + 1e-4 * whole.abs().max().item())


def redrawn(model: Model, std: float) -> None:
    """Draw all weights above the encoder anew, large enough for every part of a model to matter."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if not name.startswith("encoder."):
                weight.normal_(std=std)


class ModelContract(ABC):
    """Derive, implement :meth:`params`, and change what a model needs otherwise.

    Attributes:
        sentences: gold that the model can represent.
        tolerance: of scores, between one batch and another.
    """

    sentences: Sequence[Sentence] = SENTENCES
    tolerance = 1e-5

    @abstractmethod
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        """The model's config, on the tiny encoder that lies in the folder."""

    @pytest.fixture
    def lazy(self, tiny_encoder: Path) -> Lazy[Model]:
        """The config, checked."""
        built = realise(read(Lazy[Model], self.params(tiny_encoder)))
        assert isinstance(built, Lazy)
        return built

    @pytest.fixture
    def model(self, lazy: Lazy[Model]) -> Model:
        """A fresh model, always with the same weights."""
        torch.manual_seed(0)
        return lazy.construct(schema=Schema.from_sentences(self.sentences))

    def test_the_loss_falls(self, model: Model) -> None:
        losses = fit(model, self.sentences, steps=8, rate=3e-3)
        assert losses[-1] < 0.8 * losses[0]

    def test_every_trainable_parameter_gets_a_gradient(self, model: Model) -> None:
        model.train()
        output = model(model.collate(model.encode(self.sentences)))
        assert output.loss.shape == output.loss_weight.shape == ()
        output.loss.backward()
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                assert parameter.grad is not None, f"{name} has no gradient"
                assert parameter.grad.isfinite().all(), f"the gradient of {name} is not finite"
                assert parameter.grad.abs().sum() > 0, f"the gradient of {name} is zero"

    def test_the_loss_of_a_batch_is_the_sum_of_its_parts(self, model: Model) -> None:
        model.eval()
        features = model.encode(self.sentences)
        with torch.no_grad():
            whole = model(model.collate(features))
            parts = [model(model.collate([item])) for item in features]
        for key in ("loss", "loss_weight"):
            total = sum(getattr(part, key).item() for part in parts)
            assert getattr(whole, key).item() == pytest.approx(total, rel=1e-4)

    def test_saved_and_loaded_it_predicts_the_same(
        self, model: Model, lazy: Lazy[Model], tmp_path: Path
    ) -> None:
        fit(model, self.sentences, steps=3, rate=1e-2)
        before = predict(model, self.sentences)
        moved = tmp_path / "moved"
        Archive.save(model, tmp_path / "archive", lazy.params, {}).folder.rename(moved)
        assert_same(predict(Archive(moved).load(), self.sentences), before, tolerance=0)

    def test_one_sentence_alone_is_the_same_as_in_a_padded_batch(self, model: Model) -> None:
        fit(model, self.sentences, steps=3, rate=1e-2)
        together = predict(model, self.sentences, token_budget=10_000)
        alone = predict(model, self.sentences, token_budget=1)
        assert_same(alone, together, self.tolerance)

    def test_odd_sentences(self, model: Model) -> None:
        odd = [Sentence(()), Sentence(("x",)), Sentence(("word",) * 900), Sentence(("\u200b",))]
        found = predict(model, odd)
        assert len(found) == 4
        assert found[0] == Annotations()
        for sentence, item in zip(odd, found, strict=True):
            replace(sentence, entities=item.entities)  # raises where a span lies outside
        together = predict(model, odd, token_budget=100_000)
        assert_same(together, found, self.tolerance)
        output = model(model.collate(model.encode(odd)))
        assert output.loss.isfinite()

    def test_no_sentences(self, model: Model) -> None:
        assert predict(model, []) == []

    def test_two_sentences_can_be_learned_by_heart(self, model: Model) -> None:
        pair = self.sentences[:2]
        fit(model, pair, steps=60, rate=5e-3)
        for sentence, found in zip(pair, predict(model, pair), strict=True):
            assert set(found.entities) == set(sentence.entities)
            assert set(found.relations) == set(sentence.relations)

    def test_scores_are_probabilities(self, model: Model) -> None:
        fit(model, self.sentences, steps=5, rate=3e-3)
        for found in predict(model, self.sentences):
            for item in (*found.entities, *found.relations):
                assert item.score is not None and 0 <= item.score <= 1

    def test_gold_is_not_looked_at_in_prediction(self, model: Model) -> None:
        unknown = [
            replace(sentence, entities=(Entity("UNKNOWN", 0, 1),), relations=())
            for sentence in self.sentences
        ]
        assert_same(predict(model, unknown), predict(model, self.sentences), tolerance=0)

    def test_unknown_gold_is_named_in_training(self, model: Model) -> None:
        with pytest.raises(DataError, match=r"'UNKNOWN'.*it knows .*LOC"):
            model.encode([Sentence(("a",), (Entity("UNKNOWN", 0, 1),))])

    def test_prediction_leaves_the_mode_as_it_was(self, model: Model) -> None:
        for training in (True, False):
            model.train(training)
            predict(model, self.sentences)
            assert model.training == training
        fit(model, self.sentences, steps=1, rate=1e-3)

    def test_bf16_is_close(self, model: Model) -> None:
        fit(model, self.sentences, steps=60, rate=5e-3)
        exact = predict(model, self.sentences, precision="float32")
        rough = predict(model, self.sentences, precision="bf16")
        assert [set(item.entities) for item in rough] == [set(item.entities) for item in exact]
        assert all(parameter.dtype == torch.float32 for parameter in model.parameters())

    def test_adapting_keeps_what_both_schemas_have(self, model: Model) -> None:
        fit(model, self.sentences, steps=60, rate=5e-3)
        before = [set(found.entities) for found in predict(model, self.sentences)]
        model.adapt(model.schema)
        assert [set(found.entities) for found in predict(model, self.sentences)] == before
        other = Schema(entity_types=("LOC", "WORK"))
        torch.manual_seed(1)
        model.adapt(other)
        assert model.schema == other
        first = {name: weight.clone() for name, weight in model.state_dict().items()}
        found = {e.label for item in predict(model, self.sentences) for e in item.entities}
        assert found <= {"LOC", "WORK"}
        torch.manual_seed(1)
        model.adapt(Schema(entity_types=("PER", "LOC")))
        model.adapt(Schema(entity_types=("LOC",)))
        for name, weight in model.state_dict().items():
            if first[name].shape == weight.shape:
                assert torch.equal(first[name], weight), f"{name} was kept, but changed"
        fit(model, [Sentence(("Paris",), (Entity("LOC", 0, 1),))], steps=2, rate=1e-3)


def fit(model: Model, sentences: Sequence[Sentence], steps: int, rate: float) -> list[float]:
    """Train without dropout on all sentences at once; returns the loss per unit of each step."""
    model.eval()  # frozen dropout: a test wants the same numbers every time
    batch = model.collate(model.encode(sentences))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(trained, lr=rate)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        output = model(batch)
        loss = output.loss / output.loss_weight
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def assert_same(
    found: Sequence[Annotations], expected: Sequence[Annotations], tolerance: float
) -> None:
    """The same items in the same order, with scores that differ by no more than ``tolerance``."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one == other
        scores = [item.score for item in (*one.entities, *one.relations)]
        wanted = [item.score for item in (*other.entities, *other.relations)]
        assert scores == pytest.approx(wanted, abs=tolerance, rel=0)
