"""Links against brute force over entities, and their loss against a loop."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import TagScheme, flatten
from tango_ie.modules.bigrams import bigram_mask
from tango_ie.modules.link_head import LinkHead, LinkObjective, link_labels
from tango_ie.modules.tag_set import TagSet

SCHEMES: tuple[TagScheme, ...] = ("iob2", "bioes")
TYPES = ["LOC", "PER"]


@st.composite
def annotated(draw: st.DrawFn) -> tuple[int, list[Entity]]:
    """A length, and entities that do not overlap."""
    length = draw(st.integers(1, 8))
    spans = [(start, end) for start in range(length) for end in range(start + 1, length + 1)]
    chosen = draw(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(spans)), max_size=4))
    return length, flatten([Entity(label, *span) for label, span in chosen])[0]


def linked(entities: Sequence[Entity], length: int, group: bool) -> list[int]:
    """For each two neighbours, by looking at all entities."""
    owners = [
        next((index for index, one in enumerate(entities) if one.start <= word < one.end), None)
        for word in range(length)
    ]
    return [
        int(left == right and (group or left is not None))
        for left, right in itertools.pairwise(owners)
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@given(st.lists(annotated(), min_size=1, max_size=3))
def test_labels(scheme: TagScheme, sentences: list[tuple[int, list[Entity]]]) -> None:
    tags = TagSet(TYPES, scheme)
    longest = max(length for length, _ in sentences)
    rows = [tags.ids(entities, length) + [0] * (longest - length) for length, entities in sentences]
    mask = torch.tensor([[place < length for place in range(longest)] for length, _ in sentences])
    for positive, group in (("entity", False), ("group", True)):
        labels = link_labels(torch.tensor(rows), tags, positive)
        expected = [linked(entities, length, group) for length, entities in sentences]
        assert labels[bigram_mask(mask)].tolist() == list(itertools.chain(*expected))


def test_neighbours_of_one_type_are_not_linked() -> None:
    tags = TagSet(["PER"], "iob2")
    ids = tags.ids([Entity("PER", 0, 2), Entity("PER", 2, 3)], 4)
    for positive, expected in (("entity", [1, 0, 0]), ("group", [1, 0, 0])):
        assert link_labels(torch.tensor([ids]), tags, positive)[0, 1:-1].tolist() == expected


@pytest.mark.parametrize("positive", ["entity", "group"])
def test_the_loss_against_a_loop(positive: str) -> None:
    tags = TagSet(TYPES, "iob2")
    torch.manual_seed(0)
    objective = LinkObjective(weight=0.3, positive=positive, positive_weight=4.0)
    head = LinkHead(6, objective).double()
    bigrams = torch.randn(3, 6, 6, dtype=torch.float64)
    lengths = [5, 1, 3]
    mask = torch.arange(5) < torch.tensor(lengths).unsqueeze(1)
    ids = torch.tensor(
        [
            tags.ids([Entity("PER", 0, 2), Entity("LOC", 2, 3)], 5),
            tags.ids([Entity("PER", 0, 1)], 5),
            tags.ids([Entity("LOC", 0, 3)], 5),
        ]
    )
    expected = 0.0
    for row, length in enumerate(lengths):
        for place in range(1, length):
            before, here = tags.tags[ids[row, place - 1]], tags.tags[ids[row, place]]
            is_linked = here.startswith("I-") or (positive == "group" and before == here == "O")
            shares = (head.linear.weight @ bigrams[row, place] + head.linear.bias).softmax(0)
            expected -= 0.3 * (4.0 if is_linked else 1.0) * shares[int(is_linked)].log().item()
    # Padding that would be a link must not count.
    loss = head.loss(bigrams, ids.masked_fill(~mask, 2), mask, tags)
    assert loss.item() == pytest.approx(expected, rel=1e-9)


def test_no_bigrams() -> None:
    tags, head = TagSet(TYPES, "iob2"), LinkHead(6, LinkObjective())
    loss = head.loss(torch.zeros(2, 2, 6), torch.zeros(2, 1).long(), torch.ones(2, 1).bool(), tags)
    assert loss.item() == 0
    loss.backward()
    assert all(weight.grad is not None for weight in head.parameters())


@pytest.mark.parametrize(
    "arguments",
    [{"weight": -0.1}, {"weight": float("nan")}, {"positive_weight": 0.0}],
)
def test_weights_that_cannot_be(arguments: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match=rf"{next(iter(arguments))}: must be"):
        LinkObjective(**arguments)
