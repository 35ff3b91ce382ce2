"""Step: train an archived model on another corpus."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.core.config import Lazy
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, ArchiveFormat
from tango_ie.training import Trainer
from tango_ie.training.finetuning import TrainingData, transfer


@Step.register("tango_ie::transfer")
class Transfer(Step):
    """Start from a trained model and train it on a corpus that may have other labels.

    Labels that both corpora have keep their weights, the others begin anew. A run that was
    interrupted is continued and ends in the same model.

    Args:
        archive: the model to start from.
        corpus: what to train on.
        trainer: how to train.
        seed: of new weights and of training.
        train_split: the split that is trained on.
        dev_split: the split whose entity F1 decides which epoch is kept; ``null`` keeps the last.
        reset_head: take nothing but the encoder over.

    Raises:
        ConfigurationError: parts that do not fit each other, or a split that is not there.
    """

    VERSION = "001"
    FORMAT = ArchiveFormat()

    def run(  # type: ignore[override]
        self,
        archive: Archive,
        corpus: Corpus,
        trainer: Lazy[Trainer],
        seed: int = 0,
        train_split: str = "train",
        dev_split: str | None = "dev",
        reset_head: bool = False,
    ) -> Archive:
        data = TrainingData(corpus, train_split, dev_split)
        return transfer(archive, data, trainer, seed, self.work_dir, reset_head, self.unique_id)
