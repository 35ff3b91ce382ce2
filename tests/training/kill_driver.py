"""Trains in child processes that are killed with SIGKILL at chosen moments, then continues.

Run as a script (``python kill_driver.py FOLDER``): forking needs a process without threads.
Afterwards ``FOLDER/undisturbed`` and ``FOLDER/killed`` have the weights of both ways of training.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file

from tango_ie.training import checkpoint, loop
from tango_ie.training.randomness import seed_everything
from tango_ie.training.trainer import Trainer
from tests.training.tiny_model import SCHEMA, TinyEvaluation, TinyTagger, make_sentences

PARAMS = {
    "epochs": 4,
    "optimizer": {
        "learning_rate": 0.02,
        "groups": [{"pattern": "^encoder", "learning_rate": 0.01}],
    },
    "schedule": {"type": "cosine_with_restarts", "cycles": 2},
    "batching": {"token_budget": 40},
    "early_stopping": {"metric": "accuracy"},
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_before(owner: object, name: str, call: int) -> None:
    """Let the process die when ``owner.name`` is called for the ``call``-th time."""
    wrap(owner, name, call, before=die)


def killed_after(owner: object, name: str, call: int) -> None:
    wrap(owner, name, call, after=die)


def wrap(
    owner: object,
    name: str,
    call: int,
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
) -> None:
    original, calls = getattr(owner, name), 0

    def wrapped(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            before()
        result = original(*args, **kwargs)
        if calls == call:
            after()
        return result

    setattr(owner, name, wrapped)


MOMENTS: dict[str, Callable[[], None]] = {
    "first_step": lambda: killed_before(loop, "seed_step", 1),
    "tenth_step": lambda: killed_before(loop, "seed_step", 10),
    "weights_half_written": lambda: killed_after(checkpoint, "save_file", 7),
    "before_rename": lambda: killed_before(Path, "rename", 5),
    "after_rename": lambda: killed_after(Path, "rename", 5),
    "in_evaluation": lambda: killed_before(TinyEvaluation, "__call__", 1),
    "after_evaluation": lambda: killed_after(TinyEvaluation, "__call__", 1),
    "never": lambda: None,
}


def train(folder: Path, checkpoint_steps: int | None) -> None:
    seed_everything(3)
    model = TinyTagger(SCHEMA)
    monitoring = {"checkpoint_steps": checkpoint_steps, "log_every": 4}
    trainer = Trainer.from_params({**PARAMS, "monitoring": monitoring})
    evaluation = TinyEvaluation(make_sentences(20, seed=1))
    random.seed(time.time_ns())  # a continued run is in another state: it must not matter
    torch.manual_seed(time.time_ns() % 1000)
    result = trainer.train(model, make_sentences(60), folder / "work", 3, evaluation)
    save_file(model.state_dict(), folder / "weights.safetensors")
    (folder / "result.json").write_text(json.dumps([result.info, result.history]))
    trainer.discard_checkpoints(folder / "work")


def in_child(prepare: Callable[[], None], folder: Path, steps: int | None, seconds: float) -> bool:
    """Whether the child came to its end; after ``seconds`` it is killed from outside."""
    child = os.fork()
    if child == 0:
        try:
            prepare()
            train(folder, steps)
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(3)
    deadline = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001)
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status) != 0:
        raise SystemExit("training failed")
    return True


def main() -> None:
    names = ("undisturbed", "killed", "killed_at_random")
    undisturbed, killed, at_random = (Path(sys.argv[1], name) for name in names)
    for folder in (undisturbed, killed, at_random):
        folder.mkdir()
    # Here, not in a child: what torch imports at first use is then there for all of them.
    train(undisturbed, None)
    for moment, prepare in MOMENTS.items():
        if moment != "never" and in_child(prepare, killed, 1, 60.0):
            raise SystemExit(f"not killed: {moment}")
    in_child(MOMENTS["never"], killed, None, 60.0)
    generator = random.Random(5)
    for attempt in range(12):
        in_child(MOMENTS["never"], at_random, 1 + attempt % 3, generator.uniform(0.005, 0.1))
    in_child(MOMENTS["never"], at_random, None, 60.0)


if __name__ == "__main__":
    main()
