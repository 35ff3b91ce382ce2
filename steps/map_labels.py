"""Step: other names for labels."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import map_labels
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::map_labels")
class MapLabels(Step):
    """Rename labels and drop some; what is dropped is counted in notes.

    The relations of dropped entities are dropped. Entities of one span that were of different types
    and are now of one become one entity.

    Args:
        corpus: all of its splits.
        entities: entity type → its new name, or ``null`` to drop it.
        relations: the same for relation types.
        tags: the same for layers of word tags (``pos``), not for the tags in them.
        others: labels that a map does not name stay, are dropped, or are an error. A kind of label
            for which there is no map stays as it is.
        use_subtypes: the type of an entity is its subtype, where it has one.
        names: natural-language names of new labels; labels that remain keep theirs.

    Raises:
        ConfigurationError: a map names a label that the corpus does not have, or an empty name.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        entities: dict[str, str | None] | None = None,
        relations: dict[str, str | None] | None = None,
        tags: dict[str, str | None] | None = None,
        others: Literal["keep", "drop", "error"] = "keep",
        use_subtypes: bool = False,
        names: dict[str, str] | None = None,
    ) -> Corpus:
        return map_labels(
            corpus,
            entities=entities,
            relations=relations,
            tags=tags,
            others=others,
            use_subtypes=use_subtypes,
            names=names,
            work_dir=self.work_dir,
        )
