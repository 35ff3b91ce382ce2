"""Reading configs: what is accepted, what is refused and where the message points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest

from tango_ie.core.config import Lazy, build, canonical, read, realise
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.registry import Registrable


class Part(Registrable):
    pass


@dataclass
class Rates:
    head: float = 1e-3
    encoder: float | None = None


@Part.register("tango_ie::toy_part")
class ToyPart(Part):
    def __init__(
        self,
        size: int,
        rate: float = 1.0,
        mode: Literal["sum", "mean"] = "sum",
        inner: Part | None = None,
        rates: Rates | None = None,
        names: dict[str, float] | None = None,
        sizes: list[int] | None = None,
    ) -> None:
        if size < 0:
            raise ConfigurationError(f"size must not be negative, found {size}")
        if rate < 0:
            raise ConfigurationError(f"must not be negative, found {rate}", "rate")
        self.size, self.rate, self.mode, self.inner = size, rate, mode, inner
        self.rates, self.names, self.sizes = rates, names, sizes


@Part.register("tango_ie::needs_schema")
class NeedsSchema(Part):
    GIVEN_ARGUMENTS = frozenset({"schema"})

    def __init__(self, schema: dict, inner: Part) -> None:
        self.schema, self.inner = schema, inner


def test_nested_parts_are_built_and_numbers_take_the_annotated_type() -> None:
    part = Part.from_params(
        {
            "type": "toy_part",
            "size": 3.0,
            "rate": 2,
            "inner": {"type": "toy_part", "size": 1},
            "rates": {"encoder": 1},
            "names": {"a": 1},
            "sizes": [1, 2.0],
        }
    )
    assert (part.size, type(part.size)) == (3, int)
    assert (part.rate, type(part.rate)) == (2.0, float)
    assert part.inner.size == 1
    assert part.rates == Rates(1e-3, 1.0)
    assert part.names == {"a": 1.0} and part.sizes == [1, 2]


def test_short_long_and_qualified_names_mean_the_same() -> None:
    names = ("toy_part", "tango_ie::toy_part", f"{__name__}.ToyPart")
    forms = [canonical(read(Part, {"type": name, "size": 1})) for name in names]
    assert forms[0] == forms[1] == forms[2]
    assert forms[0]["type"] == "tango_ie::toy_part" and forms[0]["rate"] == 1.0


@pytest.mark.parametrize(
    ("config", "path", "words"),
    [
        ({"type": "toy_prat", "size": 1}, "at.type", "did you mean 'toy_part'?"),
        ({"type": "toy_part", "sise": 1}, "at.sise", "'size'"),
        ({"type": "toy_part"}, "at.size", "needs a value"),
        ({"type": "toy_part", "size": "3"}, "at.size", "expected a whole number, found '3'"),
        ({"type": "toy_part", "size": 1.5}, "at.size", "a whole number"),
        ({"type": "toy_part", "size": True}, "at.size", "a whole number"),
        ({"type": "toy_part", "size": 1, "mode": "summ"}, "at.mode", "did you mean 'sum'?"),
        ({"type": "toy_part", "size": 1, "inner": {"type": "toy_part", "size": "x"}},
         "at.inner.size", "a whole number"),
        ({"type": "toy_part", "size": 1, "rates": {"haed": 1}}, "at.rates.haed", "'head'"),
        ({"type": "toy_part", "size": 1, "names": {"a": "b"}}, "at.names.a", "a number"),
        ({"type": "toy_part", "size": 1, "sizes": [1, "b"]}, "at.sizes.1", "a whole number"),
        ({"type": "toy_part", "size": 1, "sizes": 4}, "at.sizes", "a list of a whole number"),
        ({"type": "toy_part", "size": -1}, "at", "must not be negative"),
        ({"type": "toy_part", "size": 1, "rate": -1}, "at.rate", "must not be negative"),
        ({"type": "toy_part", "size": 1, "inner": {"type": "toy_part", "size": 1, "rate": -1}},
         "at.inner.rate", "must not be negative"),
        ({"size": 1}, "at.type", "say which part"),
        ({"type": "needs_schema", "schema": {}, "inner": "toy_part"}, "at.schema", "remove it"),
        (3, "at", "expected Part, found 3"),
    ],
)  # fmt: skip
def test_errors_name_the_path_and_the_way_out(config: object, path: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(Part, config, path="at")
    assert caught.value.path == path
    assert words in str(caught.value)
    assert str(caught.value).startswith(path)


def test_lazy_parts_wait_for_what_a_config_cannot_hold() -> None:
    config = {"type": "needs_schema", "inner": {"type": "toy_part", "size": 2}}
    lazy = realise(read(Lazy[Part], config))
    assert lazy.cls is NeedsSchema
    assert lazy.params["inner"]["mode"] == "sum"
    built = lazy.construct(schema={"a": 1})
    assert built.schema == {"a": 1} and built.inner.size == 2
    assert lazy.construct(schema={}) is not built
