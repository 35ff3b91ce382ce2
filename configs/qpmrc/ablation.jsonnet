// What does each part of QPMRC-NER (Zhang and Wang 2023) bring? Table 5 of the paper: from CoNLL-2003 to
// the domain of music, and on music alone.
//
//   CORPORA=path/to/folder tango run configs/qpmrc/ablation.jsonnet
//
//   full
//   without_prompt     queries are names alone
//   context_reads      the sentence reads all queries, too
//   vanilla            all read all; a name's first token stands for its query
//   words              words are classified, not spans
//   without_auxiliary  no loss of single words
//   prompt_state       with `cpu`: the prompt's first token stands for a query, as in the paper, where the
//                      others take the name's first token (`readings` in lib/qpmrc.libsonnet says why)
//
// Reports: workspace/latest/compare, all of them with the source, and `without_source`, the full model on
// music alone; with the budget `full` compare_alone, too, all on music alone. There is no dev set: the number
// of steps is fixed.
//
// With `cpu`, a core that other work shared took 95 ms for a training sentence of music (13 types), 160 and
// 128 where the sentence reads queries, and about 39 for one of the source: 3,200 · 0.86 s + 7 · 2,800 ·
// 0.039 s = 59 minutes for each of 3 seeds, and 3 for all predictions: 179 minutes of one core, 90 on two. The
// arms full and without_source are trainings of transfer.jsonnet, and taken from there if it was run before.

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local qpmrc = import '../lib/qpmrc.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local reading = budgets.pick(budget, qpmrc.readings);
local domain = if budget == 'smoke' then 'field' else 'music';
// How types are put into words; for sentences: { template: 'Find entities of type {name}.' }
local queries = {};

// What is changed of the model; the first is the baseline.
local rows = [
  { name: 'full', changes: {} },
  { name: 'without_prompt', changes: { reading+: { prompt: 0 } } },
  { name: 'context_reads', changes: { reading+: { attention: 'context_reads' } } },
  { name: 'vanilla', changes: { reading+: { attention: 'vanilla' } } },
  { name: 'words', changes: { prediction+: { kind: 'words' } } },
  { name: 'without_auxiliary', changes: { auxiliary_weight: 0 } },
] + (
  if reading == {} then []
  else [{ name: 'prompt_state', changes: { reading+: { state: 'first' } } }]
);

// F1 in the paper, on music, with BERT-base.
local paper = {
  first: {
    full: 78.34,
    without_prompt: 76.43,
    context_reads: 78.24,
    vanilla: 69.69,
    words: 76.90,
    without_auxiliary: 78.07,
    without_source: 75.55,
  },
  alone: {
    full: 75.55,
    without_prompt: 73.51,
    context_reads: 69.08,
    vanilla: 70.09,
    words: 73.18,
    without_auxiliary: 75.00,
  },
};

// `alone`: how many of them are trained on the domain alone, too.
local scale = budgets.pick(budget, qpmrc.crossings {
  smoke+: { alone: 1 },
  cpu+: { alone: 1 },
  full+: { alone: std.length(rows) },
});

// -- below this: no need to edit --

local variants = [
  { name: row.name, model: qpmrc.asking(encoder, queries, reading, scale.dropout) + row.changes }
  for row in rows
];
local crossing = qpmrc.crossing(scale);
local corpus = crossing.corpus(domain);

local first = [crossing.first(domain, variant) { label:: variant.name } for variant in variants];
local alone = [
  crossing.only(domain, variant) { label:: variant.name }
  for variant in variants[0:scale.alone]
];
local compared(arms, figures) =
  qpmrc.compared(arms, scale, corpus) + qpmrc.paper('Table 5, with BERT-base', figures);
local without_source = alone[0] { label:: 'without_source' };

experiment.experiment(
  crossing.source
  + crossing.domain(domain)
  + crossing.on_source(variants)
  + qpmrc.measured(first + alone, scale, corpus)
  + { compare: compared(first + [without_source], paper.first) }
  + (if scale.alone > 1 then { compare_alone: compared(alone, paper.alone) } else {})
)
