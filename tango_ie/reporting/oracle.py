"""How much choosing the epoch on the test set would flatter: a column and a warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tango_ie.core.errors import DataError
from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.metrics.verdict import points
from tango_ie.reporting import wording

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Run, Variant

HEADER = "F1, epoch by test"


@dataclass(frozen=True)
class OracleRun:
    """The epoch of a run that is best on the test split, and the one that dev has chosen.

    Args:
        seed: of the run.
        best, kept: F1 on the test split, as a fraction.
        best_epoch, kept_epoch: where they are from.
    """

    seed: int | None
    best: float
    kept: float
    best_epoch: int
    kept_epoch: int

    @property
    def gain(self) -> float:
        """By how much F1 would look better."""
        return self.best - self.kept

    @classmethod
    def of(cls, run: Run, split: str) -> OracleRun | None:
        """``None`` where the split was not scored in training by the rule that counts."""
        history: Any = run.info.get("history") or {}
        rule = run.rules[0].name if run.rules else None
        scores = (history.get("oracle") or {}).get(rule)
        kept = run.archive.get("best_epoch")
        scored = (run.archive.get("made_from") or {}).get("oracle_split")
        if not scores or scored != split or kept is None or kept not in history["epochs"]:
            return None
        pairs = list(zip(scores, history["epochs"], strict=True))
        best, best_epoch = max(pairs, key=lambda pair: (pair[0], -pair[1]))
        return cls(run.seed, best, scores[history["epochs"].index(kept)], best_epoch, kept)


def oracle_runs(variant: Variant, split: str) -> list[OracleRun]:
    """One for each run of a variant; none unless all are known."""
    found = [OracleRun.of(run, split) for run in variant.runs]
    known = [run for run in found if run is not None]
    return known if len(known) == len(found) else []


def oracle_scores(variant: Variant, split: str) -> tuple[SeedInterval, SeedInterval] | None:
    """F1 of the epochs that are best on the test split, and what they gain, over seeds."""
    runs = oracle_runs(variant, split)
    if not runs:
        return None
    return seed_interval([run.best for run in runs]), seed_interval([run.gain for run in runs])


def oracle_cell(variant: Variant, split: str) -> str:
    """The variant's cell in the main table: F1, and in brackets what it gains, in points."""
    found = oracle_scores(variant, split)
    if found is None:
        return wording.MISSING
    return f"{wording.mean_sd(found[0])} ({points(found[1].mean)})"


def oracle_note(variants: Sequence[Variant], split: str) -> str:
    """The warning that goes with the column.

    Raises:
        DataError: no variant has what the column needs.
    """
    shown = []
    for variant in variants:
        runs = oracle_runs(variant, split)
        if runs:
            each = wording.listed([_seed(run) for run in runs])
            shown.append(f"{variant.name} {each}")
    if not shown:
        raise DataError(
            f"oracle_test_epoch needs scores on split {split!r} of every epoch, by the rule that "
            f"is compared by; train with oracle_split = {split!r}, and compare by the strict rule "
            "for entities or by one for relations"
        )
    return (
        f"“{HEADER}” is no result. It is what would be reported if the epoch were chosen on split "
        f"{split} itself, and in brackets how many points that flatters; by seed: "
        f"{'; '.join(shown)}. Differences, intervals, verdicts and figures do not use it."
    )


def _seed(run: OracleRun) -> str:
    name = "" if run.seed is None else f"seed {run.seed}: "
    return f"{points(run.gain)} ({name}epoch {run.best_epoch}, kept {run.kept_epoch})"
