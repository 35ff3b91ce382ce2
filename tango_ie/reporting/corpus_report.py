"""Corpora that bring their page with them."""

from __future__ import annotations

from pathlib import Path

from tango.common.aliases import PathOrStr
from tango.format import Format

from tango_ie.data import Corpus, CorpusFormat
from tango_ie.reporting.corpus_page import write_corpus_page


@Format.register("tango_ie::reported_corpus")
class ReportedCorpusFormat(CorpusFormat):
    """Keeps a corpus as a step's result, with ``corpus.html`` for people beside it."""

    # Not the digest of the page's template: how a page looks must not make models stale that were
    # trained on the corpus. `write_corpus_page` draws it anew.
    VERSION = CorpusFormat.VERSION

    def write(self, artifact: Corpus, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        super().write(artifact, dir)
        write_corpus_page(artifact, Path(dir))
