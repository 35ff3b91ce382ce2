"""Gates: what they average over, and that one pass can use those of another."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.modules.tuning import Gates, context_words
from tango_ie.modules.tuning.gates import Gate, Pass, Scope
from tests.modules.tuning.tiny import IDS, MASK, attach, make, states

GATED = {"type": "unipelt", "adapter": 5, "prefix": 3, "prefix_mid": 7, "lora": 2}
WORDS = context_words(MASK, 1, 1)


@given(
    st.lists(st.integers(0, 7), min_size=1, max_size=4),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_words_are_what_lies_between_the_special_tokens(
    sizes: list[int], before: int, after: int
) -> None:
    mask = torch.arange(9) < torch.tensor(sizes)[:, None]
    words = context_words(mask.long(), before, after)
    for row, size in zip(words.tolist(), sizes, strict=True):
        inside = list(range(before, size - after)) or list(range(size))
        assert [place for place, is_word in enumerate(row) if is_word] == inside


def test_a_gate_is_the_mean_over_words() -> None:
    torch.manual_seed(0)
    scope = Scope()
    gate = Gate("0.adapter", 4, scope)
    hidden = torch.randn(2, 5, 4)
    words = torch.tensor([[0, 1, 1, 0, 0], [0, 0, 0, 0, 0]]).bool()
    with scope.enter(Pass(words=words)) as gates:
        value = gate(hidden)
    expected = gate.score(hidden[0, 1:3]).sigmoid().mean()
    assert torch.allclose(value, torch.stack([expected, torch.zeros(())]))
    assert gates["0.adapter"] is value


@pytest.mark.parametrize("part", ["unipelt", "adapter", "prefix", "lora"])
def test_padding_and_further_rows_change_nothing(part: str) -> None:
    transformer = make()
    tuning = attach(transformer, GATED if part == "unipelt" else {"type": part, "gate": True})
    with tuning.over(WORDS):
        together = states(transformer)
    for row, ids, mask, words in zip(together, IDS, MASK, WORDS, strict=True):
        size = int(mask.sum())
        with tuning.over(words[None, :size]):
            alone = states(transformer, ids[None, :size], None)
        assert torch.allclose(row[:size], alone[0], atol=1e-5)


def one_way(length: int, further: int) -> Tensor:
    """A mask (1, 1, S, S) in which the context does not see what comes after it."""
    seen = torch.ones(length + further, length + further).bool()
    seen[:length, length:] = False
    return seen[None, None]


@pytest.mark.parametrize("part", ["unipelt", "adapter", "prefix", "lora"])
def test_queries_beside_a_context_do_not_change_it(part: str) -> None:
    """In one row with a one-way mask; the queries do see the context and the prefix."""
    transformer = make()
    tuning = attach(transformer, GATED if part == "unipelt" else {"type": part, "gate": True})
    context, words = IDS[:1], WORDS[:1]
    with tuning.over(words) as gates:
        plain = states(transformer, context, None)
    for queries in ([[40, 41]], [[50, 51, 52, 53]]):
        further = torch.tensor(queries)
        size = further.shape[1]
        ids = torch.cat([context, further], 1)
        mask = one_way(7, size)
        not_words = torch.zeros(1, size).bool()
        with tuning.over(torch.cat([words, not_words], 1)) as beside:
            both = states(transformer, ids, mask)
        assert torch.allclose(both[:, :7], plain, atol=1e-5)
        for name in gates:
            assert torch.allclose(beside[name], gates[name], atol=1e-6)
        with tuning.over(torch.cat([words, ~not_words], 1)):
            wrong = states(transformer, ids, mask)
        assert (wrong[:, :7] - plain).abs().max() > 1e-4


def test_a_second_pass_uses_the_gates_of_the_first() -> None:
    """All in one row against the same row with given gates, and rows that share a context."""
    transformer = make()
    tuning = attach(transformer, GATED)
    with tuning.over(WORDS) as gates:
        first = states(transformer)
    with tuning.using(gates, prefix=True):
        assert torch.allclose(states(transformer), first, atol=1e-6)
    index = torch.tensor([2, 0, 0])
    with tuning.using(gates.rows(index), prefix=True):
        again = states(transformer, IDS[index], MASK[index])
    assert torch.allclose(again, first[index], atol=1e-6)
    # Other words behind the same gates, one by one: as if they stood beside the context.
    layer, hidden = transformer.encoder.layer[0], torch.randn(3, 2, 16)
    with torch.no_grad(), tuning.using(gates):
        whole = layer(hidden, None)
        norm = layer.output.LayerNorm
        assert torch.allclose(norm(hidden)[:, 1], norm(hidden[:, 1]), atol=1e-6)
    assert whole.shape == hidden.shape


def test_the_gradient_of_the_second_pass_reaches_the_gates() -> None:
    transformer = make()
    tuning = attach(transformer, {"type": "adapter", "gate": True})
    with tuning.over(WORDS) as gates:
        transformer(input_ids=IDS, attention_mask=MASK)
    with tuning.using(gates):
        output = transformer(input_ids=IDS.flip(1))
    output.last_hidden_state[0, 0].square().sum().backward()
    for name, weight in tuning.named_parameters():
        assert weight.grad is not None and weight.grad.abs().sum() > 0, name


def test_blocks_can_be_nested() -> None:
    transformer = make()
    tuning = attach(transformer, GATED)
    with tuning.over(WORDS) as outer:
        expected = states(transformer)
        with tuning.over(MASK.bool()) as inner:
            states(transformer)
        assert torch.equal(states(transformer), expected)
    assert len(outer) == len(inner) == 8
    assert not torch.equal(outer["0.adapter"], inner["0.adapter"])


def test_what_nobody_has_said_is_an_error() -> None:
    transformer = make()
    tuning = attach(transformer, {"type": "adapter", "gate": True})
    with pytest.raises(RuntimeError, match="nobody has said over which"):
        states(transformer)
    with tuning.over(WORDS[:, :4]), pytest.raises(RuntimeError, match="rearranges its input"):
        states(transformer)
    with tuning.using(Gates({})), pytest.raises(RuntimeError, match=r"was not opened.*none"):
        states(transformer)
    open_ = make()
    attach(open_, {"type": "unipelt", "gates": False})
    assert states(open_).isfinite().all()  # without gates there is nothing to say
