// In how many layers must a query see the sentence? In QPMRC-NER (Zhang and Wang 2023) it does in all;
// what lies below the top k depends on nothing but the type, is computed once for all sentences, and
// makes prediction many times faster (docs/results/queries.md). What does that cost in F1, on MIT Movie?
//
//   CORPORA=path/to/folder tango run configs/qpmrc/depth.jsonnet
//
// One report, with a curve: workspace/latest/compare. There is no dev set: the number of steps is fixed.
//
// With `cpu`, a core that other work shared took 78, 40, 33, 24 and 29 ms for a training sentence with depths
// of 6, 4, 3, 2 and 1, and 15, 11, 9, 7 and 5 ms for a predicted one: 3 seeds · (12,000 · 0.204 s + 977 ·
// 0.047 s) = 125 minutes of one core, 63 on two.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
// The first is the baseline: all layers of the encoder, as in the paper.
local depths = [6, 1, 2, 3, 4];
// How types are put into words; for sentences: { template: 'Find entities of type {name}.' }
local queries = {};

local movie = corpora.mit_movie('eng');
local scale = budgets.pick(budget, {
  smoke: {
    corpus: corpora.embedded('field'),
    test_share: 0.1,
    seeds: [1],
    steps: 2,
    sentences: 4,
    precision: 'auto',
  },
  cpu: {
    corpus: movie,
    test_share: 0.4,
    seeds: [1, 2, 3],
    steps: 750,
    sentences: 16,
    precision: 'bf16',
  },
  full: {
    corpus: movie,
    test_share: 1,
    seeds: [1, 2, 3, 4, 5],
    steps: 10000,
    sentences: 32,
    precision: 'auto',
    restart: 2000,
  },
});

// -- below this: no need to edit --

local movies = qpmrc.tested('movie', scale.corpus, scale.test_share);
local arms = [
  qpmrc.arm('depth%d' % depth, qpmrc.without_dev(experiment.finetuned(
    qpmrc.asking(encoder, queries, reading, depth=depth),
    movies.name,
    qpmrc.trainer(scale, scale.steps),
  )))
  for depth in depths
];

experiment.experiment(
  movies.steps
  + qpmrc.measured(arms, scale, movies.name)
  + {
    compare: qpmrc.compared(arms, scale, movies.name) {
      question: 'In how many layers must a query see the sentence?',
    },
  }
)
