"""Ranks: the processes that train one model together.

Ranks are spawned inside the step, work on shares of the same batches, and end with the process that
started them. What they need is handed to them through a pipe of that process; what comes back are
files (JSON and safetensors).
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from tango.common.logging import initialize_worker_logging
from torch import Tensor, nn
from torch.distributed import TCPStore  # type: ignore[attr-defined]

from tango_ie.core.errors import ConfigurationError, DataError, TangoIEError
from tango_ie.inference.devices import Precision, resolve_device, resolve_precision

logger = logging.getLogger(__name__)
# Ranks wait for rank 0 while it evaluates, which may take long.
_PATIENCE = timedelta(hours=12)
_TOKENS_PER_RANK = 2048


@dataclass(frozen=True)
class Hardware:
    """What training runs on. Cannot change a result by more than rounding and drawn dropout.

    Args:
        device: ``"auto"`` takes a GPU where there is one; else ``"cpu"``, ``"cuda"``, ``"cuda:1"``.
        num_ranks: processes; ``None`` takes one per GPU, but no more than leaves each 2,048
            tokens of the budget, and one on CPU.

    Raises:
        ConfigurationError: a device that is not there, or fewer than one rank.
    """

    device: str = "auto"
    num_ranks: int | None = None

    def __post_init__(self) -> None:
        if self.num_ranks is not None and self.num_ranks < 1:
            raise ConfigurationError(f"num_ranks must be at least 1, found {self.num_ranks}")

    def resolve_device(self) -> torch.device:
        """The device of a single rank.

        Raises:
            ConfigurationError: no such device here.
        """
        return resolve_device(self.device)

    def resolve_num_ranks(self, token_budget: int) -> int:
        """The number of ranks for batches of this size.

        Raises:
            ConfigurationError: more ranks than GPUs.
        """
        device = self.resolve_device()
        gpus = torch.cuda.device_count() if device.type == "cuda" else 0
        if self.num_ranks is None:
            share = max(token_budget // _TOKENS_PER_RANK, 1)
            return min(gpus, share) if gpus and device.index is None else 1
        if gpus and self.num_ranks > gpus:
            raise ConfigurationError(f"num_ranks is {self.num_ranks}, but there are {gpus} GPU(s)")
        return self.num_ranks


class Ranks:
    """This process among the ranks: its device, its number, and what it says to the others."""

    def __init__(self, device: torch.device, precision: Precision) -> None:
        # Imported here because it takes a second, which a run of cached steps need not wait for.
        from accelerate import Accelerator, DistributedDataParallelKwargs
        from accelerate.state import AcceleratorState

        # Accelerate keeps its state per process; an earlier training may have had other settings.
        AcceleratorState._reset_state(reset_partial_state=True)
        self.precision = resolve_precision(precision, device)
        if device.type == "cuda" and device.index is not None:
            torch.cuda.set_device(device)
        self.accelerator = Accelerator(
            cpu=device.type == "cpu",
            mixed_precision="bf16" if self.precision == "bf16" else "no",
            kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
        )
        self.device: torch.device = self.accelerator.device
        self.rank: int = self.accelerator.process_index
        self.count: int = self.accelerator.num_processes

    @property
    def is_main(self) -> bool:
        """Whether this is the rank that evaluates, writes and reports."""
        return self.rank == 0

    def autocast(self) -> AbstractContextManager[Any]:
        """Lower precision for the forward pass, if that is asked for."""
        context: AbstractContextManager[Any] = self.accelerator.autocast()
        return context

    def wrap(self, model: nn.Module) -> Callable[[Any], Any]:
        """The forward pass of ``model``; with several ranks, gradients are averaged over them."""
        return model if self.count == 1 else self.accelerator.prepare_model(model)

    def sum(self, tensor: Tensor) -> Tensor:
        """Sum over ranks, in place."""
        if self.count > 1:
            dist.all_reduce(tensor)
        return tensor

    def agree(self, flag: bool) -> bool:
        """What rank 0 says; ranks never disagree about whether training goes on."""
        if self.count == 1:
            return flag
        shared = torch.tensor([int(flag)], device=self.device)
        dist.broadcast(shared, src=0)
        return bool(shared.item())


def launch(work: Callable[[Any, Ranks], None], job: Any, num_ranks: int, folder: Path) -> None:
    """Run ``work(job, ranks)`` in ``num_ranks`` processes and wait for them.

    Args:
        work: a function of a module (children import it).
        job: has the attributes ``device`` and ``precision``; must be picklable.
        folder: errors of ranks are written here.

    Raises:
        TangoIEError: a rank failed with one of our errors.
        RuntimeError: a rank failed otherwise; the message has its traceback.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("error-*.json"):
        stale.unlink()
    # The store lives here and chooses its own port, so that two trainings never want the same one.
    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    payload = pickle.dumps((work, job))
    context = multiprocessing.get_context("spawn")
    children = [
        context.Process(
            target=_rank_main, args=(payload, rank, num_ranks, store.port, folder), daemon=True
        )
        for rank in range(num_ranks)
    ]
    try:
        with _quiet_reducer():
            for child in children:
                child.start()
        waiting = {child.sentinel: child for child in children}
        while waiting:
            for sentinel in wait(list(waiting)):
                child = waiting.pop(sentinel)  # type: ignore[arg-type]
                child.join()
                if child.exitcode != 0:
                    _raise_failure(folder, child.exitcode)
    finally:
        for child in children:
            if child.is_alive():
                child.kill()
                child.join()


@contextmanager
def _quiet_reducer() -> Iterator[None]:
    """Keep torch in processes that start now from advising against looking for unused parameters.

    A model may have some, in some batches even, and torch would then stop; so we always look.
    """
    name = "TORCH_CPP_LOG_LEVEL"
    if name in os.environ:
        yield
        return
    os.environ[name] = "ERROR"
    try:
        yield
    finally:
        del os.environ[name]


def _rank_main(payload: bytes, rank: int, num_ranks: int, port: int, folder: Path) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _prepare_process(rank, num_ranks, port)
        work, job = pickle.loads(payload)
        cuda = job.device.type == "cuda"
        if cuda:
            torch.cuda.set_device(rank)
        dist.init_process_group(
            "nccl" if cuda else "gloo",
            store=TCPStore("127.0.0.1", port, is_master=False),
            rank=rank,
            world_size=num_ranks,
            timeout=_PATIENCE,
        )
        work(job, Ranks(job.device, job.precision))
        # Who leaves while another still listens makes a thread of gloo's abort the other's process.
        dist.barrier()
        dist.destroy_process_group()
    except BaseException as error:
        failure = {
            "kinds": [kind.__name__ for kind in type(error).__mro__],
            "message": str(error),
            "traceback": traceback.format_exc(),
        }
        (folder / f"error-{rank}.json").write_text(json.dumps(failure), encoding="utf-8")
        # Other ranks may wait for this one: an orderly end would wait for them in turn.
        _leave(1)
    # The threads of libraries are not to see the interpreter being taken down around them.
    _leave(0)


def _leave(exit_code: int) -> NoReturn:
    """End this process at once, with what it has printed."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


def _prepare_process(rank: int, num_ranks: int, port: int) -> None:
    """Set the environment as torchrun would."""
    threads = max(torch.get_num_threads() // num_ranks, 1)
    os.environ.update(
        RANK=str(rank),
        LOCAL_RANK=str(rank),
        WORLD_SIZE=str(num_ranks),
        LOCAL_WORLD_SIZE=str(num_ranks),
        MASTER_ADDR="127.0.0.1",
        MASTER_PORT=str(port),
    )
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    if sys.platform == "linux":
        # All ranks are on this machine, whose name need not resolve.
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.set_num_threads(threads)
    if "TANGO_LOGGING_PORT" in os.environ:
        initialize_worker_logging(rank)


def _end_with_parent() -> None:
    """Die with the process that started this one, even if it is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _raise_failure(folder: Path, exit_code: int | None) -> None:
    # The first to fail says why; the others then fail for want of it.
    paths = sorted(folder.glob("error-*.json"), key=lambda path: path.stat().st_mtime_ns)
    failures = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    for failure in failures:
        for known in (ConfigurationError, DataError, TangoIEError):
            if known.__name__ in failure["kinds"]:
                raise known(failure["message"])
    if failures:
        raise RuntimeError(f"a rank failed:\n{failures[0]['traceback']}")
    raise RuntimeError(f"a rank ended with exit code {exit_code} and left no message")
