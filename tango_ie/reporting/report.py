"""Report: the comparison of variants, as data, and how it lies on disk."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tango.common.aliases import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.reporting.examples import ExampleBrowser
from tango_ie.reporting.fold_averages import num_folds
from tango_ie.reporting.latex import latex
from tango_ie.reporting.markdown import markdown
from tango_ie.reporting.page import TEMPLATE_DIGEST, page
from tango_ie.reporting.provenance import Provenance
from tango_ie.reporting.published import Published
from tango_ie.reporting.question import answer, question
from tango_ie.reporting.tables import csv_table
from tango_ie.reporting.variant import Variant
from tango_ie.reporting.wording import listed, seeds, verdict

RESULTS = "results.json"
PAGE = "report.html"


@dataclass(frozen=True)
class Report:
    """A finished comparison.

    Args:
        variants: at least one, baseline first.
        rule: one sentence that says when an item counts as found.
        split: on which split of the corpus.
        corpus_fingerprint: of which corpus.
        num_sentences: in the split.
        confidence: of the intervals.
        notes: what a reader must know to read the figures right.
        folder: where the report lies, once it has been written.
        browser: the sentences, to be looked at in the page; only there they are kept.
        own_question: what the reader asked; :attr:`question` where there is none.
        provenance: where the scores come from, as far as it is known.
        oracle_test_epoch: whether the main table shows what choosing the epoch on the test split
            would give, see :mod:`tango_ie.reporting.oracle`.
        published: figures of others, for a column of the main table.
    """

    variants: tuple[Variant, ...]
    rule: str
    split: str
    corpus_fingerprint: str
    num_sentences: int
    confidence: float = 0.95
    notes: tuple[str, ...] = ()
    folder: Path | None = field(default=None, compare=False)
    browser: ExampleBrowser | None = field(default=None, compare=False, repr=False)
    own_question: str | None = None
    provenance: Provenance | None = field(default=None, compare=False, repr=False)
    oracle_test_epoch: bool = False
    published: Published | None = None

    @property
    def baseline(self) -> Variant:
        """What the others are compared with."""
        return self.variants[0]

    @property
    def question(self) -> str:
        """What is asked: does this help?"""
        return question(self.variants, self.own_question)

    @property
    def answer(self) -> str:
        """One sentence over all variants."""
        return answer(self.variants)

    @property
    def things(self) -> str:
        """What is counted: entities, relations or tags."""
        rules = self.baseline.runs[0].rules
        return rules[0].things if rules else "entities"

    @property
    def units(self) -> str:
        """What was drawn for the intervals: sentences or documents."""
        drawn = {item.difference.by_document for item in self.variants if item.difference}
        return "documents" if True in drawn else "sentences"

    @property
    def gold_per_label(self) -> dict[str, int]:
        """Items in gold, for each label that occurs in gold or was predicted."""
        runs = [run for variant in self.variants for run in variant.runs]
        met = {
            label: None
            for run in runs
            for label, counts in run.per_label.items()
            if counts.gold or counts.predicted
        }
        gold = self.baseline.runs[0].per_label
        return {label: gold[label].gold // self._unit if label in gold else 0 for label in met}

    @property
    def num_gold(self) -> int:
        """Items in gold."""
        return self.baseline.runs[0].total.gold // self._unit

    @property
    def subject(self) -> str:
        """What is compared, on what."""
        others = [variant.name for variant in self.variants[1:]]
        compared = f"{listed(others)} against {self.baseline.name}" if others else "One variant"
        folds = num_folds(self.variants)
        runs = sum(len(variant.runs) for variant in self.variants) * (folds or 1)
        of_folds = f", in {folds} folds," if folds else ""
        return (
            f"{compared}: {seeds(runs).replace('seed', 'model')} on {self.num_sentences:,} "
            f"sentences of split {self.split}{of_folds} with {self.num_gold:,} {self.things}."
        )

    @property
    def _unit(self) -> int:
        rules = self.baseline.runs[0].rules
        return rules[0].unit if rules else 1

    @property
    def verdicts(self) -> tuple[str, ...]:
        """One sentence per variant, baseline first."""
        return tuple(verdict(variant, self.baseline) for variant in self.variants)

    @property
    def page(self) -> Path | None:
        """The page to open in a browser, once it has been written."""
        return None if self.folder is None else self.folder / PAGE

    def to_json(self) -> dict[str, Any]:
        """JSON-able form, everything included; :meth:`from_json` reads it."""
        return {
            "question": self.question,
            "answer": self.answer,
            "own_question": self.own_question,
            "subject": self.subject,
            "baseline": self.baseline.name,
            "rule": self.rule,
            "split": self.split,
            "corpus_fingerprint": self.corpus_fingerprint,
            "num_sentences": self.num_sentences,
            "gold_per_label": self.gold_per_label,
            "confidence": self.confidence,
            "verdicts": list(self.verdicts),
            "notes": list(self.notes),
            "oracle_test_epoch": self.oracle_test_epoch,
            "published": self.published and self.published.to_json(),
            "variants": [variant.to_json() for variant in self.variants],
            "provenance": self.provenance and self.provenance.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any], folder: Path | None = None) -> Report:
        """The inverse of :meth:`to_json`."""
        return cls(
            variants=tuple(Variant.from_json(variant) for variant in value["variants"]),
            rule=value["rule"],
            split=value["split"],
            corpus_fingerprint=value["corpus_fingerprint"],
            num_sentences=value["num_sentences"],
            confidence=value["confidence"],
            notes=tuple(value["notes"]),
            folder=folder,
            own_question=value["own_question"],
            provenance=value["provenance"] and Provenance.from_json(value["provenance"]),
            oracle_test_epoch=value.get("oracle_test_epoch", False),
            published=Published(**value["published"]) if value.get("published") else None,
        )

    @classmethod
    def load(cls, folder: str | Path) -> Report:
        """Read a written report.

        Raises:
            DataError: there is none in the folder, or one of an older version.
        """
        path = Path(folder, RESULTS)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(value, dict) and "verdicts" in value and "provenance" not in value:
                raise DataError(
                    "this report was written by an older version of tango_ie, which did not keep "
                    "where its figures come from; run the comparison again",
                    path,
                )
            return cls.from_json(value, path.parent)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"not the results of a comparison ({error!r})", path) from error


class ReportFormat(Format[Report]):
    """``report.html`` and ``table.{md,csv,tex}`` for people, ``results.json`` for both."""

    # The page's template is no Python, so the fingerprint of the code does not see it change.
    VERSION = f"002-{TEMPLATE_DIGEST}"

    def write(self, artifact: Report, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        results = json.dumps(_finite(artifact.to_json()), ensure_ascii=False, indent=1)
        files = {
            RESULTS: results + "\n",
            "table.md": markdown(artifact),
            "table.csv": csv_table(artifact),
            "table.tex": latex(artifact),
            PAGE: page(artifact),
        }
        for name, text in files.items():
            Path(dir, name).write_text(text, encoding="utf-8")

    def read(self, dir: PathOrStr) -> Report:  # noqa: A002
        """Read what :meth:`write` has written."""
        return Report.load(Path(dir))


def _finite(value: Any) -> Any:
    """The same JSON with ``null`` for what strict JSON cannot hold (a best score of −∞, say)."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
