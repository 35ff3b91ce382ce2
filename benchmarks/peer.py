"""Hugging Face's own token classification, as its example script sets it up: the yardstick."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Callable, Sequence

import torch
from datasets import Dataset
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    PrinterCallback,
    Trainer,
    TrainingArguments,
)
from transformers.utils.logging import disable_progress_bar

from tango_ie.data.annotations import Sentence
from tango_ie.data.schemes import entities_to_tags, tag_inventory


class Peer:
    """Sentences tokenised once, outside the measured time; the first sub-word has the label."""

    def __init__(
        self, encoder: str, sentences: Sequence[Sentence], batch_size: int, max_length: int
    ) -> None:
        types = sorted({entity.label for one in sentences for entity in one.entities})
        self.encoder = encoder
        self.batch_size = batch_size
        self.tags = tag_inventory(types, "iob2")
        self.tokenizer = AutoTokenizer.from_pretrained(encoder)
        tag_ids = {tag: place for place, tag in enumerate(self.tags)}
        encoded = self.tokenizer(
            [list(one.words) for one in sentences],
            is_split_into_words=True,
            truncation=True,
            max_length=max_length,
        )
        labels = []
        for place, one in enumerate(sentences):
            tags = entities_to_tags(one.entities, len(one.words), "iob2")
            labels.append(_aligned(encoded.word_ids(place), [tag_ids[tag] for tag in tags]))
        self.rows = Dataset.from_dict({**encoded, "labels": labels})

    def epoch(self, device: torch.device, precision: str, sampling: str) -> Callable[[], object]:
        """One epoch with the Trainer's defaults but for batch size, rate and ``sampling``."""
        logging.getLogger("transformers").setLevel(logging.ERROR)
        disable_progress_bar()
        torch.manual_seed(0)
        model = AutoModelForTokenClassification.from_pretrained(
            self.encoder, num_labels=len(self.tags)
        )
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=tempfile.gettempdir(),
                per_device_train_batch_size=self.batch_size,
                num_train_epochs=1,
                learning_rate=5e-5,
                bf16=precision == "bf16",
                use_cpu=device.type == "cpu",
                train_sampling_strategy=sampling,
                save_strategy="no",
                logging_strategy="no",
                report_to="none",
                disable_tqdm=True,
            ),
            train_dataset=self.rows,
            data_collator=DataCollatorForTokenClassification(self.tokenizer),
        )

        trainer.remove_callback(PrinterCallback)

        def run() -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                trainer.train()
            if device.type == "cuda":
                torch.cuda.synchronize(device)

        return run


def _aligned(word_ids: Sequence[int | None], tag_ids: Sequence[int]) -> list[int]:
    """Tag ids of sub-words: the first of each word has its tag, all others are ignored."""
    aligned, previous = [], None
    for word in word_ids:
        aligned.append(-100 if word is None or word == previous else tag_ids[word])
        previous = word
    return aligned
