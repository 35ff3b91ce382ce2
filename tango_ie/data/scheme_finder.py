"""Finding out the tag scheme of a file while it is read.

Whatever the scheme, the same tags give the same entities (see :mod:`tango_ie.data.schemes`); only
what counts as broken differs. So sentences are decoded as they come, faults are counted against
each scheme, and the end of the file decides which scheme it is. Memory does not grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import BEGUN_BY_B, UNCLOSED, TagScheme, describe_fault, scan_tags

_CLOSING: dict[str, TagScheme] = {"E": "bioes", "S": "bioes", "L": "bilou", "U": "bilou"}
# A larger share of entities that do not fit the best scheme, and the file is a mix of several.
_TOLERATED = 0.25
_EXAMPLES = 3
_MEND = "name the `scheme` that is meant, or mend the file"
_BEGUN_BY_I = "I without B"


@dataclass
class Fault:
    """One way in which tags break a scheme: how often, and the first cases with their lines."""

    kind: str
    count: int = 0
    examples: list[tuple[str, int]] = field(default_factory=list)

    def __str__(self) -> str:
        shown = "; ".join(f"line {line}: {detail}" for detail, line in self.examples)
        return f"{self.count} × {self.kind} ({shown})"


@dataclass(frozen=True)
class Finding:
    """The scheme of a column, how many entities it holds and what breaks the scheme."""

    scheme: TagScheme
    entities: int
    faults: tuple[Fault, ...]


class SchemeFinder:
    """Decodes the sentences of a column and says at the end which scheme its tags follow.

    ``E`` or ``S`` mean ``bioes``, ``L`` or ``U`` mean ``bilou``. Otherwise entities that begin with
    ``I`` speak for ``iob1``, those that begin with ``B`` though nothing is there to be separated
    from speak for ``iob2``, and the majority decides.

    Args:
        bare_label: type of entities whose tags name none.

    >>> finder = SchemeFinder()
    >>> [entity.label for entity in finder.decode(["I-PER", "I-PER", "O", "I-LOC"], first_line=1)]
    ['PER', 'LOC']
    >>> finder.conclude().scheme
    'iob1'
    """

    def __init__(self, bare_label: str | None = None) -> None:
        self.bare_label = bare_label
        self._reading: TagScheme = "iob2"  # or the scheme that closing tags have shown
        self._shown_by: tuple[str, int] | None = None
        self._entities = 0
        self._begun_by_b = Fault(BEGUN_BY_B)
        self._faults: dict[str, Fault] = {}

    def decode(self, tags: Sequence[str], first_line: int, step: int = 1) -> list[Entity]:
        """The entities of a sentence.

        Args:
            tags: one per word.
            first_line: where the first of them stands in the file.
            step: lines from one tag to the next.

        Raises:
            DataError: a tag of no scheme, or of another than tags before it.
        """
        try:
            entities, faults = scan_tags(tags, self._reading, self.bare_label)
        except DataError:
            self._look_for_closing_tags(tags, first_line, step)
            entities, faults = scan_tags(tags, self._reading, self.bare_label)
        if entities:
            self._weigh(tags, entities, faults, first_line, step)
        return entities

    def conclude(self) -> Finding:
        """The scheme of all tags so far.

        Raises:
            DataError: no scheme fits; shows examples.
        """
        if self._reading == "iob2":
            return self._choose_iob()
        faults = tuple(self._faults.values())
        if sum(fault.count for fault in faults) > _TOLERATED * self._entities:
            raise DataError(
                f"the tags are a mix of {self._reading} ({self._shown}) and another scheme: "
                f"{'; '.join(map(str, faults))}; {_MEND}"
            )
        return Finding(self._reading, self._entities, faults)

    def _choose_iob(self) -> Finding:
        against_iob2 = self._faults.get(_BEGUN_BY_I, Fault(_BEGUN_BY_I))
        against_iob1 = self._begun_by_b
        scheme: TagScheme
        if against_iob2.count <= against_iob1.count:
            scheme, fault, other = "iob2", against_iob2, against_iob1
        else:
            scheme, fault, other = "iob1", against_iob1, against_iob2
        if fault.count > _TOLERATED * (fault.count + other.count):
            raise DataError(
                f"neither iob1 nor iob2 fits the tags: {against_iob2}, but also {against_iob1}; "
                f"{_MEND}",
                line=fault.examples[0][1],
            )
        return Finding(scheme, self._entities, (fault,) if fault.count else ())

    @property
    def _shown(self) -> str:
        tag, line = self._shown_by or ("", 0)
        return f"{tag} on line {line}"

    def _look_for_closing_tags(self, tags: Sequence[str], first_line: int, step: int) -> None:
        for position, tag in enumerate(tags):
            scheme = _CLOSING.get(tag.partition("-")[0])
            if scheme is None or scheme == self._reading:
                continue
            if self._reading != "iob2":
                raise DataError(
                    f"{tag!r} is a tag of {scheme}, but there is {self._shown}, "
                    f"of {self._reading}; a file must keep to one scheme",
                    line=first_line + step * position,
                )
            self._reading, self._shown_by = scheme, (tag, first_line + step * position)
            if self._entities:  # decoded before this, so none of them had an end
                before = f"{self._entities} entities before the first {tag}"
                self._faults[UNCLOSED] = Fault(
                    UNCLOSED, self._entities, [(before, self._begun_by_b_line)]
                )

    @property
    def _begun_by_b_line(self) -> int:
        return self._begun_by_b.examples[0][1] if self._begun_by_b.examples else 1

    def _weigh(
        self,
        tags: Sequence[str],
        entities: list[Entity],
        faults: list[tuple[str, int]],
        first_line: int,
        step: int,
    ) -> None:
        self._entities += len(entities)
        for kind, position in faults:
            self._count(
                self._faults.setdefault(kind, Fault(kind)), tags, position, first_line, step
            )
        if self._reading != "iob2":
            return
        before: Entity | None = None
        for entity in entities:
            start = entity.start
            separates = before is not None and before.end == start and before.label == entity.label
            if not separates and tags[start][0] == "B":
                self._count(self._begun_by_b, tags, start, first_line, step)
            before = entity

    def _count(
        self, fault: Fault, tags: Sequence[str], position: int, first_line: int, step: int
    ) -> None:
        fault.count += 1
        if fault.count <= _EXAMPLES:
            detail = describe_fault(fault.kind, tags, position)
            fault.examples.append((detail, first_line + step * position))
