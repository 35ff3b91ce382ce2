// From CoNLL-2003 to a domain of CrossNER with few sentences and types of its own (QPMRC-NER, Zhang
// and Wang 2023, Table 4): taggers against models that ask for each type by its name, each with and
// without the source.
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
// Reports: workspace/latest/compare_<domain>, all arms against the tagger without source;
// compare_<domain>_<model>, a model with the source against itself without.
//
// With `cpu`, a core that other work shared took 36, 169 and 114 ms for a training sentence of music (13 types)
// with the tagger, BERT-MRC and QPMRC-NER, together 0.32 s, and about 0.12 s for one of the source: 3 seeds ·
// (2,800 · 0.12 s + 2 · 3,200 · 0.32 s + 6,000 · 0.17 s, where three in four sentences are the source's) and 4
// minutes for predictions, 174 minutes of one core, 87 on two.

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
// Which models, the first of them the baseline, and which of the three ways.
local compared = ['tagger', 'mrc', 'qpmrc'];
local ways = ['target_only', 'conll_first', 'joint'];
// How types are put into words; for sentences: { template: 'Find entities of type {name}.' }
local queries = {};

// With `cpu` one domain, music; each takes as long again: { cpu+: { domains: ['music', 'ai'] } }.
local scale = budgets.pick(budget, qpmrc.crossings);

// F1 in the paper, with BERT-base.
local paper = {
  politics: { tagger_conll_first: 66.56, mrc_conll_first: 70.23, qpmrc_conll_first: 77.06 },
  science: { tagger_conll_first: 63.73, mrc_conll_first: 67.25, qpmrc_conll_first: 76.90 },
  music: {
    tagger_conll_first: 66.59,
    mrc_conll_first: 70.64,
    qpmrc_conll_first: 78.34,
    qpmrc_target_only: 75.55,
  },
  ai: { tagger_conll_first: 50.37, mrc_conll_first: 62.77, qpmrc_conll_first: 66.33 },
};

// -- below this: no need to edit --

local variants = [
  variant
  for name in compared
  for variant in qpmrc.variants(encoder, queries, scale.negatives, reading, scale.dropout)
  if variant.name == name
];
local crossing = qpmrc.crossing(scale);

local arms_of(domain, variant) =
  local all = {
    target_only: crossing.only(domain, variant),
    conll_first: crossing.first(domain, variant),
    joint: crossing.joint(domain, variant),
  };
  [all[way] for way in ways];

local on(domain) =
  local arms = std.flattenArrays([arms_of(domain, variant) for variant in variants]);
  local figures = if std.objectHas(paper, domain) then paper[domain] else {};
  local report(arms) =
    qpmrc.compared(arms, scale, crossing.corpus(domain))
    + qpmrc.paper('Tables 4 and 5, with BERT-base', figures);
  crossing.domain(domain)
  + (if std.member(ways, 'joint') then crossing.joined(domain) else {})
  + qpmrc.measured(arms, scale, crossing.corpus(domain))
  + { ['compare_' + domain]: report(arms) }
  + {
    ['compare_%s_%s' % [domain, variant.name]]: report(arms_of(domain, variant)) {
      question: 'Does CoNLL-2003 help on %s?' % domain,
    }
    for variant in variants
  };

experiment.experiment(
  crossing.source
  + (if std.member(ways, 'conll_first') then crossing.on_source(variants) else {})
  + qpmrc.union([on(domain) for domain in scale.domains])
)
