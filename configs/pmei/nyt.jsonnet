// PMEI (Sun et al. 2021) against the plain joint model on NYT, NYT10 and NYT11 (Tables 3 and 4), with a
// weak encoder and with one that is trained. Reports: workspace/latest/compare_weak and compare_tuned by
// exact match, and <name>_partial where whole entities are marked.
//
//   CORPORA=path/to/folder tango run configs/pmei/nyt.jsonnet
//
//   set        match, as in the paper   F1: mtl    pmei   with BERT: mtl    pmei
//   nyt        exact                        76.9   84.2              87.8   88.7
//   nyt_star   partial (last words)         83.5   87.8              89.7   90.1
//   nyt10      partial (first words)        70.2   72.6              73.7   74.5
//   nyt10      exact                        64.8   70.2              72.5   73.3
//   nyt11      partial (first words)        54.3   57.2              56.9   57.7
//   nyt11      exact                        53.0   56.5              56.2   56.8
//
// Most have only dev and test of these sets at hand: without `train_file` dev is cut into train and dev
// (of NYT10 and NYT11 that leaves some 300 sentences to train on).

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local pmei = import '../lib/pmei.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local set = 'nyt';  // nyt, nyt_star, nyt10 or nyt11
local train_file = null;  // the set's train_triples.json
local oracle = false;  // whether to show what choosing the epoch on test would flatter
local encoder = encoders.minilm;
local glove = null;  // a file of word vectors for the weak encoder; the paper has GloVe's, 100
local words = ['weak', 'tuned'];

// -- below this: no need to edit --

local on(kind) = [
  { name: '%s_%s' % [row, kind], progress: pmei.rows[row], words: kind }
  for row in ['mtl', 'pmei']
];
local called(kind) = { ['%s_%s' % [row, kind]]: row for row in ['mtl', 'pmei'] };

experiment.experiment(pmei.experiment({
  set: pmei.set(set, budget, train_file),
  arms: std.flattenArrays([on(kind) for kind in words]),
  scale: budgets.pick(budget, pmei.scales { cpu+: { share: 0.5, test_share: 0.4 } }),
  encoder: encoder,
  glove: glove,
  oracle: oracle,
  reports: {
    ['compare_' + kind]: { arms: on(kind), labels: called(kind) }
    for kind in words
  },
}))
