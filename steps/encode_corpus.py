"""Step: the vectors that a frozen encoder gives to the words of a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tango.common import Tqdm

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.inference.corpus_encoding import Encoding, encode_corpus
from tango_ie.modules.encoders import EncodedCorpus, EncodedCorpusFormat, Encoder
from tango_ie.training.finished import write_folder


@Step.register("tango_ie::encode_corpus")
class EncodeCorpus(Step):
    """Run a frozen encoder once over a corpus, for all trainings on top of it.

    The result is used by naming this step as the ``features`` of an encoder of the type
    ``tango_ie::cached_features``. It is found by the content of sentences: samples of the corpus
    need no step of their own, if the encoder reads no context or whole documents are drawn.

    Args:
        encoder: a frozen transformer; with ``layers`` = ``mix`` every layer is kept.
        corpus: what to encode.
        splits: which parts of it; ``null`` for all.
        dtype: ``float16`` takes half the space and rounds to three digits.
        device: ``auto`` (a GPU where there is one), ``cpu``, ``cuda``, ``cuda:1`` …
        token_budget: sub-words of a batch, padding counted; changes speed, not results.

    Raises:
        ConfigurationError: an encoder whose vectors cannot be kept, or a split or device that is
            not there.
    """

    VERSION = "001"
    FORMAT = EncodedCorpusFormat()
    SKIP_ID_ARGUMENTS = {"device", "token_budget"}

    def run(  # type: ignore[override]
        self,
        encoder: Encoder,
        corpus: Corpus,
        splits: tuple[str, ...] | None = None,
        dtype: Literal["float32", "float16"] = "float32",
        device: str = "auto",
        token_budget: int | None = None,
    ) -> EncodedCorpus:
        chosen = list(corpus) if splits is None else splits
        total = sum(len(corpus[name]) for name in chosen)
        encoding = Encoding(dtype, device, token_budget)
        with Tqdm.tqdm(total=total, desc="encode", unit=" sentences") as bar:

            def write(folder: Path) -> None:
                encode_corpus(encoder, corpus, folder, chosen, encoding, bar.update)

            return EncodedCorpus(write_folder(self.work_dir / "encoded", write))
