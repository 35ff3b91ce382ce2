"""Hash of the code that a class runs, so that a cached result never outlives the code that made it.

The hash covers the definition of the class and, transitively, every function, class and constant of
the same project that it names: change a line of the CRF and every tagger's id moves, change the
report and none does. It is taken from the syntax tree without docstrings, so comments, formatting
and documentation do not count. Names are followed statically; what is looked up by a string at run
time (a registered part in a config) is added by the cache key, which sees the config.

Followed are modules of the package that the class lives in, and of ``tango_ie`` and ``steps``. Left
out are ``tango_ie.core`` and the command line, which move results about but do not make them, and
any module that says ``AFFECTS_RESULTS = False`` (progress bars, pages).
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_OWN_PACKAGES = frozenset({"tango_ie", "steps"})
_ENGINE = ("tango_ie.core", "tango_ie.cli", "tango_ie.commands")
_logger = logging.getLogger(__name__)


@dataclass
class _Module:
    """Top-level definitions of a source file."""

    name: str
    is_package: bool
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    affects_results: bool = True


def source_fingerprint(cls: type) -> str:
    """Hash of the class and of everything of its project that it names."""
    digest = hashlib.blake2b(digest_size=16)
    for name, code in sorted(source_closure(cls).items()):
        digest.update(f"{name}\0{code}\n".encode())
    return digest.hexdigest()


@cache
def source_closure(cls: type) -> dict[str, str]:
    """The definitions that count, as ``module:name`` → normalised code."""
    top_name = cls.__qualname__.split(".")[0]
    packages = _OWN_PACKAGES | {cls.__module__.split(".")[0]}
    found: dict[str, str] = {}
    waiting = [(cls.__module__, top_name)]
    while waiting:
        module_name, name = waiting.pop()
        key = f"{module_name}:{name}"
        if key in found or module_name.startswith(_ENGINE):
            continue
        module = _load(module_name)
        if module is None or not module.affects_results:
            continue
        if name in module.definitions:
            statements = module.definitions[name]
            found[key] = "\n".join(_normalise(statement) for statement in statements)
            for statement in statements:
                waiting.extend(_references(statement, module, packages))
        elif name in module.imports:
            waiting.extend(_follow(*module.imports[name], packages))
    if not found and cls.__module__ != "builtins":
        _logger.warning(
            "the source of %s cannot be read: changes of its code will not be noticed",
            cls.__qualname__,
        )
        found[f"{cls.__module__}:{top_name}"] = "no source"
    return found


@cache
def _load(name: str) -> _Module | None:
    loaded = sys.modules.get(name)
    origin = getattr(loaded, "__file__", None)
    if origin is None:
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError):
            return None
        origin = spec.origin if spec else None
    if origin is None or not origin.endswith(".py"):
        return None
    path = Path(origin)
    module = _Module(name, is_package=path.name == "__init__.py")
    for statement in _top_level(ast.parse(path.read_text(encoding="utf-8")).body):
        _index(statement, module)
    return module


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements at module level, those below ``if`` and ``try`` included."""
    for statement in body:
        if isinstance(statement, ast.If):
            # What only type checkers import cannot change a result.
            if "TYPE_CHECKING" not in ast.unparse(statement.test):
                yield from _top_level(statement.body)
            yield from _top_level(statement.orelse)
        elif isinstance(statement, ast.Try):
            yield from _top_level(statement.body)
            for handler in statement.handlers:
                yield from _top_level(handler.body)
            yield from _top_level(statement.orelse)
        else:
            yield statement


def _index(statement: ast.stmt, module: _Module) -> None:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        module.definitions.setdefault(statement.name, []).append(statement)
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    module.definitions.setdefault(node.id, []).append(statement)
                    if node.id == "AFFECTS_RESULTS" and ast.unparse(statement).endswith("False"):
                        module.affects_results = False
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        module.imports.update(_imported(statement, module))


def _imported(
    statement: ast.Import | ast.ImportFrom, module: _Module
) -> dict[str, tuple[str, str | None]]:
    """Local name → (module, name in it, or None for the module itself)."""
    if isinstance(statement, ast.Import):
        return {alias.asname or alias.name: (alias.name, None) for alias in statement.names}
    source = statement.module or ""
    if statement.level:
        parts = module.name.split(".")
        keep = len(parts) - statement.level + module.is_package
        source = ".".join([*parts[:keep], *([source] if source else [])])
    return {alias.asname or alias.name: (source, alias.name) for alias in statement.names}


def _references(
    statement: ast.stmt, module: _Module, packages: frozenset[str]
) -> Iterator[tuple[str, str]]:
    local = dict(module.imports)
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            local.update(_imported(node, module))
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in module.definitions:
                yield module.name, node.id
            elif node.id in local:
                yield from _follow(*local[node.id], packages)
        elif isinstance(node, ast.Attribute):
            dotted = _dotted(node.value)
            target = local.get(dotted) if dotted else None
            if target is not None:
                source, name = target
                inner = source if name is None else f"{source}.{name}"
                yield from _follow(inner, node.attr, packages)


def _follow(source: str, name: str | None, packages: frozenset[str]) -> Iterator[tuple[str, str]]:
    if name is not None and source.split(".")[0] in packages:
        yield source, name


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return f"{head}.{node.attr}" if head else None
    return None


class _WithoutDocstrings(ast.NodeTransformer):
    def _strip(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        body = node.body  # type: ignore[attr-defined]
        first = body[0] if body else None
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            node.body = body[1:] or [ast.Pass()]  # type: ignore[attr-defined]
        return node

    visit_ClassDef = visit_FunctionDef = visit_AsyncFunctionDef = _strip  # noqa: N815


def _normalise(statement: ast.stmt) -> str:
    copied = ast.parse(ast.unparse(statement))
    return ast.unparse(_WithoutDocstrings().visit(copied))
