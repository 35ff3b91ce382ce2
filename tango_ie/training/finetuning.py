"""From a corpus to an archive: training a model anew, or from another archive."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tango_ie.core.config import Lazy
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.corpus import Corpus
from tango_ie.data.schema import Schema
from tango_ie.inference.archive import Archive
from tango_ie.models.base import Model, SeveralLayers
from tango_ie.modules.encoders import Encoder, open_archive
from tango_ie.training.early_stopping import Evaluation
from tango_ie.training.evaluation import EntityEvaluation, LayerEvaluation, RelationEvaluation
from tango_ie.training.finished import write_folder
from tango_ie.training.history import FILE_NAME, write_history
from tango_ie.training.mixture import (
    ENTITIES,
    FurtherCorpus,
    Part,
    check_layers,
    ratio_by_temperature,
)
from tango_ie.training.oracle import OracleEvaluation
from tango_ie.training.randomness import seed_everything
from tango_ie.training.trainer import Trainer

logger = logging.getLogger(__name__)
_ARCHIVE = "archive"


@dataclass(frozen=True)
class TrainingData:
    """What is trained on, and what decides which epoch is kept.

    Args:
        corpus: with the splits.
        train_split: trained on.
        dev_split: scored after every epoch; ``None`` keeps the last epoch.
        layers: what the corpus has gold for (``entities``, layers of word tags); ``None`` for all
            that it has.
        further: corpora that are trained on beside it, by names of one's choice.
        temperature: of their shares in an epoch, see
            :func:`tango_ie.training.mixture.ratio_by_temperature`; above 0.
        oracle_split: scored after every epoch beside ``dev_split``, into the history alone; see
            :class:`tango_ie.training.oracle.OracleEvaluation`.

    Raises:
        ConfigurationError: a layer that is not there, a temperature out of range, or an oracle
            without a dev split to be held against.
    """

    corpus: Corpus
    train_split: str = "train"
    dev_split: str | None = "dev"
    layers: tuple[str, ...] | None = None
    further: Mapping[str, FurtherCorpus] = field(default_factory=dict)
    temperature: float = 1.0
    oracle_split: str | None = None

    def __post_init__(self) -> None:
        if self.oracle_split is not None and self.dev_split in (None, self.oracle_split):
            raise ConfigurationError(
                "shows what is gained by choosing the epoch on another split than dev_split, which "
                f"is {self.dev_split!r}; name two splits, or leave the oracle out",
                "oracle_split",
            )
        if not self.temperature > 0:
            raise ConfigurationError(
                f"must be more than 0, found {self.temperature}", "temperature"
            )
        if self.layers is not None:
            check_layers(self.layers, self.corpus.schema)

    @property
    def schema(self) -> Schema:
        """The labels of the corpus, and those that further corpora have gold for."""
        schema = self.corpus.schema
        for name in sorted(self.further):
            schema = schema.merge(self.further[name].schema)
        return schema

    def evaluation(self, layer: str = ENTITIES, with_relations: bool = False) -> Evaluation | None:
        """Scores on the dev split, if there is one, and those of the oracle beside them.

        Args:
            layer: what is scored.
            with_relations: beside entities.

        Raises:
            ConfigurationError: the corpus has no such split, the split no such layer, or an oracle
                for a layer of word tags.
        """
        if self.dev_split is None:
            return None
        sentences = self.corpus[self.dev_split].sentences()
        if layer != ENTITIES:
            if self.oracle_split is not None:
                raise ConfigurationError(
                    f"is for models of entities; this one's main task tags {layer!r}",
                    "oracle_split",
                )
            return LayerEvaluation(sentences, layer)
        dev = RelationEvaluation(sentences) if with_relations else EntityEvaluation(sentences)
        if self.oracle_split is None:
            return dev
        return OracleEvaluation(dev, self.corpus[self.oracle_split].sentences(), with_relations)

    def parts(self, main_size: int) -> list[Part]:
        """The sentences of the further corpora, with what an epoch takes of them."""
        found = []
        for name in sorted(self.further):
            further = self.further[name]
            sentences, ratio = further.sentences(), further.ratio
            if ratio is None:
                ratio = ratio_by_temperature(len(sentences), main_size, self.temperature)
            found.append(Part(sentences, further.layers, ratio))
        return found

    def describe(self) -> dict[str, Any]:
        """For the archive's info."""
        described: dict[str, Any] = {
            "corpus_fingerprint": self.corpus.fingerprint,
            "train_split": self.train_split,
            "dev_split": self.dev_split,
        }
        if self.layers is not None:
            described["layers"] = list(self.layers)
        if self.oracle_split is not None:
            described["oracle_split"] = self.oracle_split
        if self.further:
            described["temperature"] = self.temperature
            described["further"] = {
                name: {
                    "corpus_fingerprint": further.corpus.fingerprint,
                    "layers": list(further.layers),
                    "split": further.split,
                    "ratio": further.ratio,
                }
                for name, further in sorted(self.further.items())
            }
        return described


def finetune(
    model: Lazy[Model],
    data: TrainingData,
    trainer: Lazy[Trainer],
    seed: int,
    work_dir: Path,
    name: str = "training",
) -> Archive:
    """Train a model from its config.

    Args:
        model: its encoder may be frozen, or trained at its own rate through the groups of the
            optimiser.
        data: corpus and splits.
        trainer: how to train.
        seed: of the model's initial weights and of training.
        work_dir: checkpoints lie here while training runs, the archive afterwards.
        name: shown to people.

    Raises:
        ConfigurationError: parts that do not fit each other.
        DataError: gold that the model cannot take.
    """
    origin = {"model": model.params, "seed": seed}
    request = _Request(data, trainer, seed, work_dir, name, origin)
    if (finished := request.finished()) is not None:
        return finished
    seed_everything(seed)
    return request.train(model.construct(schema=data.schema), model.params)


def transfer(
    archive: Archive,
    data: TrainingData,
    trainer: Lazy[Trainer],
    seed: int,
    work_dir: Path,
    reset_head: bool = False,
    name: str = "training",
) -> Archive:
    """Train an archived model further, on a corpus that may have other labels.

    Labels that both have keep their weights, the others begin anew.

    Args:
        archive: where to start.
        reset_head: take nothing but the encoder over.

    The other arguments and errors are those of :func:`finetune`.
    """
    origin = {"archive": archive.info, "params": archive.params, "reset_head": reset_head}
    request = _Request(data, trainer, seed, work_dir, name, {**origin, "seed": seed})
    if (finished := request.finished()) is not None:
        return finished
    seed_everything(seed)
    model = archive.load()
    if reset_head:
        model = _with_new_head(archive, model, data)
    else:
        kept = [label for label in data.schema.entity_types if label in _labels(archive)]
        logger.info("labels that keep their weights: %s", ", ".join(kept) or "none")
        model.adapt(data.schema)
    return request.train(model, archive.params)


@dataclass(frozen=True)
class _Request:
    """One training, from a built model to an archive."""

    data: TrainingData
    trainer: Lazy[Trainer]
    seed: int
    work_dir: Path
    name: str
    origin: Mapping[str, Any]

    @property
    def made_from(self) -> dict[str, Any]:
        """What the archive was made from; JSON-able."""
        return {**self.origin, "trainer": self.trainer.params, **self.data.describe()}

    def finished(self) -> Archive | None:
        """The archive of a run that ended here and could not hand it over any more."""
        try:
            archive = Archive(self.work_dir / _ARCHIVE)
        except DataError:
            return None
        return archive if archive.info.get("made_from") == self.made_from else None

    def train(self, model: Model, params: Mapping[str, Any]) -> Archive:
        """Train and archive."""
        sentences = self.data.corpus[self.data.train_split].sentences()
        further = self.data.parts(len(sentences))
        everything = [*sentences, *(item for part in further for item in part.sentences)]
        left_out = model.unrepresentable(everything)
        if left_out:
            shown = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
            logger.warning("gold that this model cannot represent is not trained on: %s", shown)
        trainer = self.trainer.construct()
        layer = model.main_layer if isinstance(model, SeveralLayers) else ENTITIES
        result = trainer.train(
            model,
            sentences,
            self.work_dir,
            self.seed,
            self.data.evaluation(layer, bool(model.relation_types)),
            self.name,
            self.made_from,
            further,
            self.data.layers,
        )
        info = {**result.info, "unrepresentable": left_out, "made_from": self.made_from}
        if isinstance(model, SeveralLayers):
            info["tasks"] = model.describe_tasks()

        def write(folder: Path) -> None:
            Archive.save(model, folder, params, info)
            write_history(folder / FILE_NAME, result.history)

        archive = Archive(write_folder(self.work_dir / _ARCHIVE, write))
        trainer.discard_checkpoints(self.work_dir)
        return archive


def _labels(archive: Archive) -> set[str]:
    return {*archive.schema.entity_types, *archive.schema.relation_types}


def _with_new_head(archive: Archive, trained: Model, data: TrainingData) -> Model:
    """A model as its config makes it, with the encoders of a trained one."""
    with open_archive(archive.folder):
        model: Model = Model.from_params(archive.params, schema=data.schema)
    for name, child in trained.named_children():
        if isinstance(child, Encoder):
            model.get_submodule(name).load_state_dict(child.state_dict())
    return model.eval()
