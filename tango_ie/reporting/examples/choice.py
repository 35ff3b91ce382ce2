"""Which examples a page shows, where all would make it too large."""

from __future__ import annotations

from collections.abc import Sequence

from tango_ie.reporting.examples.example import Example
from tango_ie.reporting.examples.payload import embedded, payload

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

MOST_BYTES = 3_500_000


def choose(examples: Sequence[Example], most_bytes: int = MOST_BYTES) -> tuple[list[Example], str]:
    """The examples that fit, in their order, and a sentence about them: empty where all do.

    What a variant fixes or breaks comes first, then what any run gets wrong, then the others, each
    in the order of the split.

    Args:
        examples: of all sentences.
        most_bytes: of the payload, in UTF-8.

    Raises:
        DataError: examples have different runs, or name a variant that has none.
    """
    packed = payload(examples)
    rows = packed.pop("examples")
    sizes = [_size(row) + 1 for row in rows]
    room = most_bytes - _size({**packed, "examples": []}) - sum(sizes)
    if room >= 0:
        return list(examples), ""
    left_out = set()
    for place in sorted(range(len(examples)), key=lambda at: (-_rank(examples[at]), -at)):
        if room >= 0:
            break
        room += sizes[place]
        left_out.add(place)
    kept = [example for place, example in enumerate(examples) if place not in left_out]
    note = (
        f"{len(kept):,} of {len(examples):,} sentences are here, so that the page stays small: "
        "first those that a variant fixes or breaks, then those that any run gets wrong, then the "
        "others, each in the order of the split."
    )
    return kept, note


def _size(value: object) -> int:
    return len(embedded(value).encode())


def _rank(example: Example) -> int:
    if example.fixed_by or example.broken_by:
        return 0
    wrong = any(run.entity_errors or run.relation_errors for run in example.runs)
    return 1 if wrong else 2
