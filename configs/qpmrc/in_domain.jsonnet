// Types with many examples beside types with few (QPMRC-NER, Zhang and Wang 2023, Table 3; TemplateNER,
// Cui et al. 2021): 4,001 sentences of CoNLL-2003 with 3,763 ORG and 2,496 PER, but only 50 LOC and 50 MISC.
// Does a model that asks for types by their names know more of the rare ones? F1 of each type is in the
// report: workspace/latest/compare. Every seed draws a sample of its own, on which all arms are trained.
//
//   CORPORA=path/to/folder tango run configs/qpmrc/in_domain.jsonnet
//
//   paper, F1     PER     ORG     LOC*    MISC*   all     (–: not to be read in our copy)
//   BERT tagger   75.71   77.59   60.72   60.39   69.62
//   BERT-MRC      –       –       66.24   –       75.77
//   QPMRC-NER     95.65   85.52   84.10   74.17   86.68
//
// There is no dev set: the number of steps is fixed.
//
// With `cpu`, a core that other work shared took 15, about 60 and 28 ms for a training sentence with the
// tagger, BERT-MRC and QPMRC-NER, and 4, 12 and 8 ms for a predicted one: 3 seeds · (12,000 · 0.103 s + 3,453
// · 0.024 s) = 66 minutes of one core, 33 on two.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';
local sampling = import '../lib/sampling.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
// How types are put into words; the paper's name for MISC.
local queries = { names: { MISC: 'miscellaneous entity' } };

local mentions = { ORG: 3763, PER: 2496, LOC: 50, MISC: 50 };
// `total`: of sentences, those without any entity among them.
local scale = budgets.pick(budget, {
  smoke: {
    corpus: corpora.embedded('news'),
    mentions: { ORG: 9, PER: 9, LOC: 2 },
    total: null,
    test_share: 0.1,
    seeds: [1],
    steps: 2,
    sentences: 4,
    precision: 'auto',
  },
  cpu: {
    corpus: corpora.conll2003,
    mentions: mentions,
    total: 4001,
    test_share: 1,
    seeds: [1, 2, 3],
    steps: 750,
    sentences: 16,
    precision: 'bf16',
  },
  full: {
    corpus: corpora.conll2003,
    mentions: mentions,
    total: 4001,
    test_share: 1,
    seeds: [1, 2, 3, 4, 5],
    steps: 10000,
    sentences: 32,
    precision: 'auto',
    restart: 2000,
  },
});

// F1 of all types in the paper, with BERT-large.
local paper = { tagger: 69.62, mrc: 75.77, qpmrc: 86.68 };

// The first is the baseline.
local variants = qpmrc.variants(encoder, queries, reading=reading);

// -- below this: no need to edit --

local news = qpmrc.tested('news', scale.corpus, scale.test_share);
local drawn(seed) = 'sample_seed%d' % seed;
local trainer = qpmrc.trainer(scale, scale.steps);
local arms = [
  qpmrc.arm(variant.name, qpmrc.without_dev(
    function(seed) experiment.finetuned(variant.model, drawn(seed), trainer)(seed)
  ))
  for variant in variants
];

experiment.experiment(
  news.steps
  + {
    [drawn(seed)]:
      sampling.downsample(news.name, scale.mentions, seed, scale.total) { strict: true }
    for seed in scale.seeds
  }
  + qpmrc.measured(arms, scale, news.name)
  + {
    compare: qpmrc.compared(arms, scale, news.name) + qpmrc.paper('Table 3, with BERT-large', paper) {
      paired_seeds: true,
    },
  }
)
