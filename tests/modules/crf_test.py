"""The CRF against enumeration of all label sequences, up to 5 words and 4 labels, in float64."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from tango_ie.modules import linear_chain
from tango_ie.modules.crf import ConditionalRandomField
from tango_ie.modules.linear_chain import Chain, Spans

LABELS = 4
LENGTHS = [5, 0, 3, 1, 4, 2]  # padded into one batch

Path = tuple[int, ...]


def make_field(constrained: bool, seed: int = 0) -> ConditionalRandomField:
    torch.manual_seed(seed)
    allowed = Chain(*(torch.ones(shape).bool() for shape in ((4, 4), (4,), (4,))))
    if constrained:
        # Label 0 is always possible, so that every length has an allowed sequence.
        allowed = Chain(*(torch.rand(item.shape) < 0.5 for item in allowed))
        for item in allowed:
            item[0] = True
    field = ConditionalRandomField(allowed).double()
    for weight in field.parameters():
        torch.nn.init.normal_(weight)
    return field


def make_emissions(seed: int = 1) -> tuple[Tensor, Tensor]:
    torch.manual_seed(seed)
    emissions = torch.randn(len(LENGTHS), max(LENGTHS), LABELS, dtype=torch.float64) * 2
    mask = torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS).unsqueeze(1)
    return emissions, mask


def enumerate_scores(field: ConditionalRandomField, emissions: Tensor) -> dict[Path, float]:
    """Score of each allowed sequence of one sentence (T, L), by plain addition."""
    scores = {}
    for path in itertools.product(range(LABELS), repeat=len(emissions)):
        pairs = list(itertools.pairwise(path))
        if path and not (
            field.allowed_starts[path[0]]
            and field.allowed_ends[path[-1]]
            and all(field.allowed_transitions[pair] for pair in pairs)
        ):
            continue
        score = sum(emissions[place, label].item() for place, label in enumerate(path))
        score += sum(field.transitions[pair].item() for pair in pairs)
        if path:
            score += field.starts[path[0]].item() + field.ends[path[-1]].item()
        scores[path] = score
    return scores


def probabilities(scores: dict[Path, float]) -> dict[Path, float]:
    normalised = torch.tensor(list(scores.values()), dtype=torch.float64).softmax(0)
    return dict(zip(scores, normalised.tolist(), strict=True))


def pad(path: Sequence[int]) -> Tensor:
    return torch.tensor([*path, *[0] * (max(LENGTHS) - len(path))])


@pytest.mark.parametrize("constrained", [False, True])
@pytest.mark.parametrize("seed", range(3))
class TestAgainstEnumeration:
    def test_log_partition(self, constrained: bool, seed: int) -> None:
        field, (emissions, mask) = make_field(constrained, seed), make_emissions()
        totals = field.log_partition(emissions, mask)
        for total, item, length in zip(totals, emissions, LENGTHS, strict=True):
            scores = torch.tensor(list(enumerate_scores(field, item[:length]).values()))
            assert total.item() == pytest.approx(scores.double().logsumexp(0).item(), abs=1e-5)

    def test_log_likelihood_of_every_sequence(self, constrained: bool, seed: int) -> None:
        field, (emissions, mask) = make_field(constrained, seed), make_emissions()
        for index, length in enumerate(LENGTHS):
            expected = probabilities(enumerate_scores(field, emissions[index, :length]))
            paths = torch.stack([pad(path) for path in expected])
            found = field.log_likelihood(
                emissions[index].expand(len(paths), -1, -1),
                paths,
                mask[index].expand(len(paths), -1),
            ).exp()
            wanted = torch.tensor(list(expected.values()), dtype=torch.float64)
            assert torch.allclose(found, wanted, atol=1e-12)

    def test_best_paths(self, constrained: bool, seed: int) -> None:
        field, (emissions, mask) = make_field(constrained, seed), make_emissions()
        paths, best = field.best_paths(emissions, mask)
        for index, length in enumerate(LENGTHS):
            scores = enumerate_scores(field, emissions[index, :length])
            winner = max(scores, key=scores.__getitem__)
            assert paths[index].tolist() == pad(winner).tolist()
            assert best[index].item() == pytest.approx(scores[winner], abs=1e-9)

    def test_marginals(self, constrained: bool, seed: int) -> None:
        field, (emissions, mask) = make_field(constrained, seed), make_emissions()
        marginals = field.marginals(emissions, mask)
        for index, length in enumerate(LENGTHS):
            expected = torch.zeros(max(LENGTHS), LABELS, dtype=torch.float64)
            for path, share in probabilities(
                enumerate_scores(field, emissions[index, :length])
            ).items():
                for place, label in enumerate(path):
                    expected[place, label] += share
            assert torch.allclose(marginals[index], expected, atol=1e-12)

    def test_span_posteriors(self, constrained: bool, seed: int) -> None:
        field, (emissions, mask) = make_field(constrained, seed), make_emissions()
        torch.manual_seed(seed)
        joins = torch.rand(LABELS, LABELS) < 0.5
        paths = field.best_paths(torch.randn_like(emissions), mask)[0]  # any allowed sequences
        spans = [
            (sentence, start, end)
            for sentence, length in enumerate(LENGTHS)
            for start in range(length)
            for end in range(start + 1, length + 1)
        ]
        found = field.span_posteriors(
            emissions, mask, paths, Spans(*torch.tensor(spans).unbind(1)), joins
        )
        for (sentence, start, end), posterior in zip(spans, found.tolist(), strict=True):
            shares = probabilities(
                enumerate_scores(field, emissions[sentence, : LENGTHS[sentence]])
            )
            wanted = tuple(paths[sentence, start:end].tolist())
            expected = sum(
                share
                for path, share in shares.items()
                if path[start:end] == wanted
                and not (end < len(path) and joins[path[end - 1], path[end]])
            )
            assert posterior == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("constrained", [False, True])
def test_gradients(constrained: bool) -> None:
    field, (emissions, mask) = make_field(constrained), make_emissions()
    paths = field.best_paths(emissions, mask)[0]
    emissions.requires_grad_()

    def likelihood(emissions: Tensor, *weights: Tensor) -> Tensor:
        names = [name for name, _ in field.named_parameters()]
        values = dict(zip(names, weights, strict=True))
        return torch.func.functional_call(field, values, (emissions, paths, mask))

    # functional_call runs forward; a field has none of its own.
    field.forward = field.log_likelihood  # type: ignore[method-assign]
    assert torch.autograd.gradcheck(likelihood, (emissions, *field.parameters()))


def test_the_gradient_of_the_log_partition_is_the_marginals() -> None:
    field, (emissions, mask) = make_field(True), make_emissions()
    emissions.requires_grad_()
    (gradient,) = torch.autograd.grad(field.log_partition(emissions, mask).sum(), emissions)
    assert torch.allclose(gradient, field.marginals(emissions, mask), atol=1e-12)


def test_what_padding_holds_does_not_matter() -> None:
    field, (emissions, mask) = make_field(True), make_emissions()
    paths = field.best_paths(emissions, mask)[0]
    other, other_paths = emissions.clone(), paths.clone()
    other[~mask] = 1e4
    other_paths[~mask] = 3
    for one, two in zip(
        (
            field.log_likelihood(emissions, paths, mask),
            *field.best_paths(emissions, mask),
            field.marginals(emissions, mask),
        ),
        (
            field.log_likelihood(other, other_paths, mask),
            *field.best_paths(other, mask),
            field.marginals(other, mask),
        ),
        strict=True,
    ):
        assert torch.equal(one, two)


@pytest.mark.parametrize("constrained", [False, True])
def test_sums_as_products(constrained: bool) -> None:
    field, (emissions, mask) = make_field(constrained), make_emissions()
    emissions, lengths, chain = field._prepare(emissions, mask)
    pairs = [
        (
            linear_chain.forward_scores(emissions, chain, summing),
            linear_chain.backward_scores(emissions, lengths, chain, summing),
        )
        for summing in (linear_chain.log_sums, linear_chain.log_products)
    ]
    for exact, fast in zip(*pairs, strict=True):
        possible = exact > linear_chain.FORBIDDEN / 2
        assert torch.allclose(exact[possible], fast[possible], atol=1e-12)
        assert possible.any() and (fast[~possible] < linear_chain.FORBIDDEN / 2).all()


def test_what_is_next_to_impossible_may_still_be_the_only_way() -> None:
    """Label 2 may only follow label 1, which is e^1000 less probable where it must stand."""
    free = Chain(*(torch.ones(shape).bool() for shape in ((3, 3), (3,), (3,))))
    free.transitions[:, 2] = torch.tensor([False, True, False])
    field = ConditionalRandomField(free).double()
    emissions = torch.tensor([[[0.0, -1000.0, 0.0], [0.0, 0.0, 3000.0]]]).double()
    mask = torch.ones(1, 2).bool()
    expected = torch.tensor([[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]).double()
    assert torch.allclose(field.marginals(emissions, mask), expected)
    paths = field.best_paths(emissions, mask)[0]
    assert paths.tolist() == [[1, 2]]
    spans = Spans(*torch.tensor([[0], [0], [2]]))
    joins = torch.zeros(3, 3).bool()
    assert field.span_posteriors(emissions, mask, paths, spans, joins).item() == pytest.approx(1)


def test_batches_without_words() -> None:
    field = make_field(True)
    emissions, mask = torch.zeros(2, 0, LABELS), torch.zeros(2, 0).bool()
    paths, scores = field.best_paths(emissions, mask)
    assert paths.shape == (2, 0) and scores.tolist() == [0.0, 0.0]
    assert field.log_likelihood(emissions, paths, mask).tolist() == [0.0, 0.0]
    assert field.marginals(emissions, mask).shape == (2, 0, LABELS)
    none = Spans(*torch.zeros(3, 0).long())
    assert len(field.span_posteriors(emissions, mask, paths, none, field.allowed_transitions)) == 0


def test_half_precision_around_it_does_not_reach_inside() -> None:
    field, (emissions, mask) = make_field(True).float(), make_emissions()
    emissions = emissions.bfloat16()
    exact = field.log_partition(emissions.float(), mask)
    with torch.autocast("cpu", torch.bfloat16):
        rough = field.log_partition(emissions, mask)
        marginals = field.marginals(emissions.float(), mask)
    assert rough.dtype == torch.float32
    assert torch.equal(rough, exact)
    assert torch.equal(marginals, field.marginals(emissions.float(), mask))


def test_long_sentences_stay_precise() -> None:
    field = make_field(True)
    torch.manual_seed(0)
    emissions, mask = torch.randn(1, 2000, LABELS) * 5 + 30, torch.ones(1, 2000).bool()
    exact = field.marginals(emissions.double(), mask)
    rough = field.float().marginals(emissions, mask)
    assert rough.isfinite().all()
    assert torch.allclose(rough.double(), exact, atol=1e-6)
