"""Loading pretrained transformers and their tokenizers: quietly, and with errors that help.

``transformers`` takes seconds to import, so it is imported only where something is loaded.
"""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import existing_path, resolve_location
from tango_ie.modules.encoders.tokenisation import WordTokenizer

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

logger = logging.getLogger(__name__)


def load_pretrained(
    name: str, revision: str | None = None, keep_layers: int | None = None
) -> tuple[PreTrainedModel, WordTokenizer]:
    """Load weights and tokenizer by hub name, local folder or ``pkg://PACKAGE/FOLDER``.

    Args:
        revision: branch, tag or commit on the hub.
        keep_layers: build only so many of the lowest layers (negative: counted from the top, so
            that -1 keeps all).

    Raises:
        ConfigurationError: nothing usable has this name.
    """
    location, options = locate(name, revision)
    with loading(name):
        config = _load_config(location, options, keep_layers)
        tokenizer = load_tokenizer(location, options)
        _check_fit(location, tokenizer, config)
        from transformers import AutoModel

        transformer, report = AutoModel.from_pretrained(
            location,
            config=config,
            dtype=torch.float32,
            output_loading_info=True,
            **_without_pooler(config),
            **options,
        )
    _report(name, transformer, report, cut=keep_layers is not None)
    return transformer, tokenizer


def load_architecture(folder: Path) -> tuple[PreTrainedModel, WordTokenizer]:
    """Build from a folder without weights, as archives have it; the weights are set later.

    Raises:
        ConfigurationError: the folder does not describe a transformer.
    """
    options = {"local_files_only": True}
    with loading(str(folder)), torch.random.fork_rng(devices=[]):
        from transformers import AutoModel
        from transformers.initialization import no_init_weights

        config = _load_config(str(folder), options, None)
        with no_init_weights():
            transformer = AutoModel.from_config(
                config, dtype=torch.float32, **_without_pooler(config)
            )
        tokenizer = load_tokenizer(str(folder), options)
        _check_fit(str(folder), tokenizer, config)
        return transformer, tokenizer


def max_pieces(transformer: PreTrainedModel, tokenizer: WordTokenizer) -> int:
    """How many sub-words, special tokens included, the transformer reads at most."""
    positions = getattr(transformer.config, "max_position_embeddings", None)
    if not positions or positions < 0:
        positions = 512
    table = getattr(getattr(transformer, "embeddings", None), "position_embeddings", None)
    # RoBERTa's relatives count positions from behind the padding id.
    padding = getattr(table, "padding_idx", None)
    return min(positions - (0 if padding is None else padding + 1), tokenizer.max_length)


def locate(name: str, revision: str | None = None) -> tuple[str, dict[str, Any]]:
    """The location in the words of ``transformers``, with the options to load from it.

    Raises:
        ConfigurationError: a path that leads nowhere.
    """
    location = Path(resolve_location(name)).expanduser()
    if location.is_dir():
        return str(location), {"local_files_only": True}
    if name.startswith(("/", "./", "../", "~")) or name.count("/") > 1:
        existing_path(name)  # raises, naming what lies there instead
    return name, {"revision": revision or "main"}


def load_tokenizer(location: str, options: dict[str, Any]) -> WordTokenizer:
    """The tokenizer of a location (see :func:`locate`).

    Raises:
        ConfigurationError: it is not there, or exists only in slow form.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(location, use_fast=True, **options)
    # Without its files, transformers makes a tokenizer that knows nothing but special tokens.
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise ConfigurationError(f"{location} lacks the tokenizer's files (tokenizer.json)")
    return WordTokenizer(tokenizer)


@contextmanager
def loading(name: str) -> Iterator[None]:
    """A block that loads ``name`` with the Hugging Face libraries: quiet, with errors that help."""
    with _helpful_errors(name), quiet():
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and notices of the Hugging Face libraries; ours say what matters."""
    from huggingface_hub.utils import logging as hub_logging
    from transformers.utils import logging as transformers_logging

    levels = transformers_logging.get_verbosity(), hub_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    hub_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            # Importing DeBERTa calls torch.jit.script, for example; no user can mend that.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        transformers_logging.set_verbosity(levels[0])
        hub_logging.set_verbosity(levels[1])
        if bars:
            transformers_logging.enable_progress_bar()


def _load_config(
    location: str, options: dict[str, Any], keep_layers: int | None
) -> PretrainedConfig:
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(location, **options)
    if config.is_encoder_decoder:
        raise ValueError(f"{config.model_type} is an encoder-decoder; only encoders are supported")
    if keep_layers is not None:
        depth = config.num_hidden_layers
        kept = keep_layers if keep_layers > 0 else depth + 1 + keep_layers
        if keep_layers == 0 or not 0 < kept <= depth:
            raise ConfigurationError(
                f"layer {keep_layers} does not exist: there are {depth}, counted from 1 "
                f"(from the top: -1 to -{depth})"
            )
        config.num_hidden_layers = kept
    return config


def _check_fit(location: str, tokenizer: WordTokenizer, config: PretrainedConfig) -> None:
    size = len(tokenizer.tokenizer)
    if size > config.vocab_size:
        raise ConfigurationError(
            f"the tokenizer of {location} has {size} sub-words, but its weights have "
            f"{config.vocab_size}: they do not belong together"
        )


def _without_pooler(config: PretrainedConfig) -> dict[str, Any]:
    """Sentence poolers are of no use here; where the architecture can leave them out, it does."""
    from transformers import MODEL_MAPPING

    model_class: Any = MODEL_MAPPING[type(config)]
    accepts = "add_pooling_layer" in inspect.signature(model_class).parameters
    return {"add_pooling_layer": False} if accepts else {}


def _report(name: str, transformer: PreTrainedModel, report: dict[str, Any], cut: bool) -> None:
    """Say which weights of a checkpoint were not there, or not used."""
    missing = sorted(key for key in report["missing_keys"] if "pooler." not in key)
    if missing:
        logger.warning("%s lacks %s; they start at random", name, _shorten(missing))
    parts = {part for part, _ in transformer.named_children()} - {"pooler"}
    unused = sorted(report["unexpected_keys"])
    surplus = [key for key in unused if key.split(".")[0] in parts]
    if surplus and not cut:
        logger.warning(
            "%s has weights that its config has no place for: %s", name, _shorten(surplus)
        )
    heads = sorted({key.split(".")[0] for key in unused} - parts - {"pooler"})
    if heads:
        logger.info("%s: heads left out: %s", name, _shorten(heads))


def _shorten(names: list[str], limit: int = 4) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


@contextmanager
def _helpful_errors(name: str) -> Iterator[None]:
    try:
        yield
    except ConfigurationError:
        raise
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        # The first sentence says what failed; the rest advises on calls that no user of ours makes.
        reason = str(error).strip().split("\n")[0].split(". ")[0].rstrip(".")
        raise ConfigurationError(
            f"cannot load the encoder {name!r}: {reason}. It may be a folder with config.json, "
            "model.safetensors and tokenizer.json, pkg://PACKAGE/FOLDER for a folder in an "
            "installed package, or a Hugging Face name, which needs a network the first time"
        ) from error
