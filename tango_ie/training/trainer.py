"""The trainer: settings of a training, and the way from a model to a trained one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.registry import Registrable
from tango_ie.data.annotations import Sentence
from tango_ie.data.batching import Batching
from tango_ie.inference.devices import Precision, resolve_precision
from tango_ie.modules.encoders.frozen_transformer import LazyTransformer
from tango_ie.training.callbacks import Monitoring
from tango_ie.training.checkpoint import changing_tensors, copy_into
from tango_ie.training.distributed import Hardware, Ranks, launch
from tango_ie.training.early_stopping import EarlyStopping, Evaluation
from tango_ie.training.loop import CHECKPOINTS, TrainingLoop
from tango_ie.training.mixture import Mixture, Part, encode_parts
from tango_ie.training.optimisation import Optimizer
from tango_ie.training.progress import Job, Progress
from tango_ie.training.schedules import Schedule

# An empty config: the part with all its defaults. Spelled so, a default that is written out in a
# config and one that is left out give the same cache key.
_DEFAULTS: Any = {}
_RANKS = "ranks"


@dataclass
class TrainingResult:
    """What is known after training.

    Args:
        info: seed, train_seconds, steps, epochs, best_epoch, best_score, best_metric,
            num_parameters, num_trainable_parameters, num_train_sentences, sentences_per_second,
            device, precision, num_ranks, resumed.
        history: the records of ``history.jsonl``.
    """

    info: dict[str, Any]
    history: list[dict[str, Any]] = field(default_factory=list)


class Trainer(Registrable):
    """Trains a model by gradient descent.

    The loop is our own, on ``accelerate``: token-budget batches of similar length, features made
    once, gradients of the loss per unit (word, sentence, …) of the whole batch whatever the number
    of ranks, exact resumption after an interruption.

    Args:
        epochs: passes over the data, at most.
        max_steps: limit of optimiser steps; ``None`` for none.
        optimizer: rates, weight decay and parameter groups.
        schedule: how the rates change.
        batching: size of batches.
        gradient_clip: limit of the gradient's norm; ``None`` for none.
        precision: of the forward pass; weights are float32 always. ``"auto"`` is bf16 on GPUs that
            have it, float32 elsewhere.
        early_stopping: which epoch is kept, by which dev score.
        hardware: device and number of ranks; cannot change the result.
        monitoring: progress, history, checkpoints; cannot change the result.

    Raises:
        ConfigurationError: a number out of range.
    """

    default_implementation = "tango_ie::trainer"
    SKIP_ID_ARGUMENTS = frozenset({"hardware", "monitoring"})

    def __init__(
        self,
        epochs: int = 10,
        max_steps: int | None = None,
        optimizer: Optimizer = _DEFAULTS,
        schedule: Schedule = _DEFAULTS,
        batching: Batching = _DEFAULTS,
        gradient_clip: float | None = 1.0,
        precision: Precision = "auto",
        early_stopping: EarlyStopping = _DEFAULTS,
        hardware: Hardware = _DEFAULTS,
        monitoring: Monitoring = _DEFAULTS,
    ) -> None:
        for name, value in {"epochs": epochs, "max_steps": max_steps}.items():
            if value is not None and value < 1:
                raise ConfigurationError(f"{name} must be at least 1, found {value}")
        if gradient_clip is not None and gradient_clip <= 0:
            raise ConfigurationError(
                f"gradient_clip must be above 0 or null, found {gradient_clip}"
            )
        self.epochs = epochs
        self.max_steps = max_steps
        self.optimizer: Optimizer = build(Optimizer, optimizer, "optimizer")
        self.schedule: Schedule = build(Schedule, schedule, "schedule")
        self.batching: Batching = build(Batching, batching, "batching")
        self.gradient_clip = gradient_clip
        self.precision: Precision = precision
        self.early_stopping: EarlyStopping = build(EarlyStopping, early_stopping, "early_stopping")
        self.hardware: Hardware = build(Hardware, hardware, "hardware")
        self.monitoring: Monitoring = build(Monitoring, monitoring, "monitoring")

    def train(
        self,
        model: Any,
        sentences: Sequence[Sentence],
        work_dir: Path,
        seed: int,
        evaluation: Evaluation | None = None,
        name: str = "training",
        config: Mapping[str, Any] | None = None,
        further: Sequence[Part] = (),
        layers: tuple[str, ...] | None = None,
    ) -> TrainingResult:
        """Train ``model`` in place.

        A training with the same settings that was interrupted is continued from the checkpoint
        that lies in ``work_dir``; the result is the same, on CPU bit for bit. The caller removes
        the checkpoints (:meth:`discard_checkpoints`) when it has put the model into safety.

        Args:
            model: a model, on the CPU; its initial weights must be the same for a continued run.
            sentences: the training split.
            work_dir: for checkpoints and the history.
            seed: of batches, dropout and all else that is drawn.
            evaluation: scores on the dev split; with it the best epoch is kept, otherwise the last.
            name: shown to people.
            config: what the training is made from, for trackers; decides nothing. JSON-able.
            further: sentences that an epoch takes a part of, beside all of ``sentences``.
            layers: what ``sentences`` have gold for; ``None`` for all that they have.

        Raises:
            ConfigurationError: settings that do not fit the model, the evaluation or the machine.
            DataError: no training sentences.
        """
        parts = [Part(sentences, layers), *further]
        if not all(len(part.sentences) for part in parts):
            raise DataError("there is not one training sentence")
        num_ranks = self.hardware.resolve_num_ranks(self.batching.token_budget)
        device = self.hardware.resolve_device()
        precision = resolve_precision(self.precision, device)
        features = encode_parts(model, parts)
        given = config or {}
        mixture = Mixture.of(parts) if further else None
        job = Job(
            self,
            model,
            features,
            evaluation,
            work_dir,
            seed,
            name,
            device,
            precision,
            given,
            mixture,
        )
        if num_ranks == 1:
            progress, history = _train(job, Ranks(device, precision))
        else:
            launch(_train_rank, job, num_ranks, work_dir / _RANKS)
            progress, history = _collect(job)
        model.cpu().eval()
        info = _describe(job, progress, num_ranks, sum(len(part.sentences) for part in parts))
        return TrainingResult(info, history)

    @staticmethod
    def discard_checkpoints(work_dir: Path) -> None:
        """Remove what :meth:`train` needs to continue."""
        for folder in (CHECKPOINTS, _RANKS):
            shutil.rmtree(work_dir / folder, ignore_errors=True)


def _train(job: Job, ranks: Ranks) -> tuple[Progress, list[dict[str, Any]]]:
    callbacks = job.trainer.monitoring.watchers() if ranks.is_main else []
    loop = TrainingLoop(job, ranks, callbacks)
    return loop.run(), loop.history.records


def _train_rank(job: Job, ranks: Ranks) -> None:
    """The work of one of several ranks; what rank 0 leaves in files is the result."""
    progress, history = _train(job, ranks)
    if ranks.is_main:
        folder = job.work_dir / _RANKS
        tensors = {
            name: tensor.detach().cpu().contiguous()
            for name, tensor in changing_tensors(job.model).items()
        }
        save_file(tensors, folder / "weights.safetensors")
        outcome = {"progress": asdict(progress), "history": history}
        (folder / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")


def _collect(job: Job) -> tuple[Progress, list[dict[str, Any]]]:
    folder = job.work_dir / _RANKS
    copy_into(job.model, load_file(folder / "weights.safetensors"))
    outcome = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    return Progress.from_json(outcome["progress"]), outcome["history"]


def _describe(job: Job, progress: Progress, num_ranks: int, num_sentences: int) -> dict[str, Any]:
    metric = job.trainer.early_stopping.resolve(job.evaluation)
    parameters = list(job.model.parameters())
    rate = progress.sentences / max(progress.training_seconds, 1e-9)
    device = job.device.type
    if device == "cuda":
        device = f"cuda ({torch.cuda.get_device_name(job.device)})"
    return {
        "seed": job.seed,
        "train_seconds": progress.seconds,
        "steps": progress.step,
        "epochs": progress.epoch,
        "best_epoch": progress.best.epoch if metric else None,
        "best_score": progress.best.score if metric else None,
        "best_metric": metric[0] if metric else None,
        "num_parameters": sum(p.numel() for p in parameters) + _num_stored(job.model),
        "num_trainable_parameters": sum(p.numel() for p in parameters if p.requires_grad),
        "num_train_sentences": num_sentences,
        # Features need not be sentences: a language model packs several into one.
        "sentences_per_second": rate * num_sentences / max(len(job.features), 1),
        "device": device,
        "precision": job.precision,
        "num_ranks": num_ranks,
        "resumed": progress.resumed,
    }


def _num_stored(model: Any) -> int:
    """Parameters of frozen encoders that need not be loaded."""
    return sum(
        module.stored.num_parameters
        for module in model.modules()
        if isinstance(module, LazyTransformer)
    )


Trainer.register("tango_ie::trainer")(Trainer)
