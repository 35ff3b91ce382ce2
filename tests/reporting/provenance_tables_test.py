"""Steps, environments and files as tables."""

from __future__ import annotations

from tango_ie.reporting.provenance_tables import (
    all_environments,
    common_facts,
    environment_table,
    input_table,
    step_table,
)

from .provenance_steps import environment, file, provenance, record


def test_steps_of_one_environment() -> None:
    header, rows = step_table(
        provenance(record("read"), record("train_a", seed=3, from_cache=True, attempts=1))
    )
    assert header == ["step", "kind", "seed", "result", "began (UTC)", "took", "peak memory", "id"]
    assert rows[0][:7] == [
        *("read", "Read", "", "computed", "2026-11-21 10:37:33", "1.0 s", "1.20 GB")
    ]
    assert rows[1][2:6] == ["3", "from the cache", "2026-11-21 10:37:33", "1.0 s (attempt 2)"]
    assert (rows[0][7], rows[0][7].full) == ("00000000", record("read").unique_id)  # type: ignore[attr-defined]


def test_columns_that_say_something() -> None:
    gpu = record("train", device="H200", cuda_bytes=3_000_000_000, of_whole_process=True)
    lost = record(
        "lost",
        environment=None,
        from_cache=None,
        start=None,
        wall_seconds=None,
        process_bytes=None,
        device="",
    )
    other = record("read", environment=environment(host="node2"))
    header, rows = step_table(provenance(other, gpu, lost))
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    assert [item["environment"] for item in cells] == ["B", "A", "–"]
    assert [item["device"] for item in cells] == ["EPYC, 1 core, 1 thread", "H200", ""]
    assert cells[1]["peak memory"] == "≤ 1.20 GB, GPU 3.00 GB"
    assert [item["took"] for item in cells] == ["1.0 s", "1.0 s", "–"]
    assert "seed" not in header


def test_environments_show_what_is_not_the_same() -> None:
    assert environment_table([environment()]) is None
    newer = environment(run="old-cat", packages={"torch": "2.5", "numpy": "2.0"}, dirty=True)
    found = all_environments(provenance(record("a"), record("b", environment=newer)))
    assert environment_table(found) == (
        ["environment", "run", "commit", "torch"],
        [
            ["A", "calm-owl", "0123456789, clean", "2.4"],
            ["B", "old-cat", "0123456789 with uncommitted changes", "2.5"],
        ],
    )
    same = common_facts(found)
    assert (same["numpy"], same["command"]) == ("2.0", "tango run ner.jsonnet")
    assert not {"torch", "transformers", "run"} & {*same}


def test_files_once_with_their_readers() -> None:
    assert input_table(provenance(record("a"))) is None
    hub = file("hf://ada/notes", "1" * 40)
    found = input_table(
        provenance(
            *(record(f"step{number}", inputs=(file(), file())) for number in range(5)),
            record("other", inputs=(file(digest="d" * 40), file(None), hub)),
        )
    )
    assert found is not None
    assert found[1] == [
        ["train.txt", "c0ffeec0ffee", "step0, step1 and 3 others"],
        ["train.txt", "d" * 12, "other"],
        ["(path)", "c0ffeec0ffee", "other"],
        ["hf://ada/notes", "a name; its content is not in the key", "other"],
    ]
    assert found[1][0][2].full == "step0, step1, step2, step3, step4"  # type: ignore[attr-defined]
