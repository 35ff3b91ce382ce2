"""From a config to objects, with a config path in every error.

Reading happens in two stages. :func:`read` checks a JSON value against an annotation and gives a
tree of nodes, with names resolved, defaults filled in and numbers in the type that the annotation
asks for. The tree can then be realised as objects (:func:`realise`), written back as canonical
JSON (:func:`canonical`), or reduced to a cache key (``tango_ie.core.cache_key``). That one tree
serves all three is what makes a key say the same as the objects that are built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import InputFile, PretrainedName

T = TypeVar("T")


class Node:
    """One checked value of a config."""


@dataclass(frozen=True)
class Plain(Node):
    """A JSON scalar, or a free-form JSON value where the annotation is a bare ``dict``."""

    value: Any


@dataclass(frozen=True)
class Items(Node):
    """A list or tuple of nodes."""

    nodes: tuple[Node, ...]
    container: Callable[..., Any] = list


@dataclass(frozen=True)
class Table(Node):
    """A mapping from names to nodes."""

    nodes: Mapping[str, Node]


@dataclass(frozen=True)
class Object(Node):
    """An object to be built from its arguments; ``name`` is its registered name, if it has one."""

    cls: type
    constructor: Callable[..., Any]
    name: str | None
    arguments: Mapping[str, Node]
    path: str
    lazy: bool = False


@dataclass(frozen=True)
class Given(Node):
    """An object that exists already, or a step whose result is to be put here."""

    value: Any


@dataclass(frozen=True)
class Lazy(Generic[T]):
    """A part that is built later, when the arguments that no config can hold are known.

    >>> from tango_ie.core.config import Lazy, read
    >>> from tango_ie.core.registry import Registrable
    >>> class Shape(Registrable): ...
    >>> @Shape.register("circle")
    ... class Circle(Shape):
    ...     def __init__(self, radius: float = 1.0) -> None:
    ...         self.radius = radius
    >>> lazy = realise(read(Lazy[Shape], {"type": "circle", "radius": 2}))
    >>> lazy.construct().radius, lazy.params
    (2.0, {'type': 'circle', 'radius': 2.0})
    """

    node: Object = field(repr=False)

    @property
    def cls(self) -> type[T]:
        """The class that will be built."""
        return self.node.cls

    @property
    def params(self) -> dict[str, Any]:
        """Canonical config: the registered name and every argument, defaults spelled out."""
        value: dict[str, Any] = canonical(self.node)
        return value

    def construct(self, **extras: Any) -> T:
        """Build the part; ``extras`` are the arguments that a config cannot hold.

        Raises:
            ConfigurationError: the part refuses its arguments.
        """
        built: T = construct(self.node, extras)
        return built


def read(annotation: Any, value: Any, path: str = "") -> Node:
    """Check ``value`` against ``annotation``.

    Raises:
        ConfigurationError: misspelt name or key, missing value, wrong type; with its config path.
    """
    from tango_ie.core.reading import read_value

    return read_value(annotation, value, path)


def build(annotation: Any, value: Any, path: str = "", extras: Mapping[str, Any] = {}) -> Any:
    """Check ``value`` and build the object at once."""
    node = read(annotation, value, path)
    if isinstance(node, Object):
        return construct(replace(node, lazy=False), extras)
    return realise(node)


def realise(node: Node) -> Any:
    """The Python value that a node stands for; lazy objects become :class:`Lazy`."""
    if isinstance(node, (Plain, Given)):
        return node.value
    if isinstance(node, Items):
        return node.container(realise(item) for item in node.nodes)
    if isinstance(node, Table):
        return {key: realise(item) for key, item in node.nodes.items()}
    if isinstance(node, Object):
        return Lazy(node) if node.lazy else construct(node, {})
    raise TypeError(f"unknown node {node!r}")


def canonical(node: Node) -> Any:
    """The config of a node as JSON, with names and defaults spelled out."""
    if isinstance(node, Plain):
        return str(node.value) if isinstance(node.value, (str, Path)) else node.value
    if isinstance(node, Given):
        return {"given": type(node.value).__name__}
    if isinstance(node, Items):
        return [canonical(item) for item in node.nodes]
    if isinstance(node, Table):
        return {key: canonical(item) for key, item in node.nodes.items()}
    if isinstance(node, Object):
        head = {} if node.name is None else {"type": node.name}
        return head | {key: canonical(item) for key, item in node.arguments.items()}
    raise TypeError(f"unknown node {node!r}")


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node."""
    if isinstance(node, Items):
        yield from node.nodes
    elif isinstance(node, Table):
        yield from node.nodes.values()
    elif isinstance(node, Object):
        yield from node.arguments.values()


def substitute(node: Node, change: Callable[[Given], Node]) -> Node:
    """The same tree with every :class:`Given` node changed (a step replaced by its result)."""
    if isinstance(node, Given):
        return change(node)
    if isinstance(node, Items):
        return replace(node, nodes=tuple(substitute(item, change) for item in node.nodes))
    if isinstance(node, Table):
        return Table({key: substitute(item, change) for key, item in node.nodes.items()})
    if isinstance(node, Object):
        arguments = {key: substitute(item, change) for key, item in node.arguments.items()}
        return replace(node, arguments=arguments)
    return node


def construct(node: Object, extras: Mapping[str, Any]) -> Any:
    """Build the object of a node; ``extras`` win over its arguments."""
    arguments = {key: realise(item) for key, item in node.arguments.items()}
    try:
        return node.constructor(**{**arguments, **extras})
    except ConfigurationError as error:
        if not node.path or error.path.startswith(node.path):
            raise
        # A constructor knows the names of its arguments, not where in the config they stand.
        path = f"{node.path}.{error.path}" if error.path else node.path
        raise ConfigurationError(error.args[0], path) from error


__all__ = ["InputFile", "Lazy", "PretrainedName", "build", "canonical", "read", "realise"]
