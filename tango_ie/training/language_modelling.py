"""Continued training of an encoder on raw text."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tango_ie.core.config import Lazy
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.masking import Masking
from tango_ie.models.masked_language_model import MaskedLanguageModel
from tango_ie.modules.encoders import EncoderArchive
from tango_ie.training.evaluation import PerplexityEvaluation
from tango_ie.training.finished import write_folder
from tango_ie.training.history import FILE_NAME, write_history
from tango_ie.training.randomness import seed_everything
from tango_ie.training.trainer import Trainer

logger = logging.getLogger(__name__)
_ENCODER = "encoder"


@dataclass(frozen=True)
class RawText:
    """The text of one or several corpora; annotations are not looked at.

    Args:
        corpora: where the sentences come from.
        train_splits: trained on, of each corpus that has them.
        dev_split: perplexity is measured on it; ``None`` for none.
    """

    corpora: Sequence[Corpus]
    train_splits: Sequence[str] = ("train",)
    dev_split: str | None = "dev"

    def train_sentences(self) -> list[Sentence]:
        """What is trained on.

        Raises:
            ConfigurationError: no corpus has one of the splits.
        """
        return [item for split in self.train_splits for item in self._sentences(split)]

    def evaluation(self) -> PerplexityEvaluation | None:
        """Perplexity on the dev split, if there is one."""
        if self.dev_split is None:
            return None
        return PerplexityEvaluation(list(self._sentences(self.dev_split)))

    def describe(self) -> dict[str, Any]:
        """For the info of the encoder."""
        return {
            "corpus_fingerprints": [corpus.fingerprint for corpus in self.corpora],
            "train_splits": list(self.train_splits),
            "dev_split": self.dev_split,
        }

    def _sentences(self, split: str) -> Iterable[Sentence]:
        having = [index for index, corpus in enumerate(self.corpora) if split in corpus]
        if not having:
            known = sorted({name for corpus in self.corpora for name in corpus})
            raise ConfigurationError(f"there is no split {split!r}, only {', '.join(known)}")
        for index in having:
            for sentence in self.corpora[index][split]:
                # Documents of two corpora may have the same name.
                document = sentence.doc_id
                yield replace(sentence, doc_id=None if document is None else f"{index}/{document}")


def train_encoder(
    model: str | EncoderArchive,
    text: RawText,
    trainer: Lazy[Trainer],
    masking: Masking,
    max_length: int,
    seed: int,
    work_dir: Path,
    name: str = "training",
) -> EncoderArchive:
    """Train a masked language model further; the result is a folder as Hugging Face has them.

    Args:
        model: a Hugging Face name, a local folder, ``pkg://PACKAGE/FOLDER``, or an encoder that was
            trained before. One without a head for guessing gets a new one.
        text: what to read.
        trainer: how to train.
        masking: what is to be guessed.
        max_length: sub-words of a block of text.
        seed: of a new head, of what is masked, and of training.
        work_dir: checkpoints lie here while training runs, the encoder afterwards.
        name: shown to people.

    Raises:
        ConfigurationError: weights that cannot be loaded, or a split that is not there.
    """
    source = str(model.folder) if isinstance(model, EncoderArchive) else str(model)
    made_from = {
        "model": model.info if isinstance(model, EncoderArchive) else source,
        "masking": asdict(masking),
        "max_length": max_length,
        "seed": seed,
        "trainer": trainer.params,
        **text.describe(),
    }
    try:
        finished = EncoderArchive(work_dir / _ENCODER)
        if finished.info.get("made_from") == made_from:
            return finished
    except DataError:
        pass
    seed_everything(seed)
    language_model = MaskedLanguageModel(source, masking, max_length)
    built = trainer.construct()
    sentences = text.train_sentences()
    evaluation = text.evaluation()
    result = built.train(language_model, sentences, work_dir, seed, evaluation, name, made_from)
    info = {**result.info, "new_head": language_model.new_head, "made_from": made_from}
    info |= {
        "loss_curve": [[line["step"], line["loss"]] for line in result.history],
        "dev_perplexity": [
            line["dev_perplexity"] for line in result.history if "dev_perplexity" in line
        ],
    }

    def write(folder: Path) -> None:
        EncoderArchive.save(language_model.transformer, language_model.tokenizer, folder, info)
        write_history(folder / FILE_NAME, result.history)

    encoder = EncoderArchive(write_folder(work_dir / _ENCODER, write))
    built.discard_checkpoints(work_dir)
    return encoder
