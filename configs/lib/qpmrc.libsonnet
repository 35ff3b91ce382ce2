// QPMRC-NER (Zhang and Wang 2023): what its experiments have in common. Models that ask for each type by
// its name stand beside a tagger, on one encoder, with the same batches, rates and steps.
//
//   variants(encoder, queries, …)           tagger, mrc (BERT-MRC) and qpmrc; the first is the baseline
//   asking(encoder, …)                      qpmrc alone
//   readings, few_shot_dropout              how the budget cpu differs from models' defaults
//   trainer(scale, steps)                   the same for all of them
//   arm(name, train, label)                 `label` is its name in reports
//   without_dev(train)                      the last step is kept
//   tested(name, corpus, share)             a corpus, of whose test set a share is predicted on
//   measured(arms, scale, corpus)           train, predict and evaluate: arms × seeds
//   compared(arms, scale, corpus)           the report on them
//   paper(where, figures)                   to be added to that: what the paper reports
//   crossing(scale), crossings              from a source to a domain, and what each budget means to that
//
// A scale is what a budget means to a config: { seeds, sentences (of a batch), precision } and what the
// config asks for beside that. With `restart` rates fall along half a cosine again and again, as in the
// paper, in cycles of so many steps; without, they fall once, in a straight line.

local corpora = import 'corpora.libsonnet';
local experiment = import 'experiment.libsonnet';
local models = import 'models.libsonnet';
local sampling = import 'sampling.libsonnet';
local training = import 'training.libsonnet';

local name_of = experiment.step_name;
local dropped(name, dropout) =
  if std.objectHas(dropout, name) then { dropout: dropout[name] } else {};

{
  local lib = self,

  // Steps of several objects; two of one name are an error.
  union(objects):: { [name]: one[name] for one in objects for name in std.objectFields(one) },

  // In the paper the state of the prompt's first token stands for a query. At first it hardly differs between
  // types, and training takes off later than with the state of the name's first token: F1 of 17.7 and 57.1 after
  // 124 steps (MIT Movie, 10 shots, one draw; docs/results/queries.md). In the end both are as good. Short
  // trainings take the name's.
  readings:: { smoke: {}, cpu: { state: 'name' }, full: {} },

  // Between encoder and head, where there are few sentences and few steps; what is not named has its model's
  // own (0.1, 0.3 and 0.1). Chosen by F1 on 195 sentences of MIT Movie's train, one training of 500 steps each on
  // 10 shots: with 0.5 in place of that the tagger went from 59.8 to 61.9, mrc from 63.1 to 62.3, qpmrc from 59.2
  // to 61.9 and, with another draw, from 56.7 to 62.8.
  few_shot_dropout:: { tagger: 0.5, qpmrc: 0.5 },

  // queries: how types are put into words. negatives: the share of the types without an entity that
  // BERT-MRC is asked for in training; its authors ask for all. reading: one of `readings`. dropout: of models
  // by their names; {}: each has its own.
  variants(encoder, queries={}, negatives=1, reading={}, dropout={}):: [
    { name: 'tagger', model: models.tagger(encoder) + dropped('tagger', dropout) },
    { name: 'mrc', model: models.mrc_ner(encoder, queries, negatives) + dropped('mrc', dropout) },
    { name: 'qpmrc', model: lib.asking(encoder, queries, reading, dropout) },
  ],

  // QPMRC-NER itself. depth: layers in which queries see the sentence; null: all.
  asking(encoder, queries={}, reading={}, dropout={}, depth=null)::
    local own = dropped('qpmrc', dropout);
    models.query_parallel_ner(encoder, depth, queries) {
      reading+: reading,
      [if own != {} then 'prediction']: own,
    },

  // Sentences alone limit a batch: what BERT-MRC reads is billed for every type, and all models are to
  // have the same batches. Where a scale has `epochs`, steps are null, and cycles are so many epochs long.
  trainer(scale, steps)::
    local epochs = if std.objectHas(scale, 'epochs') then scale.epochs else null;
    local length = if steps == null then epochs else steps;
    training.fine_tuning(
      if epochs == null then 100000 else epochs,
      learning_rate=1e-4,
      head_rate=1e-3,
      sentences=scale.sentences,
      tokens=10000000,
    ) { max_steps: steps, precision: scale.precision }
    + (
      if std.objectHas(scale, 'restart') then {
        schedule: {
          type: 'tango_ie::cosine_with_restarts',
          warmup: 0.01,
          cycles: std.max(1, std.floor(length / scale.restart + 0.5)),
        },
      } else {}
    ),

  arm(name, train, label=name):: { name: name, train:: train, label:: label },

  without_dev(train):: function(seed) train(seed) { dev_split: null },

  tested(name, corpus, share):: {
    local whole = 'convert_' + name,
    local smaller = 'sample_%s_test' % name,
    name: if share < 1 then smaller else whole,
    steps: { [whole]: corpus } + (
      if share < 1
      then { [smaller]: sampling.fraction(whole, share, seed=0) { split: 'test' } }
      else {}
    ),
  },

  // Predicted in the precision of training.
  measured(arms, scale, corpus)::
    local steps = experiment.all_measured(arms, scale.seeds, corpus);
    local is_prediction(name) = std.startsWith(name, 'predict_');
    {
      [name]: steps[name] + (if is_prediction(name) then { precision: scale.precision } else {})
      for name in std.objectFields(steps)
    },

  compared(arms, scale, corpus)::
    experiment.compared(arms, scale.seeds, corpus, { [arm.name]: arm.label for arm in arms }),

  // figures: { <label of an arm>: F1 }; nothing is added where there are none.
  paper(where, figures)::
    if figures == {} then {} else experiment.published('Zhang and Wang (2023), ' + where, figures),

  // From CoNLL-2003 to domains of CrossNER. `share` of the source's sentences; `repeated`: how often a
  // joint training has the domain's; `source_steps` on the source, `steps` on the domain.
  crossings:: {
    smoke: {
      source: corpora.embedded('news'),
      target(domain):: corpora.embedded('field'),
      domains: ['field'],
      share: 0.02,
      test_share: 0.1,
      repeated: 2,
      seeds: [1],
      source_steps: 2,
      steps: 2,
      sentences: 4,
      negatives: 0.5,
      dropout: {},
      precision: 'auto',
    },
    cpu: {
      source: corpora.crossner('conll2003'),
      target(domain):: corpora.crossner(domain),
      domains: ['music'],
      share: 0.2,
      test_share: 0.5,
      repeated: 10,
      seeds: [1, 2, 3],
      source_steps: 350,
      steps: 400,
      sentences: 8,
      negatives: 0.25,
      dropout: lib.few_shot_dropout,
      precision: 'bf16',
    },
    full: {
      source: corpora.crossner('conll2003'),
      target(domain):: corpora.crossner(domain),
      domains: ['politics', 'science', 'music', 'ai'],
      share: 1,
      test_share: 1,
      repeated: 50,
      seeds: [1, 2, 3, 4, 5],
      source_steps: 5000,
      steps: 10000,
      sentences: 16,
      negatives: 1,
      dropout: {},
      precision: 'auto',
      restart: 2000,
    },
  },

  // The ways to a domain are arms of a variant { name, model }; `first` needs the steps of `on_source`.
  crossing(scale):: {
    local way = self,
    local source = if scale.share < 1 then 'sample_source' else 'convert_source',
    local joined(domain) = 'merge_%s_joint' % domain,
    local target(domain) = lib.tested(domain, scale.target(domain), scale.test_share),
    local source_step(variant, seed) = name_of('train', variant.name + '_source', seed),
    local arm(domain, variant, kind, train) =
      local label = '%s_%s' % [variant.name, kind];
      lib.arm('%s_%s' % [domain, label], lib.without_dev(train), label),

    corpus(domain):: target(domain).name,

    source: { convert_source: scale.source } + (
      if scale.share < 1
      then { [source]: sampling.fraction('convert_source', scale.share, seed=0) }
      else {}
    ),

    domain(domain):: target(domain).steps,

    joined(domain):: {
      [joined(domain)]: sampling.merge({ source: source, target: way.corpus(domain) }) {
        splits: {
          train: [['source', 'train']] + std.repeat([['target', 'train']], scale.repeated),
          test: [['target', 'test']],
        },
      },
    },

    on_source(variants):: {
      [source_step(variant, seed)]: lib.without_dev(
        experiment.finetuned(variant.model, source, lib.trainer(scale, scale.source_steps))
      )(seed)
      for variant in variants
      for seed in scale.seeds
    },

    only(domain, variant):: arm(domain, variant, 'target_only', experiment.finetuned(
      variant.model, way.corpus(domain), lib.trainer(scale, scale.steps)
    )),

    first(domain, variant):: arm(domain, variant, 'conll_first', experiment.transferred(
      function(seed) source_step(variant, seed), way.corpus(domain), lib.trainer(scale, scale.steps)
    )),

    joint(domain, variant):: arm(domain, variant, 'joint', experiment.finetuned(
      variant.model, joined(domain), lib.trainer(scale, scale.source_steps + scale.steps)
    )),
  },
}
