"""What it costs to classify all spans and pairs: prediction of the span model, batch by batch.

    python benchmarks/span_grid.py --archive workspace/latest/train_span_seed1/result \\
        --data ../shared/data/conll04/spert/conll04_test.json

Sentences are tokenised beforehand and stay in the order of the file. The bare encoder gives hidden
states of a padded batch; ours goes on to entities and relations as objects, with padding and all.
``masks`` is the same model with spans pooled as equations are usually turned into code: one mask
over words for each span, in one tensor of spans × words × hidden for each batch. What all find is
compared. Contenders run in turn for each batch, and seconds are those of the process, so that a
busy machine disturbs less; they are only comparable with one thread (OMP_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tango_ie.data.annotations import Annotations
from tango_ie.data.readers.word_json.spert import SpertReader
from tango_ie.inference.archive import Archive
from tango_ie.models.span_joint import SpanFeatures, SpanJoint
from tango_ie.modules.spans.span_classifier import FoundSpans, SpanClassifier

BARE, OURS, MASKS = "bare encoder", "span model", "span model, masks"
MOST_WITH_MASKS = 8  # sentences: more would take gigabytes


class MaskedClassifier(SpanClassifier):
    """Pools each span by a mask over all words of the longest sentence."""

    def find(
        self, words: Tensor, sentences: Tensor, remaining: Tensor, contexts: Tensor
    ) -> FoundSpans:
        counts = sentences.bincount(minlength=len(contexts))
        size = int(counts.max())
        offsets = counts.cumsum(0) - counts
        padded = words.new_full((len(contexts), size, words.size(1)), -1e30)  # (B, T, H)
        padded[sentences, torch.arange(len(words)) - offsets[sentences]] = words
        widths = range(1, self.widths.num_embeddings + 1)
        spans = torch.tensor([(i, i + w) for i in range(size) for w in widths if i + w <= size])
        places = torch.arange(size)
        inside = (places >= spans[:, :1]) & (places < spans[:, 1:])  # (S, T)
        outside = (~inside).unsqueeze(-1) * -1e30  # (S, T, 1)
        pooled = (padded.unsqueeze(1) + outside).max(2).values  # (B, S, H)
        starts, ends = spans.unbind(1)
        rows, here = (ends <= counts.unsqueeze(1)).nonzero(as_tuple=True)
        features = self.features(pooled[rows, here], (ends - starts)[here])
        scores, labels = self(features, contexts[rows]).softmax(-1).max(-1)
        kept = labels > 0
        shift = offsets[rows[kept]]
        return FoundSpans(
            starts[here[kept]] + shift, ends[here[kept]] + shift, labels[kept] - 1, scores[kept]
        )


def with_masks(model: SpanJoint) -> SpanClassifier:
    """The model's classifier, pooling in the other way."""
    spans = model.spans
    masked = MaskedClassifier(
        (spans.labels.in_features - spans.widths.embedding_dim) // 2,
        spans.names,
        spans.widths.num_embeddings,
        spans.widths.embedding_dim,
    )
    masked.load_state_dict(spans.state_dict())
    return masked.eval()


def prediction(
    model: SpanJoint, spans: SpanClassifier, features: Sequence[SpanFeatures]
) -> Callable[[], list[Annotations]]:
    def run() -> list[Annotations]:
        model.spans = spans
        batch = model.collate(features)
        return model.decode(batch, model(batch))

    return run


def bare(model: SpanJoint, features: Sequence[SpanFeatures]) -> Callable[[], Any]:
    encoder = model.encoder
    batch = encoder.collate([one.words for one in features])
    return lambda: encoder.transformer(
        input_ids=batch.input_ids, attention_mask=batch.attention_mask
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--archive", type=Path, required=True, help="of a trained span model")
    parser.add_argument("--data", type=Path, required=True, help="a file in the form of SpERT")
    parser.add_argument("--sentences", type=int, help="only so many of the first")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()

    model = Archive(options.archive).load()
    if not isinstance(model, SpanJoint):
        parser.error(f"{options.archive} holds a {type(model).__name__}, not a span model")
    model.eval()
    features = model.encode(
        list(islice(SpertReader().read(options.data), options.sentences)), with_gold=False
    )
    ours, masked = model.spans, with_masks(model)
    seconds: dict[tuple[int, str], list[float]] = {}
    with torch.inference_mode():
        for turn in range(options.repeats + 1):
            for size in options.sizes:
                sums: dict[str, float] = {}
                for start in range(0, len(features), size):
                    own = features[start : start + size]
                    ways = {BARE: bare(model, own), OURS: prediction(model, ours, own)}
                    if size <= MOST_WITH_MASKS:
                        ways[MASKS] = prediction(model, masked, own)
                    found = {}
                    for name, run in ways.items():
                        began = time.process_time()
                        found[name] = run()
                        sums[name] = sums.get(name, 0.0) + time.process_time() - began
                    if found.get(MASKS, found[OURS]) != found[OURS]:
                        raise RuntimeError("the ways disagree")
                for name, spent in sums.items() if turn else ():  # the first turn warms up
                    seconds.setdefault((size, name), []).append(spent)

    most = max(options.sizes)
    print(f"{len(features)} sentences; × is the median ratio within a turn\n")
    print(f"| batch | what | ms per sentence | × {BARE}, same batch | × {BARE}, {most} |")
    print("| --- | --- | --- | --- | --- |")
    for (size, name), spent in seconds.items():
        ratios = [
            statistics.median(own / base for own, base in zip(spent, other, strict=True))
            for other in (seconds[size, BARE], seconds[most, BARE])
        ]
        each = 1000 * statistics.median(spent) / len(features)
        print(f"| {size} | {name} | {each:.1f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
