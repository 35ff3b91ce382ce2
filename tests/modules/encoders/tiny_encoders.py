"""Encoders with random weights and vocabularies made on the spot, one per family of tokenizers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from tango_ie.data.annotations import Sentence

FAMILIES = ("bert", "roberta", "xlm_roberta", "deberta")
TEXT = [
    "the quick brown fox jumps over the lazy dog",
    "Ada Lovelace was born in London and wrote notes on the engine",
    "the European Commission met in Brussels on Friday , 30 August 1996 .",
    "hello there , unaffable and unbelievable world",
]
SENTENCES = [
    ["Ada", "Lovelace", "wrote", "unbelievable", "notes", "."],
    ["London"],
    ["the", "\u200b", "quick", "U.S.-based", "fox", "don't", "jump"],
    [],
    ["Brussels", ",", "Friday"],
]
SIZES = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
}


def as_sentences(words: Sequence[Sequence[str]]) -> list[Sentence]:
    """Sentences of given words, without documents."""
    return [Sentence(tuple(item)) for item in words]


def make_encoder(family: str, folder: Path, max_pieces: int = 64, seed: int = 0) -> Path:
    """Write an encoder of ``family`` into ``folder``, as a checkpoint would be."""
    import transformers

    backend, special = {
        "bert": _wordpiece,
        "roberta": _byte_level,
        "xlm_roberta": partial(_unigram, marks=("<s>", "</s>", "<pad>", "<unk>", "<mask>")),
        "deberta": partial(_unigram, marks=("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]")),
    }[family]()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend, model_max_length=max_pieces, **special
    )
    tokenizer.save_pretrained(folder)
    name = {"bert": "Bert", "roberta": "Roberta", "xlm_roberta": "XLMRoberta"}.get(family)
    with warnings.catch_warnings():
        # DeBERTa's module calls torch.jit.script, which torch has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        config_class = getattr(transformers, f"{name or 'DebertaV2'}Config")
        model_class = getattr(transformers, f"{name or 'DebertaV2'}Model")
    # RoBERTa's relatives count positions from behind the padding id.
    shift = tokenizer.pad_token_id + 1 if "roberta" in family else 0
    extra: dict[str, Any] = (
        {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_biased_input": False}
        if family == "deberta"
        else {}
    )
    config = config_class(
        vocab_size=len(tokenizer),
        max_position_embeddings=max_pieces + shift,
        pad_token_id=tokenizer.pad_token_id,
        # Larger than usual, so that vectors differ clearly from word to word.
        initializer_range=0.3,
        **SIZES,
        **extra,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model_class(config).save_pretrained(folder)
    return folder


def _wordpiece() -> tuple[Tokenizer, dict[str, str]]:
    special = _special("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]")
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=120, special_tokens=sorted(special.values()), show_progress=False
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    ids = [("[SEP]", tokenizer.token_to_id("[SEP]")), ("[CLS]", tokenizer.token_to_id("[CLS]"))]
    tokenizer.post_processor = processors.BertProcessing(*ids)
    # As sentence-transformers ship them: cutting and padding to a length of their own.
    tokenizer.enable_truncation(5)
    tokenizer.enable_padding(length=5)
    return tokenizer, special


def _byte_level() -> tuple[Tokenizer, dict[str, str]]:
    special = _special("<s>", "</s>", "<pad>", "<unk>", "<mask>")
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=330,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), add_prefix_space=False
    )
    return tokenizer, special


def _unigram(marks: tuple[str, str, str, str, str]) -> tuple[Tokenizer, dict[str, str]]:
    special = _special(*marks)
    begin, end, _, unknown, _ = marks
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=110, special_tokens=list(marks), unk_token=unknown, show_progress=False
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        special_tokens=[(mark, tokenizer.token_to_id(mark)) for mark in (begin, end)],
    )
    return tokenizer, special


def _special(begin: str, end: str, padding: str, unknown: str, mask: str) -> dict[str, str]:
    return {
        "cls_token": begin,
        "sep_token": end,
        "pad_token": padding,
        "unk_token": unknown,
        "mask_token": mask,
    }
