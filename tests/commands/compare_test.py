from __future__ import annotations

import json

from toy_commands import Project


def scores(head: str, seed: int, found: int) -> dict[str, object]:
    return {"type": "toy::scores", "head": head, "seed": seed, "found": found}


def test_compare(project: Project) -> None:
    for head, found in (("softmax", 5), ("crf", 8)):
        steps = {f"evaluate_seed{seed}": scores(head, seed, found) for seed in (1, 2)}
        project.config(f"{head}.json", steps)
        project.run("run", f"{head}.json", "-n", head)
    text = project.run("compare", "softmax", "crf", "--output", "both")
    assert "head=crf against head=softmax: 4 models on 100 sentences" in text
    results = json.loads((project.folder / "both" / "results.json").read_text())
    assert [variant["seeds"] for variant in results["variants"]] == [[1, 2], [1, 2]]
    assert (project.folder / "both" / "report.html").is_file()

    text = project.run("compare", "--where", "head=crf")
    assert "One variant: 2 models" in text

    errors = {
        ("compare", "--output", "both"): "both exists and is not empty",
        ("compare", "sofmax", "--output", "x"): "did you mean 'softmax'",
        ("compare", "--rule", "lenient", "--output", "x"): "no scores by the rule 'lenient'",
        ("compare", "--split", "dev", "--output", "x"): "nothing that was evaluated on split 'dev'",
    }
    for arguments, message in errors.items():
        text = project.run(*arguments, code=1)
        assert message in text and "Traceback" not in text
