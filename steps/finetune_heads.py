"""Step: train a model on top of an encoder."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.core.config import Lazy
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, ArchiveFormat
from tango_ie.models import Model
from tango_ie.training import Trainer
from tango_ie.training.finetuning import TrainingData, finetune


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
        dev_split: the split whose entity F1 decides which epoch is kept; ``null`` keeps the last.

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
    ) -> Archive:
        data = TrainingData(corpus, train_split, dev_split)
        return finetune(model, data, trainer, seed, self.work_dir, self.unique_id)
