// Few sentences that others have drawn: the K-shot files of CoNLL-2003 that come with EntLM (Ma et al.
// 2022; conll2003_fewshot/ in docs/data.md), exactly K mentions of each type. Their draws are the seeds,
// on which all arms are trained, for the same number of steps and without a dev set.
//
//   CORPORA=path/to/folder tango run configs/qpmrc/few_shot_files.jsonnet
//
//   tagger   a new head over the encoder's words
//   mrc      BERT-MRC: each sentence is read once for each type
//   qpmrc    QPMRC-NER: each sentence once, all types as queries beside it
//
// The paper has no figures for these files. One report per K: workspace/latest/compare_<K>shot;
// `compare` draws the curve.
//
// With `cpu`, a core that other work shared took 29, about 50 and 48 ms for a training sentence with the
// tagger, BERT-MRC and QPMRC-NER, and 4, 12 and 8 ms for a predicted one: 12 draws · (4,000 · 0.127 s + 1,727
// · 0.024 s) = 110 minutes of one core, 55 on two.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
// How types are put into words.
local queries = { names: { MISC: 'miscellaneous entity' } };

// `negatives`: the share of the types without an entity that BERT-MRC is asked for in training.
local scale = budgets.pick(budget, {
  smoke: {
    corpus: corpora.embedded('field'),
    draw(k, seed):: corpora.embedded('field'),
    shots: [5],
    test_share: 0.1,
    seeds: [1],
    steps: 2,
    sentences: 4,
    negatives: 0.5,
    dropout: {},
    precision: 'auto',
  },
  cpu: {
    corpus: corpora.conll2003,
    draw(k, seed):: corpora.conll2003_fewshot(k, seed),
    shots: [5, 10, 20, 50],
    test_share: 0.5,
    seeds: [1, 2, 3],  // there are no more, but 4 with 5 shots
    steps: 500,
    sentences: 8,
    negatives: 0.5,
    dropout: qpmrc.few_shot_dropout,
    precision: 'bf16',
  },
  full: {
    corpus: corpora.conll2003,
    draw(k, seed):: corpora.conll2003_fewshot(k, seed),
    shots: [5, 10, 20, 50],
    test_share: 1,
    seeds: [1, 2, 3],
    steps: 10000,
    sentences: 32,
    negatives: 1,
    dropout: {},
    precision: 'auto',
    restart: 2000,
  },
});

// The first is the baseline.
local variants = qpmrc.variants(encoder, queries, scale.negatives, reading, scale.dropout);

// -- below this: no need to edit --

local tested = qpmrc.tested('conll2003', scale.corpus, scale.test_share);
local drawn(k, seed) = 'convert_%dshot_seed%d' % [k, seed];
local trainer = qpmrc.trainer(scale, scale.steps);
local arms(k) = [
  qpmrc.arm('%s_%dshot' % [variant.name, k], qpmrc.without_dev(
    function(seed) experiment.finetuned(variant.model, drawn(k, seed), trainer)(seed)
  ))
  for variant in variants
];

experiment.experiment(
  tested.steps
  + qpmrc.union([
    { [drawn(k, seed)]: scale.draw(k, seed) for seed in scale.seeds }
    + qpmrc.measured(arms(k), scale, tested.name)
    + { ['compare_%dshot' % k]: qpmrc.compared(arms(k), scale, tested.name) { paired_seeds: true } }
    for k in scale.shots
  ])
  + {
    compare: qpmrc.compared(std.flattenArrays([arms(k) for k in scale.shots]), scale, tested.name) {
      question: 'How far do K mentions of each type go?',
    },
  }
)
