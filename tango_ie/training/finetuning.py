"""From a corpus to an archive: training a model anew, or from another archive."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tango_ie.core.config import Lazy
from tango_ie.core.errors import DataError
from tango_ie.data.corpus import Corpus
from tango_ie.inference.archive import Archive
from tango_ie.models.base import Model
from tango_ie.modules.encoders import Encoder, open_archive
from tango_ie.training.evaluation import EntityEvaluation
from tango_ie.training.finished import write_folder
from tango_ie.training.history import FILE_NAME, write_history
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
    """

    corpus: Corpus
    train_split: str = "train"
    dev_split: str | None = "dev"

    def evaluation(self) -> EntityEvaluation | None:
        """Scores on the dev split, if there is one.

        Raises:
            ConfigurationError: the corpus has no such split.
        """
        if self.dev_split is None:
            return None
        return EntityEvaluation(self.corpus[self.dev_split].sentences())

    def describe(self) -> dict[str, Any]:
        """For the archive's info."""
        return {
            "corpus_fingerprint": self.corpus.fingerprint,
            "train_split": self.train_split,
            "dev_split": self.dev_split,
        }


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
    return request.train(model.construct(schema=data.corpus.schema), model.params)


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
        kept = [label for label in data.corpus.schema.entity_types if label in _labels(archive)]
        logger.info("labels that keep their weights: %s", ", ".join(kept) or "none")
        model.adapt(data.corpus.schema)
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
        left_out = model.unrepresentable(sentences)
        if left_out:
            shown = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
            logger.warning("gold that this model cannot represent is not trained on: %s", shown)
        trainer = self.trainer.construct()
        evaluation = self.data.evaluation()
        result = trainer.train(
            model, sentences, self.work_dir, self.seed, evaluation, self.name, self.made_from
        )
        info = {**result.info, "unrepresentable": left_out, "made_from": self.made_from}

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
        model: Model = Model.from_params(archive.params, schema=data.corpus.schema)
    for name, child in trained.named_children():
        if isinstance(child, Encoder):
            model.get_submodule(name).load_state_dict(child.state_dict())
    return model.eval()
