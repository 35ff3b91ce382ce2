// Training from scratch on few sentences (QPMRC-NER, Zhang and Wang 2023, Table 2): taggers against
// models that ask for each type by its name. K mentions of each type of MIT Movie and ATIS; every
// seed is another draw, on which all arms are trained, for the same number of steps and without a
// dev set.
//
//   CORPORA=path/to/folder tango run configs/qpmrc/low_resource.jsonnet
//
//   tagger        a new head over the encoder's words
//   mrc           BERT-MRC: each sentence is read once for each type
//   qpmrc         QPMRC-NER: each sentence once, all types as queries beside it
//   qpmrc_depth1  the same, but queries see the sentence only in the last layer
//
// The paper's figures (BERT, F1, MIT Movie at K = 10, 20, 50, 100, 200, 500): QPMRC-NER 61.8, 76.3,
// 80.2, 82.7, 84.5, 86.2; at K = 10 its tagger has 25.2 and BERT-MRC 18.7.
//
// One report per set and K: workspace/latest/compare_<set>_<K>shot; compare_<set> draws the curve.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
// How types are put into words; for sentences: { template: 'Find entities of type {name}.' }
local queries = {};

// Each set: its corpus, the share of its test set that is predicted on, and `negatives`, the share
// of the types without an entity that BERT-MRC is asked for in training (the authors: all). With 79
// types all layers of the queries take longer than `cpu` allows: ATIS is `without` that arm there.
local movie = { name: 'movie', corpus: corpora.mit_movie('eng'), without: [] };
local atis = { name: 'atis', corpus: corpora.atis, without: [] };
local scale = budgets.pick(budget, {
  smoke: {
    sets: [
      {
        name: 'field',
        corpus: corpora.embedded('field'),
        without: [],
        test_share: 0.1,
        negatives: 0.5,
      },
    ],
    shots: [1],
    seeds: [1],
    steps: 2,
    sentences: 4,
    precision: 'auto',
  },
  cpu: {
    sets: [
      movie { test_share: 0.1, negatives: 0.25 },
      atis { test_share: 0.2, negatives: 0.05, without: ['qpmrc'] },
    ],
    shots: [10, 20, 50],
    seeds: [1, 2, 3],
    steps: 300,
    sentences: 8,
    precision: 'bf16',
  },
  full: {
    sets: [movie { test_share: 1, negatives: 1 }, atis { test_share: 1, negatives: 1 }],
    shots: [10, 20, 50, 100, 200, 500],
    seeds: [1, 2, 3, 4, 5],
    steps: 10000,
    sentences: 32,
    precision: 'auto',
  },
});
// Sentences alone limit a batch: what BERT-MRC reads is billed for every type, and all arms are to
// have the same batches.
local trainer = training.fine_tuning(
  100000,
  learning_rate=1e-4,
  head_rate=1e-3,
  sentences=scale.sentences,
  tokens=10000000,
) { max_steps: scale.steps, precision: scale.precision };

// The first variant is the baseline.
local variants(set) = [
  { name: 'tagger', model: models.tagger(encoder) },
  { name: 'mrc', model: models.mrc_ner(encoder, queries, set.negatives) },
  { name: 'qpmrc', model: models.query_parallel_ner(encoder, queries=queries) },
  { name: 'qpmrc_depth1', model: models.query_parallel_ner(encoder, 1, queries) },
];

// -- below this: no need to edit --

local seeds = scale.seeds;
local union(objects) = std.foldl(function(all, one) all + one, objects, {});

local converted(set) = 'convert_' + set.name;
local tested(set) = if set.test_share < 1 then 'sample_%s_test' % set.name else converted(set);
local drawn(set, k, seed) = 'sample_%s_%dshot_seed%d' % [set.name, k, seed];

local arms(set, k) = [
  {
    name: '%s_%s_%dshot' % [set.name, variant.name, k],
    label:: '%s_%dshot' % [variant.name, k],
    train(seed)::
      experiment.finetuned(variant.model, drawn(set, k, seed), trainer)(seed) { dev_split: null },
  }
  for variant in variants(set)
  if !std.member(set.without, variant.name)
];
local compared(all, set) = experiment.compared(
  all, seeds, tested(set), labels={ [arm.name]: arm.label for arm in all }
);

local with_k(set, k) =
  { [drawn(set, k, seed)]: sampling.k_shot(tested(set), k, seed) for seed in seeds }
  + experiment.all_measured(arms(set, k), seeds, tested(set))
  + { ['compare_%s_%dshot' % [set.name, k]]: compared(arms(set, k), set) { paired_seeds: true } };

local on(set) =
  {
    [converted(set)]: set.corpus,
    [if set.test_share < 1 then tested(set)]:
      sampling.fraction(converted(set), set.test_share, seed=0) { split: 'test' },
  }
  + union([with_k(set, k) for k in scale.shots])
  + {
    ['compare_' + set.name]:
      compared(std.flattenArrays([arms(set, k) for k in scale.shots]), set) {
        question: 'How far do K mentions of each type go?',
      },
  };

experiment.experiment(union([on(set) for set in scale.sets]))
