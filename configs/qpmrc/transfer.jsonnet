// From CoNLL-2003 to a domain of CrossNER with few sentences and types of its own (QPMRC-NER, Zhang
// and Wang 2023, Tables 4 and 5): taggers against models that ask for each type by its name, each
// with and without the source.
//
//   CORPORA=path/to/folder tango run configs/qpmrc/transfer.jsonnet
//
//   <model>_target_only   trained on the domain's 100 to 200 sentences
//   <model>_conll_first   trained on CoNLL-2003, then on the domain
//   <model>_joint         trained on both at once, the domain's sentences several times
//
// with the models tagger, mrc (BERT-MRC) and qpmrc (QPMRC-NER). A tagger keeps the weights of types
// that both have; the others have no weights of types, and are asked for others. There is no dev set:
// the number of steps is fixed.
//
// The paper's figures (BERT, F1, with the source): politics, science, music and ai 77.06, 76.90, 78.34
// and 66.33; its BERT-MRC 70.23, 67.25, 70.64 and 62.77; music without the source 75.55.
//
// Reports: workspace/latest/compare_<domain>, all arms against the tagger without source;
// compare_<domain>_<model>, a model with the source against itself without.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
// How types are put into words; for sentences: { template: 'Find entities of type {name}.' }
local queries = {};

// `share` of the source's sentences, `repeated`: how often a joint training has the domain's.
local scale = budgets.pick(budget, {
  smoke: {
    source: corpora.embedded('news'),
    domains: ['field'],
    target(domain):: corpora.embedded(domain),
    share: 0.02,
    test_share: 0.1,
    repeated: 2,
    seeds: [1],
    source_steps: 2,
    steps: 2,
    sentences: 4,
    negatives: 0.5,
    precision: 'auto',
  },
  cpu: {
    source: corpora.crossner('conll2003'),
    domains: ['music'],  // each takes as long again
    target(domain):: corpora.crossner(domain),
    share: 0.1,
    test_share: 0.5,
    repeated: 10,
    seeds: [1, 2, 3],
    source_steps: 150,
    steps: 200,
    sentences: 8,
    negatives: 0.25,
    precision: 'bf16',
  },
  full: {
    source: corpora.crossner('conll2003'),
    domains: ['politics', 'science', 'music', 'ai'],
    target(domain):: corpora.crossner(domain),
    share: 1,
    test_share: 1,
    repeated: 50,
    seeds: [1, 2, 3, 4, 5],
    source_steps: 5000,
    steps: 10000,
    sentences: 16,
    negatives: 1,
    precision: 'auto',
  },
});
// Sentences alone limit a batch: what BERT-MRC reads is billed for every type, and all models are to
// have the same batches.
local trainer(steps) = training.fine_tuning(
  100000,
  learning_rate=1e-4,
  head_rate=1e-3,
  sentences=scale.sentences,
  tokens=10000000,
) { max_steps: steps, precision: scale.precision };

// The first variant is the baseline.
local variants = [
  { name: 'tagger', model: models.tagger(encoder) },
  { name: 'mrc', model: models.mrc_ner(encoder, queries, scale.negatives) },
  { name: 'qpmrc', model: models.query_parallel_ner(encoder, queries=queries) },
];

// -- below this: no need to edit --

local seeds = scale.seeds;
local union(objects) = std.foldl(function(all, one) all + one, objects, {});

local source = if scale.share < 1 then 'sample_source' else 'convert_source';
local converted(domain) = 'convert_' + domain;
local tested(domain) = if scale.test_share < 1 then 'sample_' + domain else converted(domain);
local both(domain) = 'merge_%s_joint' % domain;
local on_source(variant, seed) = experiment.step_name('train', variant.name + '_source', seed);
local without_dev(train) = function(seed) train(seed) { dev_split: null };

local arms_of(domain, variant) = [
  {
    name: '%s_%s_target_only' % [domain, variant.name],
    train:: without_dev(
      experiment.finetuned(variant.model, tested(domain), trainer(scale.steps))
    ),
  },
  {
    name: '%s_%s_conll_first' % [domain, variant.name],
    train:: without_dev(experiment.transferred(
      function(seed) on_source(variant, seed),
      tested(domain),
      trainer(scale.steps),
    )),
  },
  {
    name: '%s_%s_joint' % [domain, variant.name],
    train:: without_dev(experiment.finetuned(
      variant.model,
      both(domain),
      trainer(scale.source_steps + scale.steps),
    )),
  },
];

local compared(arms, domain) = experiment.compared(
  arms,
  seeds,
  tested(domain),
  labels={ [arm.name]: std.substr(arm.name, std.length(domain) + 1, 1000) for arm in arms },
);

local on_domain(domain) =
  local arms = std.flattenArrays([arms_of(domain, variant) for variant in variants]);
  {
    [converted(domain)]: scale.target(domain),
    [if scale.test_share < 1 then tested(domain)]:
      sampling.fraction(converted(domain), scale.test_share, seed=0) { split: 'test' },
    [both(domain)]: sampling.merge({ source: source, target: tested(domain) }) {
      splits: {
        train: [['source', 'train']] + std.repeat([['target', 'train']], scale.repeated),
        test: [['target', 'test']],
      },
    },
  }
  + experiment.all_measured(arms, seeds, tested(domain))
  + { ['compare_' + domain]: compared(arms, domain) }
  + {
    ['compare_%s_%s' % [domain, variant.name]]: compared(arms_of(domain, variant), domain) {
      question: 'Does CoNLL-2003 help on %s?' % domain,
    }
    for variant in variants
  };

experiment.experiment(
  {
    convert_source: scale.source,
    [if scale.share < 1 then source]: sampling.fraction('convert_source', scale.share, seed=0),
  }
  + {
    [on_source(variant, seed)]: without_dev(
      experiment.finetuned(variant.model, source, trainer(scale.source_steps))
    )(seed)
    for variant in variants
    for seed in seeds
  }
  + union([on_domain(domain) for domain in scale.domains])
)
