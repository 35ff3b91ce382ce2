// Trainers for common cases. Everything else about a trainer is in its docstring
// (tango_ie/training/trainer.py); add it with `training.fine_tuning(...) { precision: 'bf16' }`.

{
  // Fine-tune an encoder and what stands on it; the best epoch on the dev split is kept.
  //
  //   learning_rate   of the encoder; head_rate of everything else (null: the same)
  //   warmup          share of the steps in which the rates rise; then they fall in a straight line
  //   sentences       most sentences in a batch; tokens: most sub-words, padding included
  //   patience        epochs without a better dev score before training stops (null: never)
  fine_tuning(
    epochs,
    learning_rate=5e-5,
    head_rate=null,
    warmup=0.1,
    weight_decay=0.01,
    sentences=32,
    tokens=4096,
    patience=null,
  ):: {
    epochs: epochs,
    optimizer: {
      type: 'tango_ie::adamw',
      learning_rate: if head_rate == null then learning_rate else head_rate,
      weight_decay: weight_decay,
      groups: if head_rate == null then [] else [
        { pattern: '^encoder\\.', learning_rate: learning_rate },
      ],
    },
    schedule: { type: 'tango_ie::linear', warmup: warmup },
    batching: { max_sentences: sentences, token_budget: tokens },
    early_stopping: { patience: patience },
  },

  // Go on with the masked-language-model training of an encoder, on raw text.
  language_modelling(epochs, learning_rate=5e-5, sentences=32, tokens=4096)::
    self.fine_tuning(epochs, learning_rate, sentences=sentences, tokens=tokens),
}
