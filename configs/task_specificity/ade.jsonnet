// Crone (2020) on ADE: adverse effects of drugs. A tenth of the corpus is held out to choose the epoch;
// the rest is cut into ten folds, each of which is tested on once. Of entities that overlap the longer is
// kept, with its relations. Two reports over all folds: workspace/latest/compare for relations by the
// strict rule, and compare_entities.
//
//   CORPORA=path/to/folder tango run configs/task_specificity/ade.jsonnet
//
//   paper, macro, mean over folds         relations: P  R      F1     entities: P  R      F1
//   base: layers 1 shared, 1 and 1 own    80.51  86.81  83.74         89.06  89.63  89.48
//
// Arms are compared on the sentences of all folds together, each tested once. The mean over folds, each
// scored by itself as in the paper, has a table of its own.

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

local published = {
  source: 'Crone (2020), Table 2, ADE: mean over 10 folds, with ELMo and GloVe',
  relations: { base: 83.74 },
  entities: { base: 89.48 },
};

// -- below this: no need to edit --

local folds = sampling.fold_names(scale.folds, prefix='fold_');
local seeds = scale.seeds;
local corpus = if scale.share < 1 then 'sample' else 'map_overlaps';

local arms = [
  {
    name: variant.name,
    train_on(fold):: experiment.finetuned(
      {
        type: 'tango_ie::task_specific_joint',
        encoder: task_specificity.words(glove),
        layers: variant.layers { size: scale.size, dropout: 0.5 },
        entities: { activation: 'relu' },
        relations: { threshold: scale.threshold },
      },
      fold,
      task_specificity.trainer(scale),
    ),
  }
  for variant in variants
];
local all_arms = std.flattenArrays([experiment.in_fold(arms, fold) for fold in folds]);
local compared(figures) =
  experiment.compared(arms, seeds)
  + experiment.published(published.source, figures, 'macro F1 over folds');

experiment.experiment(
  {
    convert: scale.corpus,
    map_overlaps: sampling.remove_overlaps('convert'),
    [if scale.share < 1 then 'sample']: sampling.fraction('map_overlaps', scale.share, seed=0),
  }
  + sampling.folds(corpus, scale.folds, prefix='fold_')
  + task_specificity.prepared(encoder, glove, corpus, alphabet_of='fold_0')
  + experiment.cross_validated(arms, folds, seeds)
  + task_specificity.from_kept(all_arms, seeds)
  + {
    compare: compared(published.relations) { rule: 'relations strict' },
    compare_entities: compared(published.entities),
  }
)
