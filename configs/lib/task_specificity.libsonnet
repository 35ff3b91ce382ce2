// Crone (2020): what experiments with the task-specific joint model have in common. The encoder is not
// trained: what it says of every word is computed once, for all arms and seeds, in training and in
// prediction, and each arm learns how to mix its layers.
//
//   prepared(encoder, glove, corpus)   the steps convert_features, convert_alphabet and (with GloVe)
//                                      convert_vectors, from the step that gives the whole corpus
//   words(glove)                       what arms read, from these steps
//   from_kept(arms, seeds)             to be laid over the steps: prediction reads them, too
//   trainer(scale)                     for { epochs, patience, sentences, learning_rate, optimizer,
//                                      schedule, precision }

local encoders = import 'encoders.libsonnet';
local experiment = import 'experiment.libsonnet';
local training = import 'training.libsonnet';

local ref = experiment.ref;

{
  // alphabet_of: the step with the training sentences whose characters are known.
  prepared(encoder, glove, corpus, alphabet_of=corpus):: {
    convert_features: {
      type: 'tango_ie::encode_corpus',
      encoder: encoders.frozen(encoder) { layers: 'mix' },
      corpus: ref(corpus),
    },
    convert_alphabet: { type: 'tango_ie::alphabet', corpus: ref(alphabet_of) },
    [if glove != null then 'convert_vectors']: {
      type: 'tango_ie::select_vectors',
      file: glove,
      corpus: ref(corpus),
    },
  },

  words(glove):: encoders.concat(
    [encoders.cached(ref('convert_features'))]
    + (if glove == null then [] else [encoders.static_vectors(ref('convert_vectors'))])
    + [
      encoders.character_birnn {
        alphabet: ref('convert_alphabet'),
        embedding_size: 32,
        size: 32,
        cell: 'gru',
      },
      encoders.casing,
    ]
  ),

  from_kept(arms, seeds):: std.foldl(
    function(all, one) all + one,
    [
      {
        [experiment.step_name('predict', arm.name, seed)]+: { features: ref('convert_features') },
      }
      for arm in arms
      for seed in seeds
    ],
    {},
  ),

  trainer(scale):: training.fine_tuning(
    scale.epochs,
    scale.learning_rate,
    weight_decay=0,
    sentences=scale.sentences,
    patience=scale.patience,
  ) + {
    gradient_clip: 5,
    optimizer+: { type: scale.optimizer },
    schedule: { type: 'tango_ie::' + scale.schedule },
    precision: scale.precision,
  },
}
