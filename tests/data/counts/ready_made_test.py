"""Every setting of ``configs/lib/sets.libsonnet`` names files that are there and can be read."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
import rjsonnet

from tango_ie.core.config import build
from tango_ie.data.readers import Reader
from tests.data.counts.counting import CORPORA, ready_made_config

# Arguments of the settings that are functions.
ARGUMENTS = {
    "ade_fold": ["0", "9"],
    "brat": ["'BioNLP-ST_2011_REL'", "'tutorial_news'", "'tutorial_bio'"],
    "conll2003_fewshot": ["5, 4", "50, 3"],
    "conll2003_fewshot_json": ["5, 4", "50, 3"],
    "crossner": ["'ai'", "'conll2003'"],
    "mit_movie": ["'eng'", "'trivia10k13'"],
    "mit_movie_inline": ["'movie_eng'", "'movie_trivia10k13'"],
    "ploner": ["'connl03'", "'wnut16'"],
}


def settings() -> list[str]:
    """All settings, those that are functions with arguments."""
    code = (
        f"local sets = (import '{CORPORA.parent}/sets.libsonnet')('', function(r, s) {{}}); "
        "{ [name]: std.isFunction(sets[name]) for name in std.objectFieldsAll(sets) }"
    )
    functions = json.loads(rjsonnet.evaluate_snippet("settings", code))
    calls = []
    for name, is_function in functions.items():
        calls += [f"{name}({given})" for given in ARGUMENTS[name]] if is_function else [name]
    return calls


@pytest.mark.parametrize("call", settings())
def test_it_reads(call: str, shared_data: Path) -> None:
    config = ready_made_config(call, shared_data)
    reader = build(Reader, config["reader"])
    assert isinstance(reader, Reader)
    for path in config["splits"].values():
        assert len(list(islice(reader.read(path), 5))) == 5
