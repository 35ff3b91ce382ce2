"""What it costs to score the relations between the gold entities of a batch of sentences.

    python benchmarks/relation_scoring.py --data ../shared/data/conll04/multihead/train.txt

All pairs of a batch in one operation, as the task-specific joint model does it in training, against
two loops over pairs that call torch for each: one that computes everything anew for each pair, and
one that computes the hidden layer of an entity once. Same weights, same sentences, at the sizes of
Crone (2020) for CoNLL04; vectors of words are random numbers. Contenders run in turn, and seconds
are those of the process, so that a busy machine disturbs less; they are only comparable with one
thread (OMP_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from tango_ie.data.readers.lines.multihead import MultiHeadReader
from tango_ie.data.schema import Schema
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.pairs.pair_scorer import PairScorer

WORD, TAG = 512, 25  # what is known of an entity


def packed(scorer: PairScorer, vectors: Tensor, counts: Sequence[int]) -> Tensor:
    """With the making of the pairs, which a batch has to pay for once."""
    return scorer(vectors, EntityPairs.of(counts))


def looped(scorer: PairScorer, vectors: Tensor, counts: Sequence[int], once: bool) -> Tensor:
    """One pair after the other; with ``once`` each entity's hidden layer is kept."""
    rows, start = [], 0
    for count in counts:
        own = vectors[start : start + count]
        kept = [scorer.features(vector) for vector in own] if once else []
        for head in range(count):
            for tail in range(count):
                if head == tail:
                    continue
                ends = [kept[end] if once else scorer.features(own[end]) for end in (head, tail)]
                cosine = torch.cosine_similarity(*ends, dim=0).unsqueeze(0)
                product = scorer.product.diagonals @ (own[head] * own[tail])
                evidence = torch.cat([*ends, 1 - cosine, product])
                rows.append(scorer.labels(scorer.dropout(evidence)))
        start += count
    return torch.stack(rows)


def seconds_of(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a file of multihead's form")
    parser.add_argument("--size", type=int, default=32, help="sentences of a batch")
    parser.add_argument("--batches", type=int, default=10)
    options = parser.parse_args()
    torch.manual_seed(0)

    sentences = list(MultiHeadReader().read(options.data))
    types = Schema.from_sentences(sentences).relation_types
    scorer = PairScorer(WORD + TAG, types, dropout=0.5)
    ways: dict[str, Callable[[Tensor, Sequence[int]], Tensor]] = {
        "one operation": lambda *batch: packed(scorer, *batch),
        "loop over pairs": lambda *batch: looped(scorer, *batch, once=False),
        "loop, hidden layers once": lambda *batch: looped(scorer, *batch, once=True),
    }
    batches = []
    for start in range(0, options.size * options.batches, options.size):
        counts = [len(one.entities) for one in sentences[start : start + options.size]]
        batches.append((torch.randn(sum(counts), WORD + TAG), counts))
    pairs = [sum(count * (count - 1) for count in counts) for _, counts in batches]

    scorer.eval()
    with torch.no_grad():
        results = [way(*batches[0]) for way in ways.values()]
    if not all(torch.allclose(results[0], other, atol=1e-5) for other in results[1:]):
        raise RuntimeError("the ways disagree")

    seconds: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in ways}
    for batch in batches:
        for name, way in ways.items():
            with torch.inference_mode():
                scorer.eval()
                seconds[name][0].append(seconds_of(lambda way=way, batch=batch: way(*batch)))
            scorer.train().zero_grad()
            seconds[name][1].append(
                seconds_of(lambda way=way, batch=batch: way(*batch).sum().backward())
            )
    print(f"{options.batches} batches of {options.size} sentences; pairs of each: {pairs}\n")
    print("| way | scores | × | scores and gradients | × |")
    print("| --- | --- | --- | --- | --- |")
    base = [statistics.median(times) for times in seconds["one operation"]]
    for name, kinds in seconds.items():
        middle = [statistics.median(times) for times in kinds]
        cells = [
            f"{1000 * own:.1f} ms | {own / one:.1f}" for own, one in zip(middle, base, strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
