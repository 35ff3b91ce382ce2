"""The predictors, against their equations cell by cell."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, gelu

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.queries.predictor import QueryBiaffine, QueryWords, entropy
from tango_ie.modules.queries.settings import QueryPrediction

SETTINGS = QueryPrediction(size=6, width_size=3, max_width=2)


def test_the_biaffine_predictor() -> None:
    torch.manual_seed(0)
    predictor = QueryBiaffine(4, SETTINGS)
    torch.nn.init.normal_(predictor.bilinear)
    words, queries = torch.randn(2, 3, 4), torch.randn(2, 2, 4)
    found = predictor(words, queries)  # (B, Q, T, T)
    for row, query, start, last in torch.cartesian_prod(
        *(torch.arange(size) for size in (2, 2, 3, 3))
    ).tolist():
        if start > last:
            continue
        asked = queries[row, query]
        of_start = gelu(predictor.starts.dense(torch.cat([asked, words[row, start]])))
        of_end = gelu(predictor.ends.dense(torch.cat([asked, words[row, last]])))
        width = predictor.widths.weight[min(last - start, 1)]
        score = of_start @ predictor.bilinear @ of_end + predictor.linear(
            torch.cat([of_start, of_end, width])
        )
        torch.testing.assert_close(found[row, query, start, last], score[0])


def test_the_words() -> None:
    torch.manual_seed(0)
    predictor = QueryWords(4, SETTINGS)
    words, queries = torch.randn(2, 3, 4), torch.randn(2, 5, 4)
    found = predictor(words, queries)
    assert found.shape == (2, 5, 3)
    features = gelu(predictor.features.dense(torch.cat([queries[1, 4], words[1, 2]])))
    torch.testing.assert_close(found[1, 4, 2], predictor.score(features)[0])


def test_cross_entropy_of_cells_that_exist() -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 3, 4, requires_grad=True)
    exists = torch.tensor([[True] * 4, [True, True, False, False]]).unsqueeze(1)
    gold = (torch.tensor([0, 1]), torch.tensor([2, 0]), torch.tensor([3, 1]))
    truth = torch.zeros(2, 3, 4)
    truth[gold] = 1
    every = binary_cross_entropy_with_logits(logits, truth, reduction="none")
    found = entropy(logits, exists, gold)
    torch.testing.assert_close(found, (every * exists).sum())
    found.backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
    assert logits.grad[1, :, 2:].abs().max() == 0


def test_nothing_to_score() -> None:
    assert QueryBiaffine(4, SETTINGS)(torch.zeros(1, 0, 4), torch.zeros(1, 2, 4)).numel() == 0
    assert QueryWords(4, SETTINGS)(torch.zeros(1, 0, 4), torch.zeros(1, 2, 4)).numel() == 0


@pytest.mark.parametrize("wrong", [{"size": 0}, {"max_width": 0}, {"dropout": 1.0}])
def test_wrong_settings(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        QueryPrediction(**wrong)  # type: ignore[arg-type]
