"""What is known of one step that a report stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tango_ie.reporting.environment import Environment
from tango_ie.reporting.input_hashes import InputHash, input_hashes

_ARCHIVE_FORMAT = "ArchiveFormat"


@dataclass(frozen=True)
class StepRecord:
    """One execution of a step.

    Args:
        name: in the config.
        step_class: without module.
        unique_id: which the result is kept under.
        dependencies: unique ids of the steps that it read from.
        from_cache: whether the result was there before; ``None`` where that cannot be told.
        environment: where it ran; ``None`` where no record of the execution was kept.
        seed: its argument of this name.
        gives_model: whether its result is a trained model.
        inputs: files that it was given.
        device: the processor that did the work.
        start: time of the start, ISO 8601.
        wall_seconds: of the attempt that succeeded.
        attempts: that came to nothing before it; they may have left work that it took over.
        process_bytes, cuda_bytes: most memory held, by the largest process and on the GPU.
        of_whole_process: ``process_bytes`` may have been held before the step began.
    """

    name: str
    step_class: str
    unique_id: str
    dependencies: tuple[str, ...] = ()
    from_cache: bool | None = None
    environment: Environment | None = None
    seed: int | None = None
    gives_model: bool = False
    inputs: tuple[InputHash, ...] = ()
    device: str = ""
    start: str | None = None
    wall_seconds: float | None = None
    attempts: int = 0
    process_bytes: int | None = None
    cuda_bytes: int | None = None
    of_whole_process: bool = False

    @classmethod
    def from_facts(
        cls,
        unique_id: str,
        facts: Mapping[str, Any],
        dependencies: tuple[str, ...] = (),
        name: str | None = None,
        from_cache: bool | None = None,
    ) -> StepRecord:
        """From ``provenance.json``.

        Args:
            unique_id: of the step.
            facts: the content of the file.
            dependencies: unique ids of the steps that it read from.
            name: in the present config, where that may be another than the file's.
            from_cache: whether the result was there before.
        """
        key, config = facts.get("key") or {}, facts.get("config") or {}
        memory = facts.get("peak_memory") or {}
        sizes = [memory.get("process_bytes"), memory.get("children_bytes")]
        seed = (key.get("arguments") or {}).get("seed", config.get("seed"))
        return cls(
            name=name or str(facts.get("step") or unique_id),
            step_class=class_of(unique_id),
            unique_id=unique_id,
            dependencies=dependencies,
            from_cache=from_cache,
            environment=Environment.from_facts(facts),
            seed=seed if isinstance(seed, int) else None,
            gives_model=_ARCHIVE_FORMAT in (key.get("format") or ()),
            inputs=input_hashes(key, config),
            device=_device(facts.get("device") or {}),
            start=facts.get("start_time"),
            wall_seconds=facts.get("wall_seconds"),
            attempts=len(facts.get("earlier_attempts") or ()),
            process_bytes=max((size for size in sizes if size is not None), default=None),
            cuda_bytes=memory.get("cuda_bytes"),
            of_whole_process=memory.get("scope") == "process",
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form without the environment, which many steps share."""
        fields = {name: value for name, value in self.__dict__.items() if name != "environment"}
        return {**fields, "inputs": [asdict(item) for item in self.inputs]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], environment: Environment | None) -> StepRecord:
        """The inverse of :meth:`to_json`."""
        nested = {
            "dependencies": tuple(value["dependencies"]),
            "inputs": tuple(InputHash(**item) for item in value["inputs"]),
            "environment": environment,
        }
        return cls(**{**value, **nested})


def class_of(unique_id: str) -> str:
    """
    >>> class_of("FinetuneHeads-001-4ed710d99db24bc442b731d5bd42a3c8")
    'FinetuneHeads'
    """
    return unique_id.split("-", 1)[0]


def _device(facts: Mapping[str, Any]) -> str:
    """
    >>> _device({"kind": "cpu", "name": "EPYC", "usable_cores": 2, "torch_threads": 1})
    'EPYC, 2 cores, 1 thread'
    >>> _device({"kind": "cuda", "name": "NVIDIA H200", "count": 2})
    '2 × NVIDIA H200'
    """
    name = str(facts.get("name") or "")
    if facts.get("kind") == "cuda":
        count = facts.get("count") or 1
        return f"{count} × {name}" if count > 1 else name
    parts = [name] if name else []
    for key, noun in (("usable_cores", "core"), ("torch_threads", "thread")):
        if facts.get(key):
            parts.append(f"{facts[key]} {noun}{'s' if facts[key] != 1 else ''}")
    return ", ".join(parts)
