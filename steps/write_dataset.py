"""Step: a corpus, or what was predicted on it, in the format of another tool."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_sentences, predicted_split
from tango_ie.data.writers import Writer
from tango_ie.data.written import WrittenFiles, WrittenFilesFormat, write_files
from tango_ie.inference import Predictions


@Step.register("tango_ie::write_dataset")
class WriteDataset(Step):
    """Write each split as ``<split><ending of the format>`` into the result's folder.

    Args:
        corpus: what to write.
        writer: for the format.
        predictions: made on this corpus; their split is written, with the predicted annotations in
            place of gold.
        splits: those to write; ``null`` is all of them.
        compress: with gzip.
        strict: what the format has no place for is an error instead of counted and shown.

    Raises:
        DataError: a sentence that the format cannot hold, or predictions for another corpus.
        ConfigurationError: a split that is not there.
    """

    VERSION = "001"
    FORMAT = WrittenFilesFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        writer: Writer,
        predictions: Predictions | None = None,
        splits: list[str] | None = None,
        compress: bool = False,
        strict: bool = False,
    ) -> WrittenFiles:
        if predictions is None:
            chosen = {name: corpus[name] for name in splits or corpus.splits}
            return write_files(chosen, writer, self.work_dir / "files", strict, compress)
        split = predicted_split(corpus, predictions.info)
        found = {split: predicted_sentences(predictions.annotations, corpus, split)}
        return write_files(found, writer, self.work_dir / "files", strict, compress)
