// How far do K mentions of each type go? Softmax head against CRF head, trained on K-shot samples of
// CoNLL-2003. Every seed draws a sample of its own, which both heads are trained on, so that the
// report shows the spread of draws and of training together; five seeds are few.
//
//   CORPORA=path/to/folder tango run configs/data/few_shot.jsonnet
//
// One report per K: workspace/latest/compare_<K>shot; compare_all draws the curve over K. Which
// sentences were drawn, and how many mentions they have, is in corpus.json of sample_<K>shot_seed<k>.

local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local corpus = corpora.conll2003;
local shots = [5, 20, 50];
local exact = false;  // true: K mentions of each type and no more
local seeds = [1, 2, 3, 4, 5];
local encoder = encoders.minilm;
// There is no dev set in this setting: the number of epochs is fixed, and the last one is kept.
local trainer = training.fine_tuning(epochs=30, learning_rate=1e-4, head_rate=1e-3, sentences=8);

// The first variant is the baseline.
local variants = [
  { name: 'softmax', model: models.tagger(encoder) },
  { name: 'crf', model: models.tagger(encoder, head='crf') },
];

// -- below this: no need to edit --

local sample(k, seed) = 'sample_%dshot_seed%d' % [k, seed];

local arms(k) = [
  {
    name: '%s_%dshot' % [variant.name, k],
    train(seed)::
      experiment.finetuned(variant.model, sample(k, seed), trainer)(seed) { dev_split: null },
  }
  for variant in variants
];

local with_k(k) =
  {
    [sample(k, seed)]: sampling.k_shot('convert', k, seed) { exact: exact }
    for seed in seeds
  }
  + experiment.all_measured(arms(k), seeds, 'convert')
  + { ['compare_%dshot' % k]: experiment.compared(arms(k), seeds, 'convert') { paired_seeds: true } };

local all_arms = std.flattenArrays([arms(k) for k in shots]);

experiment.experiment(
  { convert: corpus }
  + std.foldl(function(all, k) all + with_k(k), shots, {})
  + {
    compare_all: experiment.compared(all_arms, seeds, 'convert') {
      question: 'How far do K mentions of each type go?',
    },
  }
)
