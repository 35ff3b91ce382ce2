from __future__ import annotations

import json

from toy_commands import Project, add

FILES = "pkg://tango_ie/data/embedded/files/news"


def test_show(project: Project) -> None:
    convert = {
        "type": "tango_ie::convert_dataset",
        "reader": {"type": "tango_ie::jsonl"},
        "splits": {split: f"{FILES}/{split}.jsonl" for split in ("train", "dev")},
    }
    config = project.config("x.json", {"convert": convert, "number": add(1)})
    values = {**json.loads(config.read_text()), "include_package": ["steps"]}
    config.write_text(json.dumps(values))
    project.run("run", "x.json", "-n", "first")

    summary = project.run("show", "convert")
    assert "sentences in 2 splits" in summary and "corpus.html" in summary
    two = project.run("show", "convert", "5", "-n", "2", "--split", "dev")
    assert "sentence 5" in two and "sentence 6" in two and "sentence 7" not in two
    found = project.run("show", "convert", "-n", "9", "--find", "Castellar", "--run", "first")
    assert "└" in found and all("Castellar" in part for part in found.split("sentence ")[1:])

    errors = {
        ("show", "convrt"): "has no step 'convrt'",
        ("show", "number"): "; what can be shown are corpora",
        ("show", "convert", "0", "--split", "tset"): "no split 'tset'",
        ("show", "convert", "--find", "no such text"): "no sentence with 'no such text'",
    }
    for arguments, message in errors.items():
        text = project.run(*arguments, code=1)
        assert message in text and "Traceback" not in text
