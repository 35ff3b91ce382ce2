"""Tiny transformers of several kinds, with random weights, that read letters."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch

from tango_ie.modules.encoders import TransformerEncoder

KINDS = ("Bert", "Roberta", "Electra")


def tiny_transformer(kind: str, tokenizer_folder: Path, folder: Path, **options: Any) -> Path:
    """Write one of three layers; weights are large, so that attention is not flat."""
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(tokenizer_folder)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=40,
        initializer_range=0.3,
        pad_token_id=0,
        **({"type_vocab_size": 1} if kind == "Roberta" else {}),
        **({"embedding_size": 16} if kind == "Electra" else {}),
        **options,
    )
    torch.manual_seed(1)
    with warnings.catch_warnings():
        # DeBERTa's module calls torch.jit.script, which torch has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        getattr(transformers, f"{kind}Model")(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def tiny_reader(kind: str, tokenizer_folder: Path, folder: Path, **options: Any) -> Any:
    """An encoder on one, in eval mode."""
    path = tiny_transformer(kind, tokenizer_folder, folder / kind)
    return TransformerEncoder(str(path), **options).eval()
