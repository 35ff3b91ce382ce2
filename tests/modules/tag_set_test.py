"""Tags as tensors, against the plain functions of ``tango_ie.data.schemes`` and enumeration."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import TagScheme, tags_to_entities
from tango_ie.modules.linear_chain import Spans
from tango_ie.modules.tag_set import TagSet

SCHEMES: tuple[TagScheme, ...] = ("iob2", "bioes")


def is_legal(tags: TagSet, path: tuple[int, ...]) -> bool:
    try:
        tags_to_entities([tags.tags[tag] for tag in path], tags.scheme, strict=True)
    except DataError:
        return False
    return True


def every_path(tags: TagSet, length: int) -> tuple[Tensor, Tensor]:
    product = list(itertools.product(range(len(tags)), repeat=length))
    paths = torch.tensor(product, dtype=torch.long).view(len(product), length)
    # Padding holds a tag that would continue an entity, if it were looked at.
    return torch.nn.functional.pad(paths, (0, 2), value=2), torch.arange(length + 2).expand(
        len(paths), -1
    ) < length


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("length", range(5))
def test_legality_and_spans_of_every_sequence(scheme: TagScheme, length: int) -> None:
    tags = TagSet(["PER", "creative-work"] if length < 4 else ["PER"], scheme)
    paths, mask = every_path(tags, length)
    expected = [is_legal(tags, tuple(path[:length].tolist())) for path in paths]
    legal = tags.are_legal(paths, mask)
    assert legal.tolist() == expected
    spans, labels = tags.spans(paths[legal], mask[legal])
    found = list(zip(*(column.tolist() for column in (*spans, labels)), strict=True))
    assert found == [
        (sentence, entity.start, entity.end, tags.entity_types.index(entity.label))
        for sentence, path in enumerate(paths[legal])
        for entity in tags_to_entities([tags.tags[tag] for tag in path[:length]], scheme)
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_best_paths(scheme: TagScheme) -> None:
    tags = TagSet(["PER"], scheme)
    torch.manual_seed(0)
    logits = torch.randn(60, 4, len(tags), dtype=torch.float64)
    lengths = torch.arange(60) % 5
    mask = torch.arange(4) < lengths.unsqueeze(1)
    paths = tags.best_paths(logits, mask)
    assert tags.are_legal(paths, mask).all()
    assert not tags.are_legal(logits.argmax(-1) * mask, mask).all()  # both ways are taken
    for item, path, length in zip(logits, paths, lengths.tolist(), strict=True):
        legal = [
            candidate
            for candidate in itertools.product(range(len(tags)), repeat=length)
            if is_legal(tags, candidate)
        ]
        best = max(legal, key=lambda path, item=item: item[range(len(path)), path].sum().item())
        assert path.tolist() == [*best, *[0] * (4 - length)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_span_probabilities(scheme: TagScheme) -> None:
    tags = TagSet(["PER"], scheme)
    torch.manual_seed(0)
    logits = torch.randn(5, 4, len(tags), dtype=torch.float64)
    lengths = [4, 0, 3, 2, 1]
    mask = torch.arange(4) < torch.tensor(lengths).unsqueeze(1)
    paths = torch.randint(len(tags), (5, 4))
    spans = [
        (sentence, start, end)
        for sentence, length in enumerate(lengths)
        for start in range(length)
        for end in range(start + 1, length + 1)
    ]
    columns = Spans(*torch.tensor(spans).unbind(1))
    found = tags.span_probabilities(logits, mask, paths, columns)
    shares = logits.softmax(-1)
    for (sentence, start, end), probability in zip(spans, found.tolist(), strict=True):
        expected = 0.0
        wanted = paths[sentence, start:end].tolist()
        for path in itertools.product(range(len(tags)), repeat=lengths[sentence]):
            if list(path[start:end]) != wanted:
                continue
            if end < len(path) and tags.joins[path[end - 1], path[end]]:
                continue
            expected += shares[sentence, range(len(path)), path].prod().item()
        assert probability == pytest.approx(expected, abs=1e-12)


def test_ids() -> None:
    tags = TagSet(["LOC", "PER"], "bioes")
    ids = tags.ids([Entity("PER", 0, 1), Entity("LOC", 2, 5)], 6)
    assert [tags.tags[index] for index in ids] == ["S-PER", "O", "B-LOC", "I-LOC", "E-LOC", "O"]


def test_kept() -> None:
    old, new = TagSet(["LOC", "PER"], "iob2"), TagSet(["ORG", "PER"], "iob2")
    here, there = new.kept(old)
    assert [new.tags[index] for index in here] == ["O", "B-PER", "I-PER"]
    assert [old.tags[index] for index in there] == ["O", "B-PER", "I-PER"]
