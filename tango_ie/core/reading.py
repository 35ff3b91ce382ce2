"""Checking a JSON value against an annotation; the first stage of ``tango_ie.core.config``."""

from __future__ import annotations

import collections.abc
import difflib
import inspect
import types
import typing
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from tango.common import Params
from tango.common import Registrable as TangoRegistrable
from tango.common.from_params import is_base_registrable
from tango.step import Step as TangoStep
from tango.step import StepIndexer

from tango_ie.core.config import Given, Items, Lazy, Node, Object, Plain, Table
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import InputFile, PretrainedName
from tango_ie.core.registry import PREFIX, Registrable, registered

_MISSING = inspect.Parameter.empty
_JSON = (dict, list, str, int, float, bool, type(None))


def read_value(annotation: Any, value: Any, path: str) -> Node:
    """See :func:`tango_ie.core.config.read`."""
    if isinstance(value, Params):
        value = plain(value)
    if isinstance(value, (TangoStep, StepIndexer)):
        return _read_step(annotation, value, path)
    if isinstance(value, Lazy):
        return value.node
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _read_union(arguments, value, path)
    if origin is Literal:
        return _read_literal(arguments, value, path)
    if origin is Lazy:
        return _read_object(arguments[0], value, path, lazy=True)
    if origin in (list, collections.abc.Sequence):
        nodes = [
            read_value(arguments[0], item, f"{path}.{place}")
            for place, item in enumerate(_expect_list(value, annotation, path))
        ]
        return Items(tuple(nodes))
    if origin is tuple:
        return _read_tuple(arguments, value, annotation, path)
    if origin in (dict, collections.abc.Mapping):
        if not isinstance(value, Mapping):
            raise _wrong_type(annotation, value, path)
        return Table({key: read_value(arguments[1], value[key], f"{path}.{key}") for key in value})
    return _read_atom(annotation, value, path)


def plain(value: Any) -> Any:
    """Tango's ``Params`` as plain dictionaries, at every depth."""
    if isinstance(value, (Params, dict)):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def near_matches(name: str, names: Collection[str]) -> str:
    """The end of a message about an unknown name: what was probably meant, or what there is."""
    short = {known.removeprefix(PREFIX): known for known in sorted(names)}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), short, n=3, cutoff=0.5)
    if near:
        return "did you mean " + " or ".join(repr(match) for match in near) + "?"
    return f"known are: {', '.join(sorted(short)) or 'none'}"


def resolve_class(
    base: type[TangoRegistrable], name: str, path: str
) -> tuple[type, Callable[..., Any], str]:
    """The class registered as ``name`` for ``base``, what constructs it, and its full name.

    The prefix ``tango_ie::`` may be left out.

    Raises:
        ConfigurationError: no such name; the message has the near matches.
    """
    known = registered(base)
    for candidate in (name, PREFIX + name):
        if candidate in known:
            cls, constructor = known[candidate]
            return cls, getattr(cls, constructor) if constructor else cls, candidate
    for full, (cls, constructor) in known.items():
        if name == f"{cls.__module__}.{cls.__qualname__}":
            return cls, getattr(cls, constructor) if constructor else cls, full
    raise ConfigurationError(
        f"{name!r} is not a registered {base.__name__.lower()}; {near_matches(name, known)}", path
    )


@cache
def parameters_of(function: Callable[..., Any]) -> Mapping[str, tuple[Any, Any]]:
    """Names of a function's arguments with their annotations and defaults, without ``self``."""
    target = function.__init__ if inspect.isclass(function) else function
    if target is object.__init__:
        return {}
    hints = typing.get_type_hints(target)
    return {
        name: (hints.get(name, object), parameter.default)
        for name, parameter in inspect.signature(target).parameters.items()
        if name not in ("self", "cls")
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }


def read_arguments(
    function: Callable[..., Any],
    values: Mapping[str, Any],
    path: str,
    owner: str,
    given: Collection[str] = (),
) -> dict[str, Node]:
    """Check the arguments of a call; defaults that were left out are filled in.

    Args:
        given: arguments that the library fills in and a config must leave alone.

    Raises:
        ConfigurationError: unknown key, missing value or wrong type.
    """
    parameters = {key: item for key, item in parameters_of(function).items() if key not in given}
    for key in values:
        if key in given:
            raise ConfigurationError(
                f"{owner} gets {key!r} from the library; remove it", join(path, key)
            )
        if key not in parameters:
            raise ConfigurationError(
                f"{owner} has no argument {key!r}; {near_matches(key, parameters)}", join(path, key)
            )
    nodes = {}
    for key, (annotation, default) in parameters.items():
        value = values.get(key, default)
        if value is _MISSING:
            raise ConfigurationError(
                f"{owner} needs a value here ({show_type(annotation)})", join(path, key)
            )
        nodes[key] = read_value(annotation, value, join(path, key))
    return nodes


def join(path: str, key: str) -> str:
    """The config path of ``key`` below ``path``."""
    return f"{path}.{key}" if path else key


def show_type(annotation: Any) -> str:
    """An annotation in the words of a config's author."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(show_type(item) for item in arguments)
    if origin is Literal:
        return " or ".join(repr(item) for item in arguments)
    if origin is Lazy:
        return show_type(arguments[0])
    if origin in (list, tuple, collections.abc.Sequence):
        return f"a list of {show_type(arguments[0])}"
    if origin in (dict, collections.abc.Mapping):
        return f"an object whose values are {show_type(arguments[1])}"
    words = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a string",
        InputFile: "a path",
        PretrainedName: "a model name or folder",
        Path: "a path",
        dict: "an object",
        type(None): "null",
    }
    return words.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _read_atom(annotation: Any, value: Any, path: str) -> Node:
    if annotation in (object, Any, dict):
        if annotation is dict and not isinstance(value, Mapping):
            raise _wrong_type(annotation, value, path)
        return Plain(plain(value))
    if annotation is type(None):
        if value is None:
            return Plain(None)
    elif annotation is bool:
        if isinstance(value, bool):
            return Plain(value)
    elif annotation is int:
        # Jsonnet has one kind of number, so 1.0 is a whole number too.
        if _is_number(value) and float(value).is_integer():
            return Plain(int(value))
    elif annotation is float:
        if _is_number(value):
            return Plain(float(value))
    elif annotation in (str, InputFile, PretrainedName, Path):
        if isinstance(value, (str, Path)):
            return Plain(annotation(value))
    elif inspect.isclass(annotation):
        return _read_object(annotation, value, path, lazy=False)
    raise _wrong_type(annotation, value, path)


def _read_object(cls: type, value: Any, path: str, lazy: bool) -> Node:
    origin = get_origin(cls) or cls
    if isinstance(value, origin):
        return Given(value)
    registrable = issubclass(origin, TangoRegistrable)
    if isinstance(value, str) and registrable:
        value = {"type": value}
    if not isinstance(value, Mapping):
        raise _wrong_type(cls, value, path)
    values, name = dict(value), None
    constructor: Callable[..., Any] = origin
    if registrable and ("type" in values or is_base_registrable(origin) or _is_family(origin)):
        choice = values.pop("type", getattr(origin, "default_implementation", None))
        if not isinstance(choice, str):
            raise ConfigurationError(
                f"say which {origin.__name__.lower()}; {near_matches('', registered(origin))}",
                join(path, "type"),
            )
        origin, constructor, name = resolve_class(origin, choice, join(path, "type"))
    owner = name or origin.__name__
    given: Collection[str] = getattr(origin, "GIVEN_ARGUMENTS", ())
    nodes = read_arguments(constructor, values, path, owner, given)
    return Object(origin, constructor, name, nodes, path, lazy)


def _is_family(cls: type) -> bool:
    return Registrable in cls.__bases__


def _read_union(options: tuple[Any, ...], value: Any, path: str) -> Node:
    if value is None and type(None) in options:
        return Plain(None)
    errors = []
    for option in options:
        if option is type(None):
            continue
        try:
            return read_value(option, value, path)
        except ConfigurationError as error:
            errors.append(error)
    # The deepest error is the one that the author of the config was closest to getting right.
    deepest = max(errors, key=lambda error: error.path.count("."))
    if len(errors) == 1 or deepest.path.count(".") > path.count("."):
        raise deepest
    raise _wrong_type(Union[options], value, path)  # noqa: UP007


def _read_literal(options: tuple[Any, ...], value: Any, path: str) -> Node:
    for option in options:
        if value == option and isinstance(value, bool) == isinstance(option, bool):
            return Plain(option)
    hint = ""
    if isinstance(value, str):
        near = difflib.get_close_matches(value, [str(option) for option in options], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
    shown = " or ".join(repr(option) for option in options)
    raise ConfigurationError(f"expected {shown}, found {value!r}{hint}", path)


def _read_tuple(arguments: tuple[Any, ...], value: Any, annotation: Any, path: str) -> Node:
    items = _expect_list(value, annotation, path)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        arguments = (arguments[0],) * len(items)
    if len(arguments) != len(items):
        raise ConfigurationError(f"expected {len(arguments)} values, found {len(items)}", path)
    pairs = enumerate(zip(arguments, items, strict=True))
    nodes = [read_value(option, item, f"{path}.{place}") for place, (option, item) in pairs]
    return Items(tuple(nodes), tuple)


def _read_step(annotation: Any, step: TangoStep | StepIndexer, path: str) -> Node:
    returned = None
    if isinstance(step, TangoStep):
        returned = typing.get_type_hints(type(step).run).get("return")
    if inspect.isclass(returned) and not _accepts(annotation, returned):
        raise ConfigurationError(
            f"step {step.name!r} gives {returned.__name__}, "  # type: ignore[union-attr]
            f"but {show_type(annotation)} is needed",
            path,
        )
    return Given(step)


def _accepts(annotation: Any, returned: type) -> bool:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return any(_accepts(option, returned) for option in arguments)
    if origin is Lazy or annotation in (object, Any):
        return True
    target = origin or annotation
    return not inspect.isclass(target) or issubclass(returned, target)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _expect_list(value: Any, annotation: Any, path: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise _wrong_type(annotation, value, path)
    return list(value)


def _wrong_type(annotation: Any, value: Any, path: str) -> ConfigurationError:
    found = f"{value!r}" if isinstance(value, _JSON) else f"a {type(value).__name__}"
    found = found if len(found) <= 80 else found[:77] + "..."
    return ConfigurationError(f"expected {show_type(annotation)}, found {found}", path)
