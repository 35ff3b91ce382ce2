"""Encoding the sentences of a corpus once, for all trainings on top of a frozen encoder.

Legend: B batch, T words, K words of a batch, L layers, H hidden.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from tango_ie.core.disk import show_size
from tango_ie.core.errors import ConfigurationError
from tango_ie.data.batching import plan_batches
from tango_ie.data.corpus import Corpus
from tango_ie.inference.chunking import chunks
from tango_ie.inference.devices import resolve_device
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.encoded_corpus import EncodedCorpus, Storage, content_digest
from tango_ie.modules.encoders.encoded_writer import EncodedWriter
from tango_ie.modules.encoders.subwords import SubwordFeatures
from tango_ie.modules.encoders.transformer import TransformerEncoder

logger = logging.getLogger(__name__)
_TOKEN_BUDGET = {"cpu": 1024, "cuda": 32768}
_CHUNK = 8192


@dataclass(frozen=True)
class Encoding:
    """How a corpus is encoded.

    Args:
        dtype: of the numbers on disk; float16 takes half the space and rounds to three digits.
        device: ``auto`` (a GPU where there is one), ``cpu``, ``cuda``, ``cuda:1`` …
        token_budget: sub-words of a batch, padding counted.

    Raises:
        ConfigurationError: a budget below one.
    """

    dtype: Storage = "float32"
    device: str = "auto"
    token_budget: int | None = None

    def __post_init__(self) -> None:
        if self.token_budget is not None and self.token_budget < 1:
            raise ConfigurationError(f"token_budget must be at least 1, found {self.token_budget}")


def encode_corpus(
    encoder: Encoder,
    corpus: Corpus,
    folder: Path,
    splits: Sequence[str] | None = None,
    encoding: Encoding = Encoding(),
    on_progress: Callable[[int], None] | None = None,
) -> EncodedCorpus:
    """The vectors of all words, in float32 arithmetic; sentences that repeat are encoded once.

    Args:
        encoder: a frozen transformer.
        folder: new or empty; the result lies there.
        splits: which ones are encoded; ``None``: all.
        on_progress: called with the number of sentences done since its last call.

    Raises:
        ConfigurationError: an encoder whose vectors cannot be kept, or a split that is not there.
    """
    transformer = _suitable(encoder)
    chosen = {name: corpus[name] for name in (splits if splits is not None else corpus)}
    device = resolve_device(encoding.device)
    budget = encoding.token_budget or _TOKEN_BUDGET.get(device.type, 4096)
    tell = on_progress or (lambda _: None)
    folder.mkdir(parents=True, exist_ok=True)
    with EncodedWriter(transformer, folder, encoding.dtype) as writer:
        words = sum(int(split.num_words.sum()) for split in chosen.values())
        size = show_size(words * writer.bytes_per_word)
        logger.info("%d words take up to %s (%d bytes each)", words, size, writer.bytes_per_word)
        transformer.to(device).eval()
        for split in chosen.values():
            for chunk in chunks(split, _CHUNK, transformer.reach):
                features = transformer.encode(chunk.sentences)[chunk.start : chunk.stop]
                digests = [content_digest(item) for item in features]
                fresh = {
                    digest: item
                    for digest, item in zip(digests, features, strict=True)
                    if digest not in writer and item.num_words
                }
                tell(len(features) - len(fresh))
                for written in _write(transformer, fresh, writer, device, budget):
                    tell(written)
                if not transformer.reach:
                    sentences = chunk.sentences[chunk.start : chunk.stop]
                    for sentence, digest, item in zip(sentences, digests, features, strict=True):
                        writer.know(sentence.words, digest, item.cost)
        return writer.finish({"corpus_fingerprint": corpus.fingerprint, "splits": list(chosen)})


def _write(
    encoder: TransformerEncoder,
    sentences: Mapping[bytes, SubwordFeatures],
    writer: EncodedWriter,
    device: torch.device,
    budget: int,
) -> Iterator[int]:
    """Encode and write; gives the number of sentences of each batch."""
    digests, features = list(sentences), list(sentences.values())
    with torch.inference_mode():
        for indices in plan_batches([item.cost for item in features], budget):
            items = [features[index] for index in indices]
            batch = encoder.collate(items).to(device)
            vectors = encoder.word_layers(batch)[batch.word_mask]  # (K, L, H)
            lengths = [item.num_words for item in items]
            writer.write([digests[index] for index in indices], lengths, vectors)
            yield len(items)


def _suitable(encoder: Encoder) -> TransformerEncoder:
    if not isinstance(encoder, TransformerEncoder):
        raise ConfigurationError(
            f"only the vectors of a transformer can be kept, found {type(encoder).__name__}; what "
            "else a model reads can be joined to cached_features in its own config",
            "encoder",
        )
    if not encoder.frozen:
        raise ConfigurationError(
            "only a frozen encoder always gives the same vectors; set frozen to true", "encoder"
        )
    if encoder.mix is not None and encoder.pooling == "max":
        raise ConfigurationError(
            "layers = mix with pooling = max cannot be kept: the mix is taken before the maximum, "
            "of sub-words; choose another pooling or one layer",
            "encoder",
        )
    return encoder
