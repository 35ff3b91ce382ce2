// Does learning parts of speech help to find names, in a table of your own? One line says which table:
// `table` below. As it stands it is the Groningen Meaning Bank's ner_dataset.csv, the table of the
// forum thread (Sentence #, Word, POS, Tag). What the arms are is told in lib/auxiliary.libsonnet; one
// report per share of the training data: workspace/latest/compare_<N>pct.
//
//   CORPORA=path/to/folder tango run configs/pos_ner/csv.jsonnet
//
// A table with other names in its header, and one sentence id on each row or on its first row only:
//
//   local table = corpora.converted(
//     { type: 'tango_ie::csv', columns: { Id: 'sentence', Token: 'word', UPOS: 'pos', NE: 'entities' } },
//     { all: 'path/to/table.csv' },
//   );

local auxiliary = import '../lib/auxiliary.libsonnet';
local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local sampling = import '../lib/sampling.libsonnet';

local table = corpora.gmb;
local layers = ['pos'];  // columns of word tags; the first is the question
local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local head = 'softmax';
local scale = budgets.pick(budget, {
  smoke: {
    table: corpora.embedded('news'),
    used: 0.25,
    dev: 0.05,
    sizes: [{ share: 0.1, epochs: 1, sentences: 8 }],
    seeds: [1],
    precision: 'auto',
  },
  // Meant for some 8,000 sentences, of which 100 % are left out: that alone would take hours. Of a
  // larger table use a part. With fewer epochs a second loss only slows the first one down.
  cpu: {
    table: table,
    used: 1,
    dev: 0.025,
    sizes: [
      { share: 0.01, epochs: 20, sentences: 8 },
      { share: 0.1, epochs: 3, sentences: 16 },
    ],
    seeds: [1, 2, 3, 4, 5],
    precision: 'bf16',
  },
  full: {
    table: table,
    used: 1,
    dev: 0.05,
    sizes: [
      { share: 0.01, epochs: 30, sentences: 8 },
      { share: 0.05, epochs: 15, sentences: 16 },
      { share: 0.1, epochs: 10, sentences: 32 },
      { share: 1, epochs: 5, sentences: 32 },
    ],
    seeds: [1, 2, 3, 4, 5],
    precision: 'auto',
  },
});

// -- below this: no need to edit --

// One split is cut, whatever the table's are: first dev, then a tenth of the rest for test. Tables of
// this kind repeat sentences; those of test and dev are taken out of train.
local one = if std.length(std.objectFields(scale.table.splits)) == 1 then
  std.objectFields(scale.table.splits)[0]
else 'train';

auxiliary.experiment(
  {
    convert: scale.table,
    sample: sampling.fraction('convert', scale.used, 0) { split: one },
    fold: sampling.fold('sample', fold=0, folds=10, dev_share=scale.dev) { splits: [one] },
    fold_distinct: sampling.remove_leakage('fold', ['dev', 'test']),
  },
  'fold_distinct',
  auxiliary.arms(encoder, layers, head),
  scale.sizes,
  scale.seeds,
  scale.precision,
)
