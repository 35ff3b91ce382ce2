"""Step: the confidence below which a model's predictions are better dropped."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, ArchiveFormat, Predictor, find_thresholds
from tango_ie.inference.thresholded import check_without_thresholds, save_with_thresholds
from tango_ie.training.finished import write_folder

_ARCHIVE = "archive"


@Step.register("tango_ie::tune_thresholds")
class TuneThresholds(Step):
    """Find the thresholds that are best on a split, and keep them in the archive.

    Whatever loads the new archive predicts with them: entities and relations of less confidence are
    dropped, and relations go with their entities. The archive's info says what they are, and what
    they have changed on the split.

    Args:
        archive: a trained model.
        corpus: with the split.
        split: must not be the one that is tested on.
        per_label: one threshold for each label instead of one for all; the labels that are rare in
            the split are then fitted closely.
        symmetric: relation types without a direction.
        device: see the step ``tango_ie::predict``.
        precision: the same.
        token_budget: the same.

    Raises:
        ConfigurationError: a split or a device that is not there, or a model that has thresholds.
        DataError: the model gives no confidences, or finds nothing.
    """

    VERSION = "001"
    FORMAT = ArchiveFormat()
    SKIP_ID_ARGUMENTS = {"device", "token_budget"}

    def run(  # type: ignore[override]
        self,
        archive: Archive,
        corpus: Corpus,
        split: str = "dev",
        per_label: bool = False,
        symmetric: list[str] | None = None,
        device: str = "auto",
        precision: Literal["auto", "float32", "bf16"] = "auto",
        token_budget: int | None = None,
    ) -> Archive:
        check_without_thresholds(archive)
        gold = corpus[split].sentences()
        predicted = Predictor(archive, device, precision, token_budget).predict_sentences(gold)
        found = find_thresholds(gold, predicted, per_label, symmetric or ())
        made_from = {
            "corpus_fingerprint": corpus.fingerprint,
            "split": split,
            "per_label": per_label,
        }
        folder = write_folder(
            self.work_dir / _ARCHIVE,
            lambda place: save_with_thresholds(archive, found, place, made_from),
        )
        return Archive(folder)
