// Crone (2020): how many recurrent layers should both tasks share, and how many should each have of its
// own? The grid over all three numbers, on CoNLL04. For each number of shared layers two reports with a
// heat map over the others: workspace/latest/compare_shared1 … for relations by the strict rule, and
// compare_entities_shared1 …; compare_all has all arms beside the paper's choice for CoNLL04 (1, 1, 2).
//
//   CORPORA=path/to/folder tango run configs/task_specificity/grid.jsonnet
//
// Here arms with more layers have more parameters; conll04.jsonnet compares arms that have equally many.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local task_specificity = import '../lib/task_specificity.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local glove = null;  // a file of word vectors to stand beside the encoder; the paper has GloVe's, 300

local scale = budgets.pick(budget, {
  smoke: {
    corpus: corpora.embedded('news'),
    share: 0.02,
    seeds: [1],
    size: 4,
    epochs: 1,
    patience: null,
    schedule: 'linear',
    precision: 'auto',
    sentences: 8,
    learning_rate: 1e-3,
    optimizer: 'tango_ie::adamw',
    threshold: 0.5,
    shared: [1],
    own: [0, 1],
  },
  // Half of the grid's depths, half of the paper's width, and few epochs at a rate that falls.
  cpu: {
    corpus: corpora.conll04_multihead,
    share: 1,
    seeds: [1, 2, 3],
    size: 128,
    epochs: 10,
    patience: null,
    schedule: 'linear',
    precision: 'bf16',
    sentences: 16,
    learning_rate: 2e-3,
    optimizer: 'tango_ie::adamw',
    threshold: 0.5,
    shared: [1, 2],
    own: [0, 1, 2],
  },
  full: {
    corpus: corpora.conll04_multihead,
    share: 1,
    seeds: [1, 2, 3],
    size: 256,
    epochs: 150,
    patience: 30,
    schedule: 'constant',
    precision: 'auto',
    sentences: 2,
    learning_rate: 5e-4,
    optimizer: 'tango_ie::nadam',
    threshold: 0.9,
    shared: [1, 2, 3],
    own: [0, 1, 2, 3],
  },
});

// -- below this: no need to edit --

local corpus = if scale.share < 1 then 'sample' else 'convert';
local name(shared, entities, relations) = 's%d_e%d_r%d' % [shared, entities, relations];
local arm(shared, entities, relations) = {
  name: name(shared, entities, relations),
  train:: experiment.finetuned(
    {
      type: 'tango_ie::task_specific_joint',
      encoder: task_specificity.words(glove),
      layers: { shared: shared, entities: entities, relations: relations, size: scale.size },
      relations: { threshold: scale.threshold },
    },
    corpus,
    task_specificity.trainer(scale),
  ),
};
// The first is the baseline of its map: no layers of their own.
local arms_of(shared) = [
  arm(shared, entities, relations)
  for entities in scale.own
  for relations in scale.own
];
local all_arms = std.flattenArrays([arms_of(shared) for shared in scale.shared]);
local chosen = name(1, 1, if std.member(scale.own, 2) then 2 else 1);
local chosen_first =
  [one for one in all_arms if one.name == chosen] + [one for one in all_arms if one.name != chosen];

experiment.experiment(
  {
    convert: scale.corpus,
    [if scale.share < 1 then 'sample']: sampling.fraction('convert', scale.share, seed=0),
  }
  + task_specificity.prepared(encoder, glove, corpus)
  + experiment.all_measured(all_arms, scale.seeds, corpus)
  + task_specificity.from_kept(all_arms, scale.seeds)
  + {
    ['compare_shared%d' % shared]:
      experiment.compared(arms_of(shared), scale.seeds, corpus) { rule: 'relations strict' }
    for shared in scale.shared
  }
  + {
    ['compare_entities_shared%d' % shared]: experiment.compared(arms_of(shared), scale.seeds)
    for shared in scale.shared
  }
  + { compare_all: experiment.compared(chosen_first, scale.seeds) { rule: 'relations strict' } }
)
