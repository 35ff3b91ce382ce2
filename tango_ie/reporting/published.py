"""Figures that others have published: a column beside ours that nothing else looks at."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches
from tango_ie.metrics.significance import SeedInterval
from tango_ie.reporting import wording
from tango_ie.reporting.fold_averages import fold_average, num_folds

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Variant

Measure = Literal["micro F1", "macro F1", "micro F1 over folds", "macro F1 over folds"]
_OVER_FOLDS = " over folds"


@dataclass(frozen=True)
class Published:
    """What a paper reports for some of the variants.

    Args:
        figures: variant → its score in percent, as it is printed: 72.63.
        source: where they stand and what they were got with, such as "Crone (2020), Table 3, with
            ELMo".
        measure: what they are; ours of the same measure are shown beside them. Those over folds are
            means of the folds' own scores, and need scores of ``pool_folds``.

    Raises:
        ConfigurationError: no figure, one that is no percentage or was written as a fraction, no
            source, or an unknown measure.

    >>> Published({"base": 72.63, "none": 57.4}, "a paper").shown("none")
    '57.40'
    """

    figures: dict[str, float]
    source: str
    measure: Measure = "micro F1"

    def __post_init__(self) -> None:
        if not self.figures:
            raise ConfigurationError("there are no figures; leave `published` out", "figures")
        if not self.source.strip():
            raise ConfigurationError("say which paper and table the figures are from", "source")
        if self.measure not in get_args(Measure):
            raise ConfigurationError(
                f"expected one of {', '.join(get_args(Measure))}, found {self.measure!r}", "measure"
            )
        for name, figure in self.figures.items():
            if isinstance(figure, bool) or not math.isfinite(figure) or not 0 <= figure <= 100:
                raise ConfigurationError(
                    f"expected a score in percent, from 0 to 100, found {figure!r}",
                    f"figures.{name}",
                )
        if 0 < max(self.figures.values()) <= 1:
            raise ConfigurationError(
                f"{max(self.figures.values())} is the highest, which looks like a fraction; write "
                "percent, 72.63 for 0.7263",
                "figures",
            )

    def check(self, variants: Sequence[Variant]) -> None:
        """Refuse figures of what is not compared, or of a measure that these scores have not.

        Raises:
            ConfigurationError: names the figure, or says what to do.
        """
        self._check_names([variant.name for variant in variants])
        if self.over_folds and any(self.ours(variant) is None for variant in variants):
            raise ConfigurationError(
                f"{self.measure!r} needs scores that were pooled over folds (pool_folds)",
                "published.measure",
            )

    @property
    def over_folds(self) -> bool:
        """Whether they are means of the scores of folds."""
        return self.measure.endswith(_OVER_FOLDS)

    @property
    def is_main(self) -> bool:
        """Whether they are of the measure that a report calls F1."""
        return self.measure == "micro F1"

    def ours(self, variant: Variant) -> SeedInterval | None:
        """What the variant has by the same measure."""
        if self.over_folds:
            return fold_average(variant, "micro" if self.measure.startswith("micro") else "macro")
        return variant.f1 if self.is_main else variant.macro_f1

    def shown(self, name: str) -> str:
        """The figure of a variant, with as many digits as the most exact of all."""
        if name not in self.figures:
            return wording.MISSING
        digits = max(_digits(figure) for figure in self.figures.values())
        return f"{self.figures[name]:.{digits}f}"

    @property
    def header(self) -> str:
        """Of the column."""
        return f"published {'F1' if self.is_main else self.measure.removesuffix(_OVER_FOLDS)}"

    def our_header(self, variants: Sequence[Variant]) -> str:
        """Of the column with ours."""
        if self.is_main:
            return "F1"
        number = num_folds(variants) if self.over_folds else None
        measure = self.measure.removesuffix(_OVER_FOLDS)
        return measure if number is None else f"{measure}, {number} folds"

    def sentence(self, variants: Sequence[Variant]) -> str:
        """What the column is, and what it is not."""
        return (
            f"Published: {self.measure} in percent, from {self.source.rstrip('.')}; ours of the "
            f"same measure are in the column “{self.our_header(variants)}”. Published figures were "
            "measured elsewhere, with other code: no difference, interval, verdict or figure uses "
            "them."
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form."""
        return asdict(self)

    def _check_names(self, names: Collection[str]) -> None:
        for name in self.figures:
            if name not in names:
                raise ConfigurationError(
                    f"no variant is called {name!r}; {near_matches(name, names)}",
                    "published.figures",
                )


def _digits(figure: float) -> int:
    """
    >>> _digits(72.63), _digits(87.0), _digits(75.7)
    (2, 0, 1)
    """
    return len(f"{figure:.2f}".rstrip("0").partition(".")[2])
