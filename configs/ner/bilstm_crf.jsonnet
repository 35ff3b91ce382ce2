// BiLSTM-CRF: what do a CRF, the characters of words and their casing add to GloVe? On CoNLL-2003.
//
//   GLOVE=path/to/glove.6B.100d.txt CORPORA=path/to/folder tango run configs/ner/bilstm_crf.jsonnet
//
// GLOVE is a text file of word vectors, plain or compressed with gzip; it is read once, and only the
// words of the corpus are kept. The budget `smoke` takes the corpus that ships with the package.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local budget = 'cpu';
local vectors_file = std.extVar('GLOVE');
local scale = budgets.pick(budget, {
  smoke: { corpus: corpora.embedded('news'), share: 1, seeds: [1], epochs: 3, size: 32 },
  cpu: { corpus: corpora.conll2003, share: 0.25, seeds: [1, 2, 3], epochs: 15, size: 100 },
  full: { corpus: corpora.conll2003, share: 1, seeds: [1, 2, 3, 4, 5], epochs: 40, size: 256 },
});
local trainer =
  training.fine_tuning(scale.epochs, learning_rate=2e-3, weight_decay=0, sentences=16);

local words = encoders.static_vectors(experiment.ref('convert_vectors'));
local bilstm(parts) = encoders.recurrent(encoders.concat(parts), scale.size);

// The first variant is the baseline.
local variants = [
  { name: 'words_softmax', model: models.tagger(bilstm([words])) },
  { name: 'words_crf', model: models.tagger(bilstm([words]), head='crf') },
  {
    name: 'words_casing_crf',
    model: models.tagger(bilstm([words, encoders.casing]), head='crf'),
  },
  {
    name: 'character_birnn_crf',
    model: models.tagger(bilstm([words, encoders.casing, encoders.character_birnn]), head='crf'),
  },
  {
    name: 'character_cnn_crf',
    model: models.tagger(bilstm([words, encoders.casing, encoders.character_cnn]), head='crf'),
  },
];

// -- below this: no need to edit --

local trained_on = if scale.share == 1 then 'convert' else 'sample';

local arms = [
  { name: variant.name, train:: experiment.finetuned(variant.model, trained_on, trainer) }
  for variant in variants
];

experiment.experiment(
  {
    convert: scale.corpus,
    [if scale.share < 1 then 'sample']: sampling.fraction('convert', scale.share, seed=0),
    convert_vectors: {
      type: 'tango_ie::select_vectors',
      file: vectors_file,
      corpus: experiment.ref('convert'),
    },
  }
  + experiment.all_measured(arms, scale.seeds, 'convert')
  + { compare: experiment.compared(arms, scale.seeds, 'convert') }
)
