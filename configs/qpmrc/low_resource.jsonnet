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
// One report per set and K: workspace/latest/compare_<set>_<K>shot; compare_<set> draws the curve.
//
// With `cpu`, a core that other work shared took 17, 46, 67 and 36 ms for a training sentence of MIT Movie with
// the four arms, and 19, 56 and 92 for one of ATIS without qpmrc; in prediction 2, 22, 15, 3 and 3, 154, 14. 9
// draws · (4,000 · 0.166 s + 733 · 0.042 s) + 6 · (4,000 · 0.167 s + 179 · 0.171 s) = 174 minutes of one core, 87
// on two: therefore ATIS is without its 20 shots there.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';
local sampling = import '../lib/sampling.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
// How types are put into words; for sentences: { template: 'Find entities of type {name}.' }
local queries = {};

// Each set: its corpus, the share of its test set that is predicted on, and `negatives`, the share
// of the types without an entity that BERT-MRC is asked for in training (the authors: all). With 79
// types all layers of the queries take longer than `cpu` allows: ATIS is `without` that arm there.
local in_paper = [10, 20, 50, 100, 200, 500];
local movie = { name: 'movie', corpus: corpora.mit_movie('eng'), without: [], shots: in_paper };
local atis = { name: 'atis', corpus: corpora.atis, without: [], shots: in_paper };
local scale = budgets.pick(budget, {
  smoke: {
    sets: [
      {
        name: 'field',
        corpus: corpora.embedded('field'),
        without: [],
        shots: [1],
        test_share: 0.1,
        negatives: 0.5,
      },
    ],
    seeds: [1],
    steps: 2,
    sentences: 4,
    dropout: {},
    precision: 'auto',
  },
  cpu: {
    sets: [
      movie { shots: [10, 20, 50], test_share: 0.3, negatives: 0.25 },
      atis { shots: [10, 50], test_share: 0.2, negatives: 0.05, without: ['qpmrc'] },
    ],
    seeds: [1, 2, 3],
    steps: 500,
    sentences: 8,
    dropout: qpmrc.few_shot_dropout,
    precision: 'bf16',
  },
  full: {
    sets: [movie { test_share: 1, negatives: 1 }, atis { test_share: 1, negatives: 1 }],
    seeds: [1, 2, 3, 4, 5],
    steps: 10000,
    sentences: 32,
    dropout: {},
    precision: 'auto',
    restart: 2000,
  },
});

// F1 in the paper, with BERT-large, at the shots of `in_paper`.
local paper = {
  movie: {
    tagger: [25.2, 42.2, 49.6, 50.7, 59.3, 74.4],
    mrc: [18.7, 48.3, 55.5, 62.5, 80.2, 82.1],
    qpmrc: [61.8, 76.3, 80.2, 82.7, 84.5, 86.2],
  },
  atis: { tagger: [44.1, 76.7, 90.7], mrc: [35.3, 63.2, 90.2], qpmrc: [91.9, 94.4, 94.8] },
};

// The first is the baseline.
local variants(set) =
  qpmrc.variants(encoder, queries, set.negatives, reading, scale.dropout)
  + [{ name: 'qpmrc_depth1', model: qpmrc.asking(encoder, queries, reading, scale.dropout, depth=1) }];

// -- below this: no need to edit --

local drawn(set, k, seed) = 'sample_%s_%dshot_seed%d' % [set.name, k, seed];
local trainer = qpmrc.trainer(scale, scale.steps);
local arms(set, k) = [
  qpmrc.arm(
    '%s_%s_%dshot' % [set.name, variant.name, k],
    qpmrc.without_dev(
      function(seed) experiment.finetuned(variant.model, drawn(set, k, seed), trainer)(seed)
    ),
    '%s_%dshot' % [variant.name, k],
  )
  for variant in variants(set)
  if !std.member(set.without, variant.name)
];

local published(set, shots) =
  local rows = if std.objectHas(paper, set.name) then paper[set.name] else {};
  qpmrc.paper('Table 2, with BERT-large', {
    ['%s_%dshot' % [model, in_paper[place]]]: rows[model][place]
    for model in std.objectFields(rows)
    for place in std.range(0, std.length(rows[model]) - 1)
    if std.member(shots, in_paper[place])
  });

local on(set) =
  local tested = qpmrc.tested(set.name, set.corpus, set.test_share);
  local compared(shots) =
    qpmrc.compared(std.flattenArrays([arms(set, k) for k in shots]), scale, tested.name)
    + published(set, shots);
  tested.steps
  + qpmrc.union([
    { [drawn(set, k, seed)]: sampling.k_shot(tested.name, k, seed) for seed in scale.seeds }
    + qpmrc.measured(arms(set, k), scale, tested.name)
    + { ['compare_%s_%dshot' % [set.name, k]]: compared([k]) { paired_seeds: true } }
    for k in set.shots
  ])
  + {
    ['compare_' + set.name]: compared(set.shots) {
      question: 'How far do K mentions of each type go?',
    },
  };

experiment.experiment(qpmrc.union([on(set) for set in scale.sets]))
