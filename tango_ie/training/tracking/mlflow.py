"""MLflow: a folder on this machine, unless a server is named."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from tango_ie.training.callbacks import Callback, Outline
from tango_ie.training.tracking.base import Tracker
from tango_ie.training.tracking.records import flatten, plain_name

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint
_PARAMS_AT_ONCE = 100  # MLflow takes no more


@Callback.register("tango_ie::mlflow")
class MLflow(Tracker):
    """Write the history for MLflow.

    Args:
        experiment: to which the run belongs; it is made if there is none of this name.
        uri: a folder, or the address of a tracking server; ``None`` takes
            ``MLFLOW_TRACKING_URI``, or else the folder ``mlruns`` here.

    Raises:
        ConfigurationError: MLflow is not installed.
    """

    TITLE, PACKAGE, EXTRA = "MLflow", "mlflow", "mlflow"

    def __init__(self, experiment: str = "tango-ie", uri: str | None = None) -> None:
        super().__init__()
        self.experiment, self.uri = experiment, uri
        self._client: Any = None
        self._run = ""
        self._written: dict[str, int] = {}  # name of a metric → last step that the run has

    def open_run(self, outline: Outline, known: str | None) -> str:
        """Open a run through a client of our own: what else uses MLflow here notices nothing."""
        # MLflow reports its use to its makers, at import already, unless it is told not to.
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        uri = _address(self.uri or os.environ.get("MLFLOW_TRACKING_URI") or "mlruns")
        if uri.startswith("file:"):
            # Newer releases refuse a folder, which is all that their small package can do.
            os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=uri)
        if known is None:
            experiment = _experiment(client, self.experiment)
            run = client.create_run(experiment, run_name=outline.name)
        else:
            run = client.get_run(known)
            client.update_run(known, status="RUNNING")
        self._client, self._run = client, run.info.run_id
        if known is None:
            self._describe({"name": outline.name, "seed": outline.seed, **outline.config})
        names = list(run.data.metrics)
        histories = {name: client.get_metric_history(self._run, name) for name in names}
        self._written = {name: max(m.step for m in found) for name, found in histories.items()}
        return self._run

    def _describe(self, config: Mapping[str, Any]) -> None:
        from mlflow.entities import Param

        left = iter([Param(plain_name(key), str(value)) for key, value in flatten(config).items()])
        while some := list(islice(left, _PARAMS_AT_ONCE)):
            self._client.log_batch(self._run, params=some)

    def write_numbers(self, numbers: Mapping[str, float], step: int) -> None:
        """Write metrics, except for steps that the run has kept from before an interruption."""
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        named = {plain_name(key): value for key, value in numbers.items()}
        metrics = [
            Metric(key, float(value), now, step)
            for key, value in named.items()
            if step > self._written.get(key, -1)
        ]
        if metrics:
            self._client.log_batch(self._run, metrics=metrics)

    def write_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Write the best score as a metric, and what it measures as a tag."""
        for key in ("best_score", "best_epoch"):
            if outcome.get(key) is not None:
                self._client.log_metric(self._run, key, outcome[key], step=outcome["steps"])
        if outcome.get("best_metric") is not None:
            self._client.set_tag(self._run, "best_metric", outcome["best_metric"])

    def close_run(self, finished: bool) -> None:
        """Close the run, as failed if training was interrupted."""
        client, self._client = self._client, None
        if client is not None:
            client.set_terminated(self._run, "FINISHED" if finished else "FAILED")


def _address(uri: str) -> str:
    """The URI of a folder, or what is a URI already."""
    known = "://" in uri or uri.startswith(("file:", "databricks"))
    return uri if known else Path(uri).expanduser().resolve().as_uri()


def _experiment(client: Any, name: str) -> str:
    """The id of the experiment ``name``; trainings side by side may want to make it at once."""
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            made: str = client.create_experiment(name)
        except Exception:
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
        else:
            return made
    identity: str = found.experiment_id
    return identity
