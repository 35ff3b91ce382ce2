"""The training loop: what every rank does from the first step to the last.

Everything that decides the result is a pure function of (settings, seed, step): the batches of an
epoch, the learning rates, the random numbers. So a resumed run needs no more than weights, the
optimiser's state and its place.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from tango_ie.data.batching import rank_share
from tango_ie.training.callbacks import Callback, Outline
from tango_ie.training.checkpoint import (
    Checkpoint,
    CheckpointFolder,
    changing_tensors,
    copy_into,
    flatten_optimizer,
    restore_optimizer,
)
from tango_ie.training.distributed import Ranks
from tango_ie.training.history import DEV, FILE_NAME, ORACLE, History
from tango_ie.training.optimisation import BASE_RATE
from tango_ie.training.progress import Job, Progress, Stopwatch, TrainingError
from tango_ie.training.randomness import seed_step
from tango_ie.training.task_gradients import TaskBackward

CHECKPOINTS = "checkpoints"
# At the end of an epoch a checkpoint is written if that costs less than a twentieth of the time.
_WRITING_SHARE, _SECONDS_WORTH_KEEPING = 20.0, 5.0


class TrainingLoop:
    """One rank's run through a job.

    Args:
        job: what to train, on what.
        ranks: this process and the others.
        callbacks: what watches; only given to rank 0.

    Raises:
        ConfigurationError: settings that do not fit the model or the evaluation.
    """

    def __init__(self, job: Job, ranks: Ranks, callbacks: Sequence[Callback] = ()) -> None:
        self.job, self.ranks, self.callbacks = job, ranks, callbacks
        self.settings = job.trainer
        self.metric = self.settings.early_stopping.resolve(job.evaluation)
        self.model = job.model.to(ranks.device)
        self.optimizer = self.settings.optimizer.build(self.model)
        self.parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        rule = getattr(self.model, "gradient_rule", None)
        self.by_task = None if rule is None else TaskBackward(rule, self.parameters, ranks)
        # Gradients of single tasks pass by the wrapper, which would average those of all.
        self.forward = ranks.wrap(self.model) if rule is None else self.model
        self.costs = [features.cost for features in job.features]
        self.total_steps = self._count_steps()
        self.checkpoints = CheckpointFolder(job.work_dir / CHECKPOINTS, self._fingerprint())
        self.progress = Progress()
        self.history = History(None)
        self.best_weights: dict[str, Tensor] | None = None
        wide = torch.float32 if ranks.device.type == "mps" else torch.float64
        self.window = torch.zeros(2, dtype=wide, device=ranks.device)  # (2,) loss, loss weight
        self._all_time, self._step_time, self._unsaved_time = Stopwatch(), Stopwatch(), Stopwatch()
        self._writing_seconds = 0.0

    def run(self) -> Progress:
        """Train; afterwards the model has the weights of the best epoch, or else of the last."""
        self._resume()
        outline = self._outline()
        try:
            for callback in self.callbacks:
                callback.start(outline)
            while not self.progress.over:
                self._train_epoch()
                self._end_epoch()
            for callback in self.callbacks:
                callback.finish(self._outcome())
        finally:
            for callback in self.callbacks:
                callback.end()
        if self.best_weights is not None and self.progress.best.step != self.progress.step:
            copy_into(self.model, self.best_weights)
        self.model.eval()
        self.progress.seconds += self._all_time.lap()
        return self.progress

    # Steps

    def _train_epoch(self) -> None:
        progress, monitoring = self.progress, self.settings.monitoring
        batches = self._plan(progress.epoch)
        self.model.train()
        self._step_time.lap()
        while progress.batch < len(batches) and progress.step < self.total_steps:
            self._train_step(batches[progress.batch])
            progress.sentences += len(batches[progress.batch])
            progress.batch += 1
            progress.step += 1
            if progress.step % monitoring.log_every == 0:
                self._log_window()
            for callback in self.callbacks:
                callback.step(progress.step, self._window_loss)
            self._count_time()
            if monitoring.checkpoint_is_due(progress.step, self._unsaved_time.read()):
                self._save()
                self._step_time.lap()

    def _train_step(self, indices: Sequence[int]) -> None:
        ranks, step = self.ranks, self.progress.step
        seed_step(self.job.seed, step, ranks.rank, ranks.device)
        factor = self.settings.schedule.factor(step, self.total_steps)
        for group in self.optimizer.param_groups:
            group["lr"] = group[BASE_RATE] * factor
        share = rank_share(indices, ranks.rank, ranks.count)
        # A rank without a share takes part with a sentence that counts nothing.
        batch = self._collate(share or indices[:1])
        with ranks.autocast():
            output = self.forward(batch)
        loss, weight = output.loss, output.loss_weight
        if not share:
            loss, weight = loss * 0.0, weight * 0.0
        sums = torch.stack((loss.detach(), weight)).to(self.window.dtype)  # (2,)
        ranks.sum(sums)
        if self.by_task is None:
            # Ranks average their gradients; what is wanted is the sum, over the weight of all.
            scale = ranks.count / sums[1].clamp(min=1e-12)
            (loss * scale.to(loss.dtype)).backward()
        else:
            words, counted = sums[1], bool(share)
            self.by_task.backward(output.task_losses, words, counted, self.job.seed, step)
        if self.settings.gradient_clip is not None:
            clip_grad_norm_(self.parameters, self.settings.gradient_clip, foreach=True)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.window += sums

    def _collate(self, indices: Sequence[int]) -> Any:
        batch = self.model.collate([self.job.features[index] for index in indices])
        return batch.to(self.ranks.device, non_blocking=True)

    # Ends of epochs

    def _end_epoch(self) -> None:
        progress, settings = self.progress, self.settings
        progress.epoch += 1
        record = self._epoch_record()
        stop = progress.step >= self.total_steps or progress.epoch >= settings.epochs
        if self.job.evaluation is not None and self.ranks.is_main:
            record |= self._evaluate()
            stop = stop or settings.early_stopping.exhausted(progress.best)
        progress.over = self.ranks.agree(stop)
        self._record(record)
        progress.batch, progress.epoch_seconds, progress.epoch_sums = 0, 0.0, [0.0, 0.0]
        worthwhile = max(_WRITING_SHARE * self._writing_seconds, _SECONDS_WORTH_KEEPING)
        if self._unsaved_time.read() >= worthwhile:
            self._save()

    def _evaluate(self) -> dict[str, float]:
        """Dev scores, for the history; the weights are kept if they are the best so far."""
        assert self.job.evaluation is not None and self.metric is not None
        progress, (name, sign) = self.progress, self.metric
        self.model.eval()
        scores = self.job.evaluation(self.model)
        stopping = self.settings.early_stopping
        if stopping.update(progress.best, scores[name], sign, progress.epoch, progress.step):
            self.best_weights = {
                name: tensor.detach().to("cpu", copy=True)
                for name, tensor in changing_tensors(self.model).items()
            }
        return {
            name if name.startswith(ORACLE) else f"{DEV}{name}": value
            for name, value in scores.items()
        }

    def _epoch_record(self) -> dict[str, Any]:
        self._close_window()
        self._count_time()
        progress = self.progress
        loss, weight = progress.epoch_sums
        return {
            "step": progress.step,
            "epoch": progress.epoch,
            "loss": loss / weight if weight else 0.0,
            "learning_rate": self._last_rate(),
            "seconds": progress.seconds + self._all_time.read(),
            "epoch_seconds": progress.epoch_seconds,
            "sentences_per_second": progress.sentences / max(progress.training_seconds, 1e-9),
        }

    # Monitoring

    def _outline(self) -> Outline:
        job, done = self.job, self.progress.step
        return Outline(
            job.name,
            self.total_steps,
            done,
            self.settings.epochs,
            job.seed,
            job.config,
            job.work_dir,
            tuple(self.history.records),
        )

    def _outcome(self) -> dict[str, Any]:
        """For callbacks: how training ended."""
        progress, best = self.progress, self.progress.best
        outcome: dict[str, Any] = {"steps": progress.step, "epochs": progress.epoch}
        if self.metric is not None:
            outcome |= {
                "best_metric": self.metric[0],
                "best_score": best.score,
                "best_epoch": best.epoch,
            }
        return outcome

    def _log_window(self) -> None:
        record = {
            "step": self.progress.step,
            "epoch": self.progress.epoch + 1,
            "loss": self._window_loss(),
            "learning_rate": self._last_rate(),
        }
        self._close_window()
        self._record(record)

    def _last_rate(self) -> float:
        """Learning rate of the first group in the last step."""
        factor = self.settings.schedule.factor(max(self.progress.step - 1, 0), self.total_steps)
        rate: float = self.optimizer.param_groups[0][BASE_RATE] * factor
        return rate

    def _window_loss(self) -> float:
        """Mean loss since the last line of the history, or else of the epoch before it."""
        loss, weight = self.window.tolist()
        if not weight:
            loss, weight = self.progress.epoch_sums
        return loss / weight if weight else 0.0

    def _close_window(self) -> None:
        """Add the window to the epoch's sums; this waits for the device."""
        sums, epoch = self.window.tolist(), self.progress.epoch_sums
        self.window.zero_()
        self.progress.epoch_sums = [epoch[0] + sums[0], epoch[1] + sums[1]]
        if not math.isfinite(sums[0]):
            raise TrainingError(
                f"the loss is {sums[0]} (somewhere before step {self.progress.step}); "
                "lower the learning rate, clip gradients, or train in float32"
            )

    def _record(self, record: dict[str, Any]) -> None:
        if self.ranks.is_main:
            self.history.append(record)
            for callback in self.callbacks:
                callback.record(record)

    def _count_time(self) -> None:
        seconds = self._step_time.lap()
        self.progress.training_seconds += seconds
        self.progress.epoch_seconds += seconds

    # Checkpoints

    def _save(self) -> None:
        self._unsaved_time.lap()
        if not self.ranks.is_main:
            return
        self.progress.seconds += self._all_time.lap()
        self.progress.window = self.window.tolist()
        self.checkpoints.save(
            Checkpoint(
                step=self.progress.step,
                state={"progress": asdict(self.progress), "history": self.history.records},
                weights=changing_tensors(self.model),
                optimizer=flatten_optimizer(self.optimizer),
                best=self.best_weights,
                best_step=self.progress.best.step,
            )
        )
        self._writing_seconds = self._unsaved_time.lap()

    def _resume(self) -> None:
        checkpoint = self.checkpoints.latest()
        records: list[dict[str, Any]] = []
        if checkpoint is not None:
            self.progress = Progress.from_json(checkpoint.state["progress"])
            self.progress.resumed += 1
            self.window.copy_(torch.tensor(self.progress.window, dtype=self.window.dtype))
            copy_into(self.model, checkpoint.weights)
            restore_optimizer(self.optimizer, checkpoint.optimizer)
            self.best_weights = None if checkpoint.best is None else dict(checkpoint.best)
            records = checkpoint.state["history"]
        if self.ranks.is_main:
            self.history = History(self.job.work_dir / FILE_NAME, records)

    def _fingerprint(self) -> str:
        """Of everything that determines the result: settings, seed, data, shape of the model."""
        skipped = type(self.settings).SKIP_ID_ARGUMENTS
        settings = {k: value for k, value in vars(self.settings).items() if k not in skipped}
        shapes = {name: list(t.shape) for name, t in changing_tensors(self.model).items()}
        material = [settings, self.job.seed, self.job.name, shapes, self.costs]
        if self.job.mixture is not None:
            material.append(self.job.mixture)
        text = json.dumps(material, default=_as_json)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    # Plans

    def _plan(self, epoch: int) -> list[list[int]]:
        batching, seed, mixture = self.settings.batching, self.job.seed, self.job.mixture
        if mixture is None:
            return batching.plan(self.costs, seed, epoch)
        taken = mixture.indices(seed, epoch)
        plan = batching.plan([self.costs[index] for index in taken], seed, epoch)
        return [[taken[place] for place in batch] for batch in plan]

    def _count_steps(self) -> int:
        limit = self.settings.max_steps
        steps = 0
        for epoch in range(self.settings.epochs):
            steps += len(self._plan(epoch))
            if limit is not None and steps >= limit:
                return limit
        return steps


def _as_json(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) else vars(value)  # type: ignore[arg-type]
