"""Step: train a model on top of an encoder."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.core.config import Lazy
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, ArchiveFormat
from tango_ie.models import Model
from tango_ie.training import Trainer
from tango_ie.training.finetuning import TrainingData, finetune
from tango_ie.training.mixture import FurtherCorpus


@Step.register("tango_ie::finetune_heads")
class FinetuneHeads(Step):
    """Train a model; its encoder is frozen, or trained at a rate of its own.

    A run that was interrupted is continued and ends in the same model.

    Args:
        model: what to train; it is fitted to the labels of the corpus.
        corpus: what to train on.
        trainer: how to train.
        seed: of the initial weights and of training.
        train_split: the split that is trained on.
        dev_split: the split that decides which epoch is kept, by F1 of entities; of relations where
            the model finds such; by accuracy where its main task is a layer of word tags. ``null``
            keeps the last.
        layers: what the corpus has gold for: ``entities``, layers of word tags. ``null`` for all
            that it has.
        further: corpora with gold for some layers, trained on beside it by a model of several
            tasks: ``{ud: {corpus: …, layers: ['pos']}}``. An epoch is a pass over ``corpus``.
        temperature: how many of their sentences an epoch takes, unless their ``ratio`` says so:
            at 1 all of them, at higher values fewer of large corpora and more of small ones.
        oracle_split: score this split, too, after every epoch, to see how much choosing the epoch
            on it would flatter (``oracle_test_epoch`` of the step ``compare``). It changes nothing
            of the model, but takes time that counts as that of training. Entities are scored, and
            relations where the model finds such.

    Raises:
        ConfigurationError: parts that do not fit each other, or a split that is not there.
    """

    VERSION = "001"
    FORMAT = ArchiveFormat()

    def run(  # type: ignore[override]
        self,
        model: Lazy[Model],
        corpus: Corpus,
        trainer: Lazy[Trainer],
        seed: int = 0,
        train_split: str = "train",
        dev_split: str | None = "dev",
        layers: tuple[str, ...] | None = None,
        further: dict[str, FurtherCorpus] | None = None,
        temperature: float = 1.0,
        oracle_split: str | None = None,
    ) -> Archive:
        data = TrainingData(
            corpus, train_split, dev_split, layers, further or {}, temperature, oracle_split
        )
        return finetune(model, data, trainer, seed, self.work_dir, self.unique_id)
