"""Step: files of any format to a corpus."""

from __future__ import annotations

from tango.workspace import Workspace

from tango_ie.core import InputFile, Step
from tango_ie.data import Corpus, convert
from tango_ie.data.readers.base import Reader
from tango_ie.reporting import ReportedCorpusFormat
from tango_ie.reporting.corpus_terminal import log_corpus


@Step.register("tango_ie::convert_dataset")
class ConvertDataset(Step):
    """Read the files of a corpus once; all later steps work on the result.

    The files enter the cache key by content: moving them changes nothing, editing one does. What
    was found is shown at the end, with the path of a page that says more.

    Args:
        reader: for the format of the files.
        splits: split name → file (or folder, where the reader reads folders).
        names: natural-language names of labels where the derived one will not do.
        strict: whatever would be repaired, counted and shown is an error instead.

    Raises:
        DataError: a file is empty or malformed; the message names file and line.
        ConfigurationError: a file is not there, or a name is for a label that does not occur.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        reader: Reader,
        splits: dict[str, InputFile],
        names: dict[str, str] | None = None,
        strict: bool = False,
    ) -> Corpus:
        return convert(reader, splits, names, strict, self.work_dir)

    def ensure_result(self, workspace: Workspace | None = None) -> None:
        """Convert where the corpus is not cached, and show what was found."""
        known = workspace is not None and self in workspace.step_cache
        super().ensure_result(workspace)
        if workspace is not None and not known:
            log_corpus(workspace.step_cache[self])
