"""Prediction speed: everything from words to entities, against a bare pass of the encoder.

    python benchmarks/prediction_speed.py --archive workspace/latest/train_softmax_seed1/result \\
        --data ../shared/data/conll2003/iob1/eng.testb --scheme iob1

Ours loads the archive, tokenises, predicts and decodes. The bare pass gets its sentences tokenised
and gives nothing but hidden states: file order, padded, 32 at a time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import torch
from alternation import Contender, alternate, table
from transformers import BatchEncoding

from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.inference.archive import Archive
from tango_ie.inference.devices import Precision, resolve_device
from tango_ie.inference.predictor import Predictor
from tango_ie.metrics.entities import entity_scores
from tango_ie.models.tagger import Tagger

BATCH_SIZE = 32
BARE = "bare encoder, file order"


def bare_pass(
    model: Tagger, sentences: Sequence[Sentence], device: torch.device
) -> Callable[[], object]:
    """Hidden states of all sentences, tokenised beforehand."""
    encoder = model.encoder
    transformer = encoder.transformer.to(device).eval()
    tokenizer = encoder.tokenizer.tokenizer
    batches: list[BatchEncoding] = [
        tokenizer(
            [list(one.words) for one in sentences[start : start + BATCH_SIZE]],
            is_split_into_words=True,
            padding=True,
            truncation=True,
            max_length=encoder.max_length,
            return_tensors="pt",
        )
        for start in range(0, len(sentences), BATCH_SIZE)
    ]

    def run() -> None:
        with torch.inference_mode():
            for batch in batches:
                transformer(**batch.to(device))
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--archive", type=Path, required=True, help="folder of a trained tagger")
    parser.add_argument("--data", type=Path, required=True, help="a CoNLL-2003 file")
    parser.add_argument("--scheme", default="iob2", choices=["iob1", "iob2"])
    parser.add_argument("--sentences", type=int, help="only so many of the first")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()

    device = resolve_device(options.device)
    reader = ColumnReader(["word", "_", "_", "entities"], scheme=options.scheme)
    sentences = list(islice(reader.read(options.data), options.sentences))
    archive = Archive(options.archive)
    bare = bare_pass(archive.load(), sentences, device)
    found: dict[str, list[Annotations]] = {}

    def ours(name: str, precision: Precision) -> Callable[[], object]:
        def run() -> None:
            predictor = Predictor(archive, str(device), precision)
            found[name] = predictor.predict_sentences(sentences)

        return run

    contenders: dict[str, Contender] = {
        BARE: lambda: bare,
        "tango_ie, float32": lambda: ours("tango_ie, float32", "float32"),
        "tango_ie, bf16": lambda: ours("tango_ie, bf16", "bf16"),
    }
    if device.type == "cuda":  # first calls load kernels and grow memory pools
        alternate(contenders, 1)
    seconds = alternate(contenders, options.repeats)
    gold = [sentence.entities for sentence in sentences]
    notes = {
        name: f"{100 * entity_scores(gold, [one.entities for one in answers])['f1']:.2f}"
        for name, answers in found.items()
    }
    print(f"{len(sentences)} sentences, {device}, {torch.get_num_threads()} threads\n")
    print(table(seconds, len(sentences), [BARE], notes))


if __name__ == "__main__":
    main()
