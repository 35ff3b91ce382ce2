"""Some splits of a corpus, under other names, or several as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling.deriving import concatenated, derive


def select_splits(
    corpus: Corpus,
    splits: Mapping[str, str | Sequence[str]],
    work_dir: str | Path | None = None,
) -> Corpus:
    """Choose, rename and join splits; those that are not named are left out.

    Args:
        corpus: what is chosen from.
        splits: new name → old name, or several, which are joined in their order; document ids then
            begin with the old name, so that they stay apart: ``{train: ["train", "dev"]}``.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: a split that is not there, or no split.
    """
    sources = {new: [old] if isinstance(old, str) else list(old) for new, old in splits.items()}
    if not sources or not all(sources.values()):
        raise ConfigurationError("name at least one split, for example {train: 'train'}", "splits")
    chosen = {
        new: concatenated([(name, corpus[name]) for name in olds]) for new, olds in sources.items()
    }
    record = {"operation": "select_splits", "splits": sources}
    return derive(corpus, chosen, record, work_dir=work_dir)
