"""The base of our steps: Tango's, with arguments checked by us and a key that can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any, TypeVar

import tango.common.logging
from tango.format import Format
from tango.step import Step as TangoStep
from tango.step import StepIndexer, StepResources
from tango.workspace import Workspace

from tango_ie.core.cache_key import cache_key, key_material
from tango_ie.core.config import Given, Node, Object, children, construct, realise, substitute, walk
from tango_ie.core.disk import disk_fault
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import plain, read_arguments

C = TypeVar("C", bound=type)
_SETTINGS = ("cache_results", "step_format", "step_metadata", "step_unique_id_override")


class Step(TangoStep):
    """One step of an experiment.

    Derived classes annotate ``run`` with plain data, registered parts (``Lazy[Model]``) and the
    nouns that other steps give (``Corpus``, ``Archive``). They set ``FORMAT`` (never pickle), and
    bump ``VERSION`` when results change for a reason that the code does not show.
    """

    VERSION = "001"
    FORMAT: Format = None  # type: ignore[assignment]

    def __init__(
        self,
        step_name: str | None = None,
        cache_results: bool | None = None,
        step_format: Format | None = None,
        step_config: Mapping[str, Any] | None = None,
        step_unique_id_override: str | None = None,
        step_resources: StepResources | None = None,
        step_metadata: dict[str, Any] | None = None,
        step_extra_dependencies: Iterable[TangoStep] | None = None,
        **arguments: Any,
    ) -> None:
        self._path = f"steps.{step_name}" if step_name else type(self).__name__
        self.nodes: dict[str, Node] = read_arguments(
            type(self).run, arguments, self._path, self.registered_name()
        )
        self._key_material: dict[str, Any] | None = None
        super().__init__(
            step_name=step_name,
            cache_results=cache_results,
            step_format=step_format,
            step_config=dict(step_config) if step_config is not None else None,
            step_unique_id_override=step_unique_id_override,
            step_resources=step_resources,
            step_metadata=step_metadata,
            step_extra_dependencies=step_extra_dependencies,
            **arguments,
        )

    @classmethod
    def register(
        cls, name: str, constructor: str | None = None, exist_ok: bool = False
    ) -> Callable[[C], C]:
        """Register a step where Tango looks for steps."""

        def decorate(subclass: C) -> C:
            subclass._registered_name = name  # type: ignore[attr-defined]
            TangoStep.register(name, constructor, exist_ok)(subclass)
            return subclass

        return decorate

    @classmethod
    def registered_name(cls) -> str:
        """The name under which configs know this step."""
        return getattr(cls, "_registered_name", cls.__name__)

    @classmethod
    def from_config(cls, config: Mapping[str, Any], step_name: str | None) -> Step:
        """Build the step from its config, in which references are steps already.

        Raises:
            ConfigurationError: see :func:`tango_ie.core.reading.read_arguments`.
        """
        values = plain(config)
        raw = _with_references(values)
        values.pop("type", None)
        settings = {key: values.pop(key) for key in _SETTINGS if key in values}
        if isinstance(settings.get("step_format"), (Mapping, str)):
            settings["step_format"] = Format.from_params(settings["step_format"])
        if "step_resources" in values:
            settings["step_resources"] = StepResources.from_params(values.pop("step_resources"))
        if "step_extra_dependencies" in values:
            settings["step_extra_dependencies"] = values.pop("step_extra_dependencies")
        return cls(step_name=step_name, step_config=raw, **settings, **values)

    @property
    def key_material(self) -> dict[str, Any]:
        """What the unique id is made of, as JSON."""
        if self._key_material is None:
            try:
                self._key_material = key_material(type(self), self.nodes, self.format)
            except ConfigurationError as error:
                raise ConfigurationError(error.args[0], f"{self._path}.{error.path}") from error
        return self._key_material

    @property
    def unique_id(self) -> str:
        """``Class-VERSION-key``; see :mod:`tango_ie.core.cache_key`."""
        if self.unique_id_cache is None:
            key = cache_key(self.key_material)
            self.unique_id_cache = f"{self.class_name}-{self.VERSION}-{key}"
        return self.unique_id_cache

    def _ordered_dependencies(self) -> Iterable[TangoStep]:
        yield from self.extra_dependencies
        for node in self.nodes.values():
            for inner in walk(node):
                if isinstance(inner, Given):
                    value = inner.value
                    if isinstance(value, StepIndexer):
                        yield value.step
                    elif isinstance(value, TangoStep):
                        yield value

    def _replace_steps_with_results(self, o: Any, workspace: Workspace) -> Any:
        if o is not self.kwargs:
            return super()._replace_steps_with_results(o, workspace)

        def fetch(node: Given) -> Node:
            if isinstance(node.value, (TangoStep, StepIndexer)):
                return Given(node.value.result(workspace=workspace, needed_by=self))
            return node

        return {key: realise(substitute(node, fetch)) for key, node in self.nodes.items()}

    def log_failure(self, exception: BaseException | None = None) -> None:
        """Tell of a failure; of a full disk without a traceback, for the workspace has words."""
        if exception is not None and disk_fault(exception, only_full=True) is not None:
            tango.common.logging._EXCEPTIONS_LOGGED.append(exception)
        super().log_failure(exception)

    def check(self) -> list[str]:
        """Build every part that needs no other step's result; nothing is trained.

        Returns:
            Notes on parts that could not be built yet, one sentence each.

        Raises:
            ConfigurationError: a part refuses its arguments.
        """
        notes: list[str] = []
        for node in self.nodes.values():
            notes.extend(_check(node))
        return notes


def _check(node: Node) -> list[str]:
    """Build the outermost objects that are complete in themselves."""
    if isinstance(node, Object):
        waits = sorted(
            str(getattr(inner.value, "name", inner.value))
            for inner in walk(node)
            if isinstance(inner, Given)
        )
        given: Collection[str] = getattr(node.cls, "GIVEN_ARGUMENTS", ())
        if not waits and not given:
            construct(node, {})
            return []
        if waits:
            return [f"{node.path} waits for {', '.join(waits)}"]
        # Only the library's own arguments (a schema) are missing: build what lies below.
        return [note for item in node.arguments.values() for note in _check(item)]
    return [note for item in children(node) for note in _check(item)]


def _with_references(value: Any) -> Any:
    """The config as it is kept with results: steps by their names again."""
    if isinstance(value, StepIndexer):
        return {"type": "ref", "ref": value.step.name, "key": value.key}
    if isinstance(value, TangoStep):
        return {"type": "ref", "ref": value.name}
    if isinstance(value, Mapping):
        return {key: _with_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_references(item) for item in value]
    return deepcopy(value)
