"""The loss of relations between the entities of sentences.

Legend: P pairs, R relation types, G gold relations.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

from tango_ie.modules.pairs.entity_pairs import EntityPairs

Reduction = Literal["mean", "sum"]


def pair_loss(
    logits: Tensor,
    pairs: EntityPairs,
    true_pairs: Tensor,
    true_labels: Tensor,
    reduction: Reduction = "mean",
) -> Tensor:
    """Binary cross-entropy, as a sum over sentences.

    Args:
        reduction: of a sentence, ``mean`` or ``sum`` over its pairs and relation types.

    Shapes:
        logits (P, R) float; true_pairs, true_labels (G,) int: each relation once; returns ()
    """
    # −log σ(x) = softplus(x) − x; −log (1 − σ(x)) = softplus(x)
    all_false = nn.functional.softplus(logits).sum(1)  # (P,)
    truth = logits[true_pairs, true_labels]  # (G,)
    if reduction == "sum":
        return all_false.sum() - truth.sum()
    total = (all_false * pairs.shares).sum() - (truth * pairs.shares[true_pairs]).sum()
    return total / logits.size(1)
