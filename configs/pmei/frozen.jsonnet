// PMEI (Sun et al. 2021): are early predictions worth more on an encoder that is not trained? Table 5 of
// the paper, on NYT: both models on the encoder's own vectors, trained with them or not. Reports by whole
// strings and by first words of head and tail: workspace/latest/compare_frozen, compare_tuned, and
// <name>_partial.
//
//   CORPORA=path/to/folder tango run configs/pmei/frozen.jsonnet
//
//   paper, partial match, with BERT   NYT    NYT10
//   mtl, frozen                       70.4   52.3
//   pmei, frozen                      74.1   56.2
//   mtl, tuned                        89.7   73.7
//   pmei, tuned                       90.1   74.5
//
// Most have only dev and test of NYT at hand: without `train_file` dev is cut into train and dev.

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local pmei = import '../lib/pmei.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;  // the paper has BERT
local train_file = null;  // NYT's train_triples.json

local table = 'Sun et al. (2021), Table 5: NYT, partial match, with BERT, epoch that is best on test';
local published = {
  compare_frozen_partial+: experiment.published(table, { mtl: 70.4, pmei: 74.1 }),
  compare_tuned_partial+: experiment.published(table, { mtl: 89.7, pmei: 90.1 }),
};

// -- below this: no need to edit --

local on(words) = [
  { name: row + '_' + words, progress: pmei.rows[row], words: words }
  for row in ['mtl', 'pmei']
];
local called(words) = { ['%s_%s' % [row, words]]: row for row in ['mtl', 'pmei'] };

experiment.experiment(pmei.experiment({
  set: pmei.set('nyt', budget, train_file),
  arms: on('frozen') + on('tuned'),
  scale: budgets.pick(budget, pmei.scales { cpu+: { share: 0.5, test_share: 0.4 } }),
  encoder: encoder,
  glove: null,
  reports: {
    ['compare_' + words]: { arms: on(words), labels: called(words) }
    for words in ['frozen', 'tuned']
  },
}) + published)
