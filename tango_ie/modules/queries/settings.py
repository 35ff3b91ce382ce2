"""What may be varied in query-parallel models: how queries are read, and what is predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout

Attention = Literal["segmented", "context_reads", "vanilla"]
Overlaps = Literal["drop", "keep", "drop_crossing"]


@dataclass(frozen=True)
class QueryReading:
    """How the queries of the types are read beside a sentence.

    Args:
        prompt: learned vectors, the same for all types, that stand before a type's name; 0: none.
        prompt_init: their first values, ``normal`` (deviation 0.02) or the vectors of random words
            of the ``vocabulary``.
        attention: ``segmented``: the sentence reads only itself, a query itself and the sentence.
            With ``context_reads`` the sentence reads all queries, too, and with ``vanilla`` queries
            read each other as well; both are ablations, in which types depend on each other and
            memory grows with the square of their number.
        state: the token whose state stands for a query: its ``first`` one, or the first one of its
            ``name``. ``None``: as in the paper, the first one, but with vanilla attention (where
            the same prompt has the same state in all queries) that of the name.
        query_depth: layers, counted from the top, in which queries see the sentence. Below them
            their states depend on nothing but the type, and are computed once for all sentences.
            ``None``: all layers, as in the paper.
        group_tokens: tokens of queries (over all sentences of a batch) that are read at once;
            changes memory and speed, not results. ``None``: by the device.
        save_memory: in training keep nothing of a group but its result, and read it again on the
            way back: about a third slower, for any number of types.

    Raises:
        ConfigurationError: a number out of range, or a depth with an attention that has none.
    """

    prompt: int = 10
    prompt_init: Literal["normal", "vocabulary"] = "normal"
    attention: Attention = "segmented"
    state: Literal["first", "name"] | None = None
    query_depth: int | None = None
    group_tokens: int | None = None
    save_memory: bool = False

    @property
    def place(self) -> int:
        """Of the token that stands for a query, among its tokens."""
        wanted = self.state or ("name" if self.attention == "vanilla" else "first")
        return self.prompt if wanted == "name" else 0

    def __post_init__(self) -> None:
        check_at_least(0, prompt=self.prompt)
        for name in ("query_depth", "group_tokens"):
            if getattr(self, name) is not None:
                check_at_least(1, **{name: getattr(self, name)})
        if self.attention != "segmented" and self.query_depth is not None:
            raise ConfigurationError(
                f"only segmented attention has a depth; with {self.attention!r} a query depends on "
                "the sentence in every layer",
                "query_depth",
            )


@dataclass(frozen=True)
class QueryPrediction:
    """What is predicted of sentence and queries.

    Args:
        kind: ``spans``: the biaffine predictor scores every span for every type. ``words`` is an
            ablation: every word is scored for every type, and runs of words are entities; without
            the predictor, the auxiliary task is the only one.
        size: of the hidden vectors of a word as start, as end, and in the auxiliary task.
        width_size: of the vector that a span's width has.
        max_width: spans of this many words and more share one vector.
        dropout: probability in [0, 1), applied to words and queries.

    Raises:
        ConfigurationError: a number out of range.
    """

    kind: Literal["spans", "words"] = "spans"
    size: int = 300
    width_size: int = 25
    max_width: int = 30
    dropout: float = 0.1

    def __post_init__(self) -> None:
        check_at_least(1, size=self.size, width_size=self.width_size, max_width=self.max_width)
        check_dropout(dropout=self.dropout)
