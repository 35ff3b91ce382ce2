"""Several layers of tags on one encoder: entities with parts of speech, chunks, ….

Legend: B batch, T words, L tags of a task, H hidden, K tasks, I layers given as input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from tango_ie.core.config import Lazy, build
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model
from tango_ie.models.multitask_batch import MultitaskBatch, MultitaskFeatures, MultitaskOutput
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.gold_tags import GoldTags
from tango_ie.modules.losses import GradientRule, TaskWeighting
from tango_ie.modules.task_choice import check_tasks, known_tasks, main_task
from tango_ie.modules.task_head import ENTITIES, Gold, Task, TaskHead, shuffled

_DEFAULTS: Any = {}


@Model.register("tango_ie::multitask_tagger")
class MultitaskTagger(Model):
    """Tag any number of layers with one encoder, mostly in the hope that one of them profits.

    Source: the question of a forum thread, whether a tagger of names gets better when it also
    learns parts of speech; multi-task tagging goes back to Collobert and Weston (2008). From the
    code in the thread we differ knowingly: a word's loss is counted once, at the vector that the
    encoder gives to the word; sub-words after the first, special tokens and padding never enter a
    loss. Which epoch is kept is decided by the main task alone.

    Gold may lie in different corpora. A sentence that lacks the layer of a task does not count in
    that task's loss. For word tags the sentence itself shows that; for entities it cannot (no
    entities are no gap), so that ``finetune_heads`` has to be told which corpus has gold for what
    (``further``).

    The loss of a batch is a sum over words, see :class:`~tango_ie.modules.losses.TaskWeighting`;
    its weight is the number of words that have gold for any task. With a single task and the same
    options, this is the tagger: same weights and draws from the same seed. The main task's weights
    and dropout are drawn first, so that arms of a comparison begin with the same numbers.

    Only the tasks that are asked for run in prediction.

    With ``inputs`` the *gold* tags of layers stand beside the words' vectors, in training and in
    prediction: then sentences must have them everywhere. What comes out is an upper bound for what
    a layer may give, not a score of something that could be used. Nothing else in decoding sees
    gold.

    Args:
        schema: the entity types and layers of tags.
        encoder: gives the words' vectors.
        tasks: by names of your choice, see :class:`~tango_ie.modules.task_head.Task`.
        main: the task that it is all about. ``None``: ``ner`` where there is one, else the only
            one.
        weighting: how the losses become one, see :mod:`tango_ie.modules.losses`.
        predict: tasks that are run in prediction, the main one among them; ``None``: no other.
        inputs: layers of word tags whose gold is read.
        input_size: size of a tag's vector, at least 1.

    Attributes:
        gradient_rule: what the trainer asks about the tasks' gradients; ``None`` for weightings
            that need no more than losses.

    Raises:
        ConfigurationError: a task or layer that is not there, two tasks for one layer, or a task
            for a layer that is given as input.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        tasks: dict[str, Task],
        main: str | None = None,
        weighting: Lazy[TaskWeighting] = _DEFAULTS,
        predict: list[str] | None = None,
        inputs: list[str] | None = None,
        input_size: int = 32,
    ) -> None:
        super().__init__(schema)
        tasks = {name: build(Task, task, f"tasks.{name}") for name, task in tasks.items()}
        self.main = main_task(tasks, main)
        self.tasks = {name: tasks[name] for name in [self.main, *sorted({*tasks} - {self.main})]}
        self.layers = {name: task.layer_of(name) for name, task in self.tasks.items()}
        self.predicted = known_tasks(
            [self.main] if predict is None else predict, self.tasks, "predict"
        )
        if self.main not in self.predicted:
            raise ConfigurationError(f"the main task {self.main!r} is missing", "predict")
        check_tasks(self.tasks, self.layers, inputs or [])
        check_at_least(1, input_size=input_size)
        self.encoder = encoder
        size = encoder.output_size + input_size * len(inputs or [])
        self.heads = nn.ModuleDict(
            {
                name: TaskHead(size, schema, self.layers[name], task)
                for name, task in self.tasks.items()
            }
        )
        self.inputs = nn.ModuleList(GoldTags(schema, layer, input_size) for layer in inputs or [])
        weights = [task.weight for task in self.tasks.values()]
        self.weighting: TaskWeighting = build(
            TaskWeighting, weighting, "weighting", {"weights": weights}
        )
        shuffles = any(task.shuffle for task in self.tasks.values())
        # The last to be drawn: the arm without it starts from the same weights.
        self.shuffle_seed = int(torch.randint(2**62, ())) if shuffles else 0

    @property
    def gradient_rule(self) -> GradientRule | None:
        """See the class."""
        return self.weighting if isinstance(self.weighting, GradientRule) else None

    @property
    def main_layer(self) -> str:
        """What the main task tags: ``entities``, or a layer of word tags."""
        return self.layers[self.main]

    def describe_tasks(self) -> dict[str, Any]:
        """The layers of the tasks, and what their weighting has learned, in the same order."""
        return {"layers": dict(self.layers), **self.weighting.describe()}

    def encode(
        self,
        sentences: Sequence[Sentence],
        with_gold: bool = True,
        layers: Sequence[str] | None = None,
    ) -> list[MultitaskFeatures]:
        """See :meth:`Model.encode`; layers that are ``inputs`` are read without gold, too.

        Args:
            layers: that the sentences have gold for (``entities`` may be one); ``None`` for all,
                so that sentences without entities are taken at their word.
        """
        words = self.encoder.encode(sentences)
        inputs = [tuple(layer.ids(one) for layer in self._inputs) for one in sentences]
        if not with_gold:
            none = (None for _ in sentences)
            return [MultitaskFeatures(*item) for item in zip(words, none, inputs, strict=True)]
        gold = [
            self._gold(name, sentences)
            if layers is None or layer in layers
            else [None] * len(sentences)
            for name, layer in self.layers.items()
        ]  # K × sentences
        rows = zip(words, zip(*gold, strict=True), inputs, strict=True)
        return [MultitaskFeatures(*row) for row in rows]

    def collate(self, features: Sequence[MultitaskFeatures]) -> MultitaskBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        return MultitaskBatch.padded(words, features, len(self.tasks))

    def forward(self, batch: MultitaskBatch) -> MultitaskOutput:
        """See :meth:`Model.forward`."""
        mask = batch.words.word_mask  # (B, T)
        vectors = self.encoder(batch.words)  # (B, T, H)
        given = [layer(ids) for layer, ids in zip(self.inputs, batch.inputs, strict=True)]
        if given:
            vectors = torch.cat([vectors, *given], dim=-1)  # (B, T, H + I * input_size)
        if batch.tag_ids is None or batch.labelled is None:
            logits = {name: self.heads[name](vectors, mask) for name in self.predicted}
            return MultitaskOutput(logits=logits)
        nothing = vectors.new_zeros((), dtype=torch.float32)
        any_gold = torch.zeros_like(mask)  # (B, T)
        logits, task_losses = {}, {}
        for place, name in enumerate(self.tasks):
            task_losses[name] = nothing, nothing
            # The main task always runs, so that there is a loss even where nobody has gold.
            if not batch.num_labelled[place] and name != self.main:
                continue
            counted = mask
            if batch.num_labelled[place] < len(mask):
                counted = mask & batch.labelled[place].unsqueeze(1)  # (B, T)
            logits[name] = self.heads[name](vectors, mask)  # (B, T, L)
            head = self._tag_head(name)
            task_losses[name] = head.loss(logits[name], batch.tag_ids[place], counted)
            any_gold = any_gold | counted
        losses = torch.stack([loss for loss, _ in task_losses.values()])  # (K,)
        counts = torch.stack([count.to(losses.dtype) for _, count in task_losses.values()])  # (K,)
        return MultitaskOutput(
            loss=self.weighting(losses, counts),
            loss_weight=any_gold.sum(),
            task_losses=task_losses,
            logits=logits,
        )

    def decode(self, batch: MultitaskBatch, output: MultitaskOutput) -> list[Annotations]:
        """See :meth:`Model.decode`: entities, and tags of the layers that were asked for."""
        missing = [name for name in self.predicted if name not in output.logits]
        if missing:
            raise ValueError(f"decode needs the logits of {', '.join(missing)}")
        mask = batch.words.word_mask
        found = [self._tag_head(name).decode(output.logits[name], mask) for name in self.predicted]
        together = [Annotations()] * len(mask)
        for name, items in zip(self.predicted, found, strict=True):
            together = [
                replace(one, entities=item.entities)
                if self.layers[name] == ENTITIES
                else replace(one, tags={**one.tags, **item.tags})
                for one, item in zip(together, items, strict=True)
            ]
        return together

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        Tasks for layers of tags that the schema lacks stay as they are, and their layers are added
        to the model's schema. The heads' parameters are replaced: make the optimiser afterwards.
        """
        layers = {*self.layers.values(), *(layer.layer for layer in self._inputs)} - {ENTITIES}
        kept = {
            layer: self.schema.tag_layers[layer]
            for layer in sorted(layers)
            if not schema.tag_layers.get(layer)
        }
        if kept:
            schema = replace(schema, tag_layers={**schema.tag_layers, **kept})
        self.schema = schema
        for name in self.tasks:
            self._task_head(name).adapt(schema)
        for place, layer in enumerate(self._inputs):
            self.inputs[place] = layer.adapted(schema)

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Entities left out of training: ``same_span``, ``nested`` or ``crossing`` a kept one."""
        if ENTITIES not in self.layers.values():
            return {}
        return EntityHead.unrepresentable(sentences)

    @property
    def _inputs(self) -> list[GoldTags]:
        return [layer for layer in self.inputs if isinstance(layer, GoldTags)]

    def _task_head(self, name: str) -> TaskHead:
        head = self.heads[name]
        assert isinstance(head, TaskHead)
        return head

    def _tag_head(self, name: str) -> Any:
        return self._task_head(name).tags

    def _gold(self, name: str, sentences: Sequence[Sentence]) -> list[Gold]:
        gold = [self._tag_head(name).gold(sentence) for sentence in sentences]
        if not self.tasks[name].shuffle:
            return gold
        place = [*self.tasks].index(name)
        return shuffled(gold, np.random.default_rng((self.shuffle_seed, place)))
