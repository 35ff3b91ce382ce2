// Crone (2020) on ADE: adverse effects of drugs. A tenth of the corpus is held out to choose the epoch;
// the rest is cut into ten folds, each of which is tested on once. Of entities that overlap the longer is
// kept, with its relations. Two reports for each fold: workspace/latest/compare_fold_0 … for relations by
// the strict rule, and compare_entities_fold_0 …
//
//   CORPORA=path/to/folder tango run configs/task_specificity/ade.jsonnet
//
//   paper, macro, mean over folds         relations: P  R      F1     entities: P  R      F1
//   base: layers 1 shared, 1 and 1 own    80.51  86.81  83.74         89.06  89.63  89.48
//
// The mean over folds is to be taken of the folds' reports (macro F1 stands in each). Arms are compared
// within a fold only: no report has all folds, because each is a test set of its own.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local task_specificity = import '../lib/task_specificity.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local glove = null;  // a file of word vectors to stand beside the encoder; the paper has GloVe's, 300

// The column for ADE of the paper's Table 1.
local ade = {
  corpus: corpora.ade_characters,
  folds: 10,
  sentences: 16,
  optimizer: 'tango_ie::adamw',
};
local scale = budgets.pick(budget, {
  smoke: ade {
    corpus: corpora.embedded('news'),
    folds: 2,
    share: 0.02,
    seeds: [1],
    size: 8,
    epochs: 1,
    patience: null,
    schedule: 'linear',
    precision: 'auto',
    learning_rate: 1e-3,
    threshold: 0.5,
  },
  // Each fold is a model of its own: together they say what several seeds would.
  cpu: ade {
    share: 1,
    seeds: [1],
    size: 128,
    epochs: 4,
    patience: null,
    schedule: 'linear',
    precision: 'bf16',
    learning_rate: 2e-3,
    threshold: 0.5,
  },
  full: ade {
    share: 1,
    seeds: [1, 2, 3],
    size: 128,
    epochs: 150,
    patience: 30,
    schedule: 'constant',
    precision: 'auto',
    learning_rate: 5e-4,
    threshold: 0.9,
  },
});

// The first is the baseline. All have the same number of parameters.
local variants = [
  { name: 'base', layers: { shared: 1, entities: 1, relations: 1 } },
  { name: 'none', layers: { shared: 3, entities: 0, relations: 0 } },
];

// -- below this: no need to edit --

local folds = std.range(0, scale.folds - 1);
local seeds = scale.seeds;
local corpus = if scale.share < 1 then 'sample' else 'map_overlaps';

local arms_of(fold) = [
  {
    name: '%s_fold_%d' % [variant.name, fold],
    label:: variant.name,
    train:: experiment.finetuned(
      {
        type: 'tango_ie::task_specific_joint',
        encoder: task_specificity.words(glove),
        layers: variant.layers { size: scale.size, dropout: 0.5 },
        entities: { activation: 'relu' },
        relations: { threshold: scale.threshold },
      },
      'fold_%d' % fold,
      task_specificity.trainer(scale),
    ),
  }
  for variant in variants
];
local of(fold) =
  local arms = arms_of(fold);
  local labels = { [arm.name]: arm.label for arm in arms };
  local name = 'fold_%d' % fold;
  experiment.all_measured(arms, seeds, name)
  + task_specificity.from_kept(arms, seeds)
  + {
    ['compare_' + name]:
      experiment.compared(arms, seeds, name, labels) { rule: 'relations strict' },
    ['compare_entities_' + name]: experiment.compared(arms, seeds, null, labels),
  };

experiment.experiment(std.foldl(
  function(all, fold) all + of(fold),
  folds,
  {
    convert: scale.corpus,
    map_overlaps: sampling.remove_overlaps('convert'),
    [if scale.share < 1 then 'sample']: sampling.fraction('map_overlaps', scale.share, seed=0),
  }
  + sampling.folds(corpus, scale.folds, prefix='fold_')
  + task_specificity.prepared(encoder, glove, corpus, alphabet_of='fold_0'),
))
