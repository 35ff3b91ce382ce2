"""What the history of a training says to someone who looks at the model later.

The history lies in the archive's folder. Archives made by hand, or by code that keeps none, have no
history; that is no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tango_ie.training.history import DEV, FILE_NAME, ORACLE, read_history

_DIGITS = 5
_F1 = "_f1"


def training_curves(folder: Path, metric: str | None = None) -> dict[str, Any] | None:
    """Loss and dev score of every epoch, as columns; small enough to travel with predictions.

    Args:
        folder: of the archive.
        metric: the dev score; ``None`` for the first F1 that was measured.

    Returns:
        ``metric`` (``None`` where nothing was measured), ``epochs``, ``loss`` and, beside a metric,
        ``score``; where an oracle was asked (:mod:`tango_ie.training.oracle`), ``oracle``, with a
        column for each rule; ``None`` where there is no history.
    """
    records = _epochs(folder)
    if not records:
        return None
    curves: dict[str, Any] = {
        "metric": metric or _first_f1(records[0]),
        "epochs": [record["epoch"] for record in records],
        "loss": [_rounded(record.get("loss")) for record in records],
    }
    if curves["metric"] is not None:
        curves["score"] = [_rounded(record.get(DEV + curves["metric"])) for record in records]
    rules = [name.removeprefix(ORACLE) for name in records[0] if name.startswith(ORACLE)]
    if rules:
        curves["oracle"] = {
            rule: [_rounded(record.get(ORACLE + rule)) for record in records] for rule in rules
        }
    return curves


def _epochs(folder: Path) -> list[dict[str, Any]]:
    """The records that close an epoch; those within one know no time."""
    path = folder / FILE_NAME
    if not path.is_file():
        return []
    return [record for record in read_history(path) if "epoch_seconds" in record]


def _first_f1(record: Mapping[str, Any]) -> str | None:
    names = [name for name in record if name.startswith(DEV) and name.endswith(_F1)]
    return names[0].removeprefix(DEV) if names else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
