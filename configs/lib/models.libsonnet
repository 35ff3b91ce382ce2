// Models. Everything else that one can be told is in its docstring (tango_ie/models/); add it with
// `models.tagger(encoder) { dropout: 0.2 }`.

{
  // One tag per word; head: 'softmax' or 'crf'.
  tagger(encoder, head='softmax'):: { type: 'tango_ie::tagger', encoder: encoder, head: head },

  // CNNBiF: the tagger with features of neighbouring words. link_weight is λ of the objective that
  // says which neighbours belong to one entity (0: none); with `fuse` the features are tagged with,
  // too. Positive class and its weight: { link+: { positive: 'group', positive_weight: 2 } }.
  bigram_tagger(encoder, head='softmax', link_weight=1, fuse=false, features='cnn'):: {
    type: 'tango_ie::bigram_tagger',
    encoder: encoder,
    head: head,
    link: { weight: link_weight },
    fuse: fuse,
    features: features,
  },

  // Several layers of word tags on one encoder; the main task is `ner`, unless `main` says otherwise:
  // tasks: { ner: { head: 'crf' }, pos: { weight: 0.3 }, chunk: { recurrent: { size: 64 } } }.
  // weighting: 'fixed', 'mean', 'uncertainty', 'gradnorm' or 'pcgrad'.
  multitask_tagger(encoder, tasks, weighting='fixed'):: {
    type: 'tango_ie::multitask_tagger',
    encoder: encoder,
    tasks: tasks,
    weighting: weighting,
  },

  // BERT-MRC: each sentence once for each type, with its query before it. negatives: share of the pairs
  // without an answer that are trained on. queries: { names: { PER: 'person' } }, { file: 'q.json' }.
  mrc_ner(encoder, queries={}, negatives=1):: {
    type: 'tango_ie::mrc_ner',
    encoder: encoder,
    queries: queries,
    objective: { negatives: negatives },
  },

  // QPMRC-NER: all types' names are read beside the sentence, which reads itself alone. query_depth:
  // layers in which names see the sentence (null: all; 1 is many times faster).
  query_parallel_ner(encoder, query_depth=null, queries={}):: {
    type: 'tango_ie::query_parallel_ner',
    encoder: encoder { pooling: 'mean' },
    queries: queries,
    reading: { query_depth: query_depth },
  },
}
