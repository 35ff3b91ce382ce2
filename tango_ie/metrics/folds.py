"""Cross-validation: what one model has scored on each of the folds, as the scores of the whole.

Each sentence is tested once: over all folds they are a test set like any other, on which variants
are compared sentence by sentence. What papers report is something else, the mean of the folds' own
scores; it is kept beside the counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from tango_ie.data.corpus import Corpus
from tango_ie.metrics.fold_checks import check_folds
from tango_ie.metrics.fold_info import KEY, FoldRatios, Folds
from tango_ie.metrics.pooled_info import pooled_info, varying
from tango_ie.metrics.scores import Scores


def pool_folds(scores: Sequence[Scores], corpora: Sequence[Corpus]) -> Scores:
    """One :class:`Scores` of all sentences that were tested in the folds, one fold after the other.

    Counts of sentences, errors, calibration and the tables of all rules are those of all folds, so
    that everything that is said of a test set can be said of them together. Times are sums. The
    info has what is the same for all folds; the rest is listed fold by fold under ``folds``, where
    each fold's precision, recall and F1 are, too, see :class:`~tango_ie.metrics.fold_info.Folds`.
    There is no history.

    Scores of two arms on the same folds in the same order can be compared: they have the same
    ``corpus_fingerprint``.

    Args:
        scores: of one arm and one seed, one for each fold.
        corpora: those of the folds, in the same order.

    Raises:
        ConfigurationError: fewer than two folds, a corpus too many or too few, or a fold twice.
        DataError: scores of another corpus or split, by other rules or of other seeds; corpora
            with other labels; a sentence that is tested in two folds.
    """
    check_folds(scores, corpora)
    merged = reduce(Scores.merge, scores)
    split = scores[0].info["split"]
    infos = [item.info for item in scores]
    folds = Folds(
        tuple(corpus.fingerprint for corpus in corpora),
        tuple(item.num_sentences for item in scores),
        _ratios(scores),
        varying(infos),
    )
    info = {**pooled_info(infos), "corpus_fingerprint": _fingerprint(folds), KEY: folds.to_json()}
    return replace(merged, info=info, documents=_documents(scores, corpora, split))


def _ratios(scores: Sequence[Scores]) -> dict[str, FoldRatios]:
    plain = [table.name for table in scores[0].tables if not table.grouped_by]
    by_name = [{table.name: table.table for table in item.tables} for item in scores]
    found = {scores[0].name: FoldRatios.of(item.table for item in scores)}
    for name in plain:
        found[name] = FoldRatios.of(tables[name] for tables in by_name)
    return found


def _documents(
    scores: Sequence[Scores], corpora: Sequence[Corpus], split: str
) -> tuple[int, ...] | None:
    """Sentences of one document may lie in several folds: the documents are numbered anew."""
    if any(item.documents is None for item in scores):
        return None
    names = [sentence.doc_id for corpus in corpora for sentence in corpus[split]]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(numbers[name] for name in names)


def _fingerprint(folds: Folds) -> str:
    """Of the folds in their order, which is that of the sentences."""
    text = json.dumps(folds.corpora)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()
