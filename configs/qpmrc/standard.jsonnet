// Models that ask for types where there are examples enough (QPMRC-NER, Zhang and Wang 2023, Table 1):
// CoNLL-2003, GENIA (nested) and MSRA (Chinese).
//
//   CORPORA=path/to/folder tango run configs/qpmrc/standard.jsonnet
//
//   tagger   a new head over the encoder's words. Tags cannot nest: of GENIA's entities the longest of
//            those that overlap are trained on, and what is left out is counted in the report
//   mrc      BERT-MRC: each sentence is read once for each type
//   qpmrc    QPMRC-NER: each sentence once, all types as queries beside it
//
// The paper has an encoder of its own for each of them, tuned by UniPELT: encoders.tuned(encoder).
//
// One report for each set: workspace/latest/compare_<set>. With `cpu` the number of steps is fixed and the
// last one is kept; otherwise the epoch that is best on dev, where there is a dev set that is not trained on.
//
// With `cpu`, a core that other work shared took 15, 39 and 28 ms for a training sentence of CoNLL-2003 with
// the tagger, BERT-MRC (asked for half of the types without an entity) and QPMRC-NER, and 25, 106 and 44 ms
// for one of GENIA; in prediction 4, 12, 8 and 5, 26, 13 ms. 3 seeds · (8,000 · (0.082 s + 0.175 s) + 3,453 ·
// 0.024 s + 1,732 · 0.044 s) = 111 minutes of one core, 56 on two.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';
local sampling = import '../lib/sampling.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
// MiniLM reads English, in lower case. MSRA is left out until there is an encoder that reads Chinese, such
// as encoders.transformer('hfl/chinese-bert-wwm'); its time is not part of the sum above.
local chinese_encoder = null;
local train_and_dev = false;  // CoNLL-2003: whether dev is trained on, too, as in the paper

// `dev`: of a dev set that is `kept` apart, or `joined` to train. `queries`: how types are put into words;
// `paper`: its F1, and what it has them with.
local conll2003 = {
  name: 'conll2003',
  corpus: corpora.conll2003,
  encoder: encoder,
  dev: if train_and_dev then 'joined' else 'kept',
  nested: false,
  queries: { names: { MISC: 'miscellaneous entity' } },
  paper: { tagger: 91.73, mrc: 92.87, qpmrc: 93.03 },
  with: 'BERT-large, trained on train and dev',
};
local genia = {
  name: 'genia',
  corpus: corpora.genia,
  encoder: encoder,
  dev: 'kept',
  nested: true,
  queries: {},
  paper: { mrc: 78.72, qpmrc: 79.86 },
  with: 'BioBERT-large',
};
local msra = {
  name: 'msra',
  corpus: corpora.msra,
  encoder: chinese_encoder,
  dev: 'none',
  nested: false,
  queries: { names: { LOC: '地点', ORG: '机构', PER: '人物' } },
  paper: { mrc: 95.75, qpmrc: 95.80 },
  with: 'Chinese-BERT-WWM',
};
local sets = [conll2003, genia] + (if chinese_encoder == null then [] else [msra]);

// `negatives`: the share of the types without an entity that BERT-MRC is asked for in training (its authors:
// all); `dev`: whether dev sets decide which epoch is kept.
local scale = budgets.pick(budget, {
  smoke: {
    share: 0.02,
    test_share: 0.1,
    dev: true,
    seeds: [1],
    epochs: 1,
    steps: null,
    sentences: 8,
    negatives: 0.5,
    precision: 'auto',
  },
  cpu: {
    share: 1,
    test_share: 1,
    dev: false,
    seeds: [1, 2, 3],
    steps: 500,
    sentences: 16,
    negatives: 0.5,
    precision: 'bf16',
  },
  full: {
    share: 1,
    test_share: 1,
    dev: true,
    seeds: [1, 2, 3, 4, 5],
    epochs: 100,
    steps: null,
    sentences: 32,
    negatives: 1,
    precision: 'auto',
    restart: 1,
  },
});

// -- below this: no need to edit --

// Tags cannot nest; the others can, if they are told to.
local nesting = { tagger: {}, mrc: { nested: true }, qpmrc: { overlaps: 'keep' } };

local on(set) =
  local source = if budget == 'smoke' then corpora.embedded('news') else set.corpus;
  local tested = qpmrc.tested(set.name, source, scale.test_share);
  local smaller = if scale.share < 1 then 'sample_' + set.name else tested.name;
  local corpus = if set.dev == 'joined' then 'merge_' + set.name else smaller;
  local train(model) =
    local trained = experiment.finetuned(model, corpus, qpmrc.trainer(scale, scale.steps));
    if scale.dev && set.dev == 'kept' then trained else qpmrc.without_dev(trained);
  local model(variant) = variant.model + (if set.nested then nesting[variant.name] else {});
  // The first is the baseline.
  local arms = [
    qpmrc.arm('%s_%s' % [set.name, variant.name], train(model(variant)), variant.name)
    for variant in qpmrc.variants(set.encoder, set.queries, scale.negatives, reading)
  ];
  tested.steps
  + {
    [if scale.share < 1 then smaller]: sampling.fraction(tested.name, scale.share, seed=0),
    [if set.dev == 'joined' then corpus]:
      sampling.select_splits(smaller, { train: ['train', 'dev'], test: 'test' }),
  }
  + qpmrc.measured(arms, scale, corpus)
  + {
    ['compare_' + set.name]:
      qpmrc.compared(arms, scale, corpus)
      + qpmrc.paper('Table 1, with ' + set.with, set.paper),
  };

experiment.experiment(qpmrc.union([on(set) for set in sets]))
