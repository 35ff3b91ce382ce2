"""Step: train an encoder on raw text."""

from __future__ import annotations

from typing import Any

from tango_ie.core import Step
from tango_ie.core.config import Lazy, PretrainedName
from tango_ie.data.corpus import Corpus
from tango_ie.data.masking import Masking
from tango_ie.modules.encoders import EncoderArchive, EncoderArchiveFormat
from tango_ie.training import Trainer
from tango_ie.training.language_modelling import RawText, train_encoder

_DEFAULTS: Any = {}


@Step.register("tango_ie::train_encoder")
class TrainEncoder(Step):
    """Continue the masked-language-model training of an encoder on the text of corpora.

    Annotations are not looked at. The result is used by naming this step as the ``model`` of an
    encoder. A run that was interrupted is continued and ends in the same encoder.

    Args:
        model: a Hugging Face name, a local folder, ``pkg://PACKAGE/FOLDER``, or another step of
            this kind. One without a head for guessing words gets a new one.
        corpus: one or several.
        trainer: how to train.
        masking: what is to be guessed.
        max_length: sub-words of a block of text, special tokens included.
        seed: of what is masked, and of training.
        train_splits: the splits that are read, of each corpus that has them.
        dev_split: the split on which perplexity is measured; ``null`` for none.

    Raises:
        ConfigurationError: weights that cannot be loaded, or a split that is not there.
    """

    VERSION = "001"
    FORMAT = EncoderArchiveFormat()

    def run(  # type: ignore[override]
        self,
        model: PretrainedName | EncoderArchive,
        corpus: Corpus | list[Corpus],
        trainer: Lazy[Trainer],
        masking: Masking = _DEFAULTS,
        max_length: int = 128,
        seed: int = 0,
        train_splits: tuple[str, ...] = ("train",),
        dev_split: str | None = "dev",
    ) -> EncoderArchive:
        corpora = corpus if isinstance(corpus, list) else [corpus]
        text = RawText(corpora, train_splits, dev_split)
        return train_encoder(
            model, text, trainer, masking, max_length, seed, self.work_dir, self.unique_id
        )
