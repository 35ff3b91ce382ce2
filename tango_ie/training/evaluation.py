"""Scores on the dev split that decide which epoch is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.batching import plan_batches
from tango_ie.inference.devices import Precision
from tango_ie.inference.predictor import predict
from tango_ie.metrics.entities import entity_scores
from tango_ie.metrics.relation_rules import relation_rule
from tango_ie.models.base import Model

Direction = Literal["max", "min"]
_TOKEN_BUDGET = 4096


class EntityEvaluation:
    """Strict micro scores of decoded entities over the whole split.

    Gold that the model cannot represent counts as missed, as it does in the ``evaluate`` step.

    Args:
        sentences: the dev split with gold.
        precision: that prediction will use later.
    """

    metrics: Mapping[str, Direction] = {
        "entities_f1": "max",
        "entities_precision": "max",
        "entities_recall": "max",
    }

    def __init__(self, sentences: Sequence[Sentence], precision: Precision = "auto") -> None:
        self.sentences = list(sentences)
        self.precision = precision

    def __call__(self, model: Model) -> dict[str, float]:
        """Scores of ``model``, on the device where it is."""
        device = str(next(model.parameters()).device)
        return self.scores(predict(model, self.sentences, device, self.precision))

    def scores(self, annotations: Sequence[Annotations]) -> dict[str, float]:
        """Scores of what was predicted."""
        scores = entity_scores(
            [sentence.entities for sentence in self.sentences],
            [found.entities for found in annotations],
        )
        return {f"entities_{name}": scores[name] for name in ("f1", "precision", "recall")}


class RelationEvaluation(EntityEvaluation):
    """Strict micro scores of decoded relations, and of entities, over the whole split.

    A relation is found when its label, its direction and both of its entities are gold's. The first
    score is that of relations, because they cannot be right without their entities.

    Args:
        sentences: the dev split with gold.
        precision: that prediction will use later.
    """

    metrics: Mapping[str, Direction] = {
        "relations_f1": "max",
        "relations_precision": "max",
        "relations_recall": "max",
        **EntityEvaluation.metrics,
        "mean_f1": "max",
    }

    def scores(self, annotations: Sequence[Annotations]) -> dict[str, float]:
        """Scores of what was predicted; ``mean_f1`` is the mean of both F1."""
        ratios = relation_rule("strict").table(self.sentences, annotations).total.ratios
        relations = {f"relations_{name}": value for name, value in ratios._asdict().items()}
        both = {**relations, **super().scores(annotations)}
        both["mean_f1"] = (both["relations_f1"] + both["entities_f1"]) / 2
        return {name: both[name] for name in self.metrics}


class LayerEvaluation:
    """Accuracy of a layer of word tags over the whole split.

    Args:
        sentences: the dev split with gold.
        layer: a key of ``tags``; sentences without it are left out.
        precision: that prediction will use later.

    Raises:
        ConfigurationError: no sentence has the layer.
    """

    metrics: Mapping[str, Direction] = {"accuracy": "max"}

    def __init__(
        self, sentences: Sequence[Sentence], layer: str, precision: Precision = "auto"
    ) -> None:
        self.sentences = [sentence for sentence in sentences if layer in sentence.tags]
        if not self.sentences:
            raise ConfigurationError(f"no sentence of the dev split has the layer {layer!r}")
        self.layer = layer
        self.precision = precision

    def __call__(self, model: Model) -> dict[str, float]:
        """Scores of ``model``, on the device where it is."""
        device = str(next(model.parameters()).device)
        annotations = predict(model, self.sentences, device, self.precision)
        right = words = 0
        for sentence, found in zip(self.sentences, annotations, strict=True):
            pairs = zip(sentence.tags[self.layer], found.tags[self.layer], strict=True)
            right += sum(gold == tag for gold, tag in pairs)
            words += len(sentence)
        return {"accuracy": right / max(words, 1)}


class PerplexityEvaluation:
    """How well masked sub-words are guessed; the same ones after every epoch.

    ``loss`` is the mean over what is to be guessed, ``perplexity`` its exponential.

    Args:
        sentences: the dev split; its annotations are not looked at.
        seed: of what is masked.
    """

    metrics: Mapping[str, Direction] = {"perplexity": "min", "loss": "min"}

    def __init__(self, sentences: Sequence[Sentence], seed: int = 0) -> None:
        self.sentences = list(sentences)
        self.seed = seed

    def __call__(self, model: Any) -> dict[str, float]:
        """Scores of a masked language model, on the device where it is."""
        device = next(model.parameters()).device
        features = model.encode(self.sentences, with_gold=False)
        sums = torch.zeros(2, device=device)  # (2,) loss, number of sub-words
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.default_generator.manual_seed(self.seed)
            for batch in plan_batches([item.cost for item in features], _TOKEN_BUDGET):
                output = model(model.collate([features[index] for index in batch]).to(device))
                sums += torch.stack((output.loss, output.loss_weight))
        total, count = sums.tolist()
        loss = total / count if count else 0.0
        return {"perplexity": math.exp(min(loss, 100.0)), "loss": loss}
