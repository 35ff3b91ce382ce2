"""Several ranks: the same result as one, clear errors, and no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.training.distributed import Hardware, Ranks, launch
from tango_ie.training.randomness import seed_everything
from tango_ie.training.trainer import Trainer, TrainingResult
from tests.training.tiny_model import SCHEMA, TinyEvaluation, TinyTagger, make_sentences

CPU = SimpleNamespace(device=torch.device("cpu"), precision="float32")


def train(folder: Path, num_ranks: int) -> tuple[TinyTagger, TrainingResult]:
    seed_everything(0)
    model = TinyTagger(SCHEMA, dropout=0.0)
    trainer = Trainer.from_params(
        {
            "epochs": 2,
            "optimizer": {"learning_rate": 0.02},
            "batching": {"token_budget": 30},
            "hardware": {"device": "cpu", "num_ranks": num_ranks},
        }
    )
    # Long sentences have batches of their own, of which one rank gets nothing.
    sentences = make_sentences(40)
    result = trainer.train(model, sentences, folder, 0, TinyEvaluation(make_sentences(20, seed=1)))
    return model, result


def test_two_ranks_like_one(tmp_path: Path) -> None:
    single, alone = train(tmp_path / "one", 1)
    double, together = train(tmp_path / "two", 2)
    for name, tensor in single.state_dict().items():
        torch.testing.assert_close(
            double.state_dict()[name], tensor, atol=1e-5, rtol=1e-4, msg=name
        )
    assert together.info["num_ranks"] == 2
    assert together.info["steps"] == alone.info["steps"]
    assert together.info["best_score"] == pytest.approx(alone.info["best_score"], abs=1e-3)
    losses = [[record["loss"] for record in result.history] for result in (alone, together)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def refuse(job: object, ranks: Ranks) -> None:
    if ranks.rank == 1:
        raise ConfigurationError("rank 1 does not like this")
    ranks.agree(True)


def test_error_of_a_rank_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="rank 1 does not like this"):
        launch(refuse, CPU, 2, tmp_path)


def linger(job: object, ranks: Ranks) -> None:
    Path(os.environ["PIDS"], str(os.getpid())).touch()
    time.sleep(60)


def launch_and_linger(folder: str) -> None:
    """Run in a process of its own, which the test kills."""
    launch(linger, CPU, 1, Path(folder))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie has died; whoever adopted it has just not noticed.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def test_ranks_die_with_their_parent(tmp_path: Path) -> None:
    (tmp_path / "pids").mkdir()
    code = f"from {__name__} import launch_and_linger as go; go({str(tmp_path / 'ranks')!r})"
    environment = {**os.environ, "PIDS": str(tmp_path / "pids"), "OMP_NUM_THREADS": "1"}
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=root)
    deadline = time.monotonic() + 60
    while not (pids := [int(path.name) for path in (tmp_path / "pids").iterdir()]):
        assert time.monotonic() < deadline and parent.poll() is None
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while any(map(alive, pids)):
        assert time.monotonic() < deadline, "a rank survived its parent"
        time.sleep(0.05)


def test_hardware() -> None:
    cpu = torch.device("cpu")
    assert Hardware(device="cpu").resolve_device() == cpu
    assert Hardware(device="cpu").resolve_num_ranks(10**6) == 1
    assert Hardware(device="cpu", num_ranks=3).resolve_num_ranks(1) == 3
    with pytest.raises(ConfigurationError, match="num_ranks"):
        Hardware(num_ranks=0)
    with pytest.raises(ConfigurationError, match="cuda:97"):
        Hardware(device="cuda:97").resolve_device()
