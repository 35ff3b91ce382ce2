"""What may be varied in PMEI: early predictions, maps, and the grid of word pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least
from tango_ie.modules.pairs.relation_cells import Anchor
from tango_ie.modules.progressive.update_cells import CellKind


@dataclass(frozen=True)
class Progress:
    """What tasks learn from early predictions, and how.

    The paper's e⁻³ is 10⁻³, and so are its other weights: its authors' code and logs say so.

    Args:
        early: predictions that a task is shown: of ``both`` tasks, its ``own``, or ``none``.
        cell: ``gru``, or ``linear`` for the paper's "without GRU" (an MLP there, one linear layer
            in the authors' code). ``None``: ``gru`` where there are early predictions.
        stochastic: tasks draw their vectors; else they take what would be the mean.
        pool: a word is shown the relations that it may ``head``, or those that it may be the tail
            of, too (``both``).
        sample: draw in ``training``, and take the mean in prediction; or draw ``always``, as the
            authors do: no two predictions are then alike.
        alpha: weight of the loss of early predictions.
        beta_entities: weight of the divergence of the entities' map; 0 is without bound.
        beta_relations: the same for relations.
        least_variance: added to all variances. Deviations of any sign come close to zero, where
            the divergence explodes; the authors' 1e-8 hardly keeps it from that.

    Raises:
        ConfigurationError: arguments that exclude each other, or a weight below 0.
    """

    early: Literal["both", "own", "none"] = "both"
    cell: CellKind | None = None
    stochastic: bool = True
    pool: Literal["head", "both"] = "head"
    sample: Literal["training", "always"] = "training"
    alpha: float = 1e-3
    beta_entities: float = 1e-6
    beta_relations: float = 1e-6
    least_variance: float = 1e-8

    def __post_init__(self) -> None:
        for name in ("alpha", "beta_entities", "beta_relations"):
            weight = getattr(self, name)
            if not (weight >= 0 and math.isfinite(weight)):
                raise ConfigurationError(f"must be 0 or more, found {weight}", name)
        if not 0 < self.least_variance < float("inf"):
            raise ConfigurationError(
                f"must be more than 0, found {self.least_variance}", "least_variance"
            )
        if self.early == "none" and self.cell == "gru":
            raise ConfigurationError(
                "without early predictions a GRU cell has nothing to take in; leave it out", "cell"
            )
        if self.early == "none" and not self.stochastic and self.cell is not None:
            raise ConfigurationError("there is nothing for a cell to do; leave it out", "cell")

    @property
    def kind(self) -> CellKind | None:
        """Of the cells; ``None`` where the tasks' vectors are those of the encoder."""
        if self.early == "none":
            return "linear" if self.stochastic else None
        return self.cell or "gru"


@dataclass(frozen=True)
class Pairs:
    """The grid of word pairs.

    Args:
        size: of a pair's hidden layer; ``None``: that of the encoder.
        anchor: an entity's ``first`` word, which the paper calls its head, or its ``last``, at
            which the authors' scorer looks for exact triples.
        self_pairs: whether a word makes a pair with itself, as in the authors' code but not in the
            paper's equations. Where WebNLG marks last words only, one triple in sixteen is of this
            kind.
        threshold: a relation's probability must be above it; in (0, 1).
        orphans: what becomes of relations at words that are the anchor of no predicted entity.
            ``drop``: there are none, because the grid is only read where both ends are. ``word``:
            it is read everywhere, and such a word becomes an entity by itself, of the type that is
            most probable there. So the authors count their predictions.

    Raises:
        ConfigurationError: a number out of range.
    """

    size: int | None = None
    anchor: Anchor = "first"
    self_pairs: bool = False
    threshold: float = 0.5
    orphans: Literal["drop", "word"] = "drop"

    def __post_init__(self) -> None:
        check_at_least(1, size=1 if self.size is None else self.size)
        if not 0 < self.threshold < 1:
            raise ConfigurationError(f"must lie in (0, 1), found {self.threshold}", "threshold")
