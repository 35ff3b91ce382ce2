"""Input files found in what a cache key is made of."""

from __future__ import annotations

from pathlib import Path

from tango.format import JsonFormat

from tango_ie.core import InputFile, PretrainedName, Step
from tango_ie.reporting.input_hashes import InputHash, input_hashes


class Reads(Step):
    """Reads files in lists and tables."""

    FORMAT = JsonFormat()

    def run(  # type: ignore[override]
        self,
        files: dict[str, InputFile],
        more: list[InputFile],
        encoder: PretrainedName,
        other: PretrainedName = PretrainedName("bert-base-uncased"),  # noqa: B008
        seed: int = 0,
    ) -> None:
        pass


def test_files_of_a_real_key_with_their_paths(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt", "encoder")]
    for path in paths[:2]:
        Path(path).write_text(path)
    Path(paths[2]).mkdir()
    config = {"files": {"train": paths[0]}, "more": [paths[0], paths[1]], "encoder": paths[2]}
    step = Reads(**config)
    found = input_hashes(step.key_material, config)
    assert [(item.argument, item.path) for item in found] == [
        ("encoder", paths[2]),
        ("files.train", paths[0]),
        ("more.0", paths[0]),
        ("more.1", paths[1]),
    ]
    digests = [item.digest for item in found]
    assert digests[1] == digests[2] != digests[3]
    assert not any(item.is_name for item in found)


def test_what_no_config_names_and_what_lies_on_a_hub() -> None:
    key = {"arguments": {"a": {"content": "1"}, "b": [{"content": "2"}], "step": {"step": "X-1"}}}
    found = input_hashes(key, {"a": "hf://ada/notes"})
    assert found == (InputHash("a", "hf://ada/notes", "1"), InputHash("b.0", None, "2"))
    assert [item.is_name for item in found] == [True, False]
    assert input_hashes({}, {}) == ()
