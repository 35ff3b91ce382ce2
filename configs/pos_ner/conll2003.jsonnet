// Does learning parts of speech help to find names? The question of a forum thread, on CoNLL-2003
// with its columns of parts of speech and chunks, at several shares of the training data. What the
// arms are is told in lib/auxiliary.libsonnet; one report per share: workspace/latest/compare_<N>pct.
//
//   CORPORA=path/to/folder tango run configs/pos_ner/conll2003.jsonnet
//
// For a table of your own see csv.jsonnet.

local auxiliary = import '../lib/auxiliary.libsonnet';
local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local sampling = import '../lib/sampling.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local head = 'softmax';
local scale = budgets.pick(budget, {
  smoke: {
    corpus: corpora.embedded('news'),
    layers: ['pos'],
    sizes: [{ share: 0.02, epochs: 1, sentences: 8 }],
    seeds: [1],
    dev: 0.1,
    test: 0.1,
    precision: 'auto',
  },
  // With fewer epochs a second loss slows the first one down, and what has not converged looks worse for
  // that alone. All arms at 100 % would take four hours.
  cpu: {
    corpus: corpora.conll2003,
    layers: ['pos'],
    sizes: [
      { share: 0.01, epochs: 14, sentences: 8 },
      { share: 0.1, epochs: 3, sentences: 16 },
      {
        share: 1,
        epochs: 2,
        sentences: 32,
        arms: ['single', 'pos_mean'],
        seeds: [1, 2, 3],
      },
    ],
    seeds: [1, 2, 3, 4, 5],
    dev: 0.06,
    test: 0.25,
    precision: 'bf16',
  },
  full: {
    corpus: corpora.conll2003,
    layers: ['pos', 'chunk'],
    sizes: [
      { share: 0.01, epochs: 30, sentences: 8 },
      { share: 0.05, epochs: 15, sentences: 16 },
      { share: 0.1, epochs: 10, sentences: 32 },
      { share: 1, epochs: 5, sentences: 32 },
    ],
    seeds: [1, 2, 3, 4, 5],
    dev: 1,
    test: 1,
    precision: 'auto',
  },
});

// -- below this: no need to edit --

// Dev and test shrink with the budget: scoring costs time, too.
local reduced = scale.dev < 1 || scale.test < 1;

auxiliary.experiment(
  { convert: scale.corpus } + (
    if reduced then {
      sample_dev: sampling.fraction('convert', scale.dev, 0) { split: 'dev' },
      sample_test: sampling.fraction('sample_dev', scale.test, 0) { split: 'test' },
    } else {}
  ),
  if reduced then 'sample_test' else 'convert',
  auxiliary.arms(encoder, scale.layers, head),
  scale.sizes,
  scale.seeds,
  scale.precision,
)
