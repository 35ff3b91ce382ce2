// Entities and relations side by side: a pipeline of two models, and four families of joint models, on one
// encoder that is trained, with one trainer. Reports, one for each corpus: workspace/latest/compare_conll04
// and compare_webnlg for relations, compare_conll04_entities and compare_webnlg_entities.
//
//   CORPORA=path/to/folder tango run configs/joint/compare.jsonnet
//
//   pipeline       a tagger with a CRF, and a classifier of the relations between what it has found
//   task_specific  recurrent layers that tasks share or have to themselves (Crone 2020)
//   progressive    early predictions of both tasks, PMEI (Sun et al. 2021)
//   span           all spans, and pairs of them, as SpERT (Eberts and Ulges 2020)
//   cascade        subjects, then objects for each, as CasRel (Wei et al. 2020)
//
// The pipeline trains its encoder twice: what it took and how large it is are those of both models.
// CoNLL04 is scored by spans and types. WebNLG marks last words, has no types, and its reader finds out
// where in a sentence they stand: its relations are scored by strings, as in the papers. One in twenty of
// them is of a word with itself, for which the span model has no place (the report says so).

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local joint = import '../lib/joint.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local compared = ['conll04', 'webnlg'];  // one of them, or both

// shares: of the training data. With `cpu`, the six trainings of one seed on CoNLL04 took 35 minutes of one
// core that other work shared; WebNLG's are as long by their sentences. All of it is then 105 minutes of
// two such cores, and less of quiet ones.
local scale = budgets.pick(budget, {
  smoke: {
    seeds: [1],
    epochs: 1,
    sentences: 8,
    learning_rate: 1e-3,
    precision: 'auto',
    shares: { conll04: 0.02 },
    sizes: { recurrent: 8, grid: 8, classifier: 8 },
  },
  cpu: {
    seeds: [1, 2, 3],
    epochs: 10,
    sentences: 8,
    learning_rate: 2e-4,
    precision: 'bf16',
    shares: { conll04: 1, webnlg: 0.2 },
    sizes: { recurrent: 128, grid: 100, classifier: 256 },
  },
  full: {
    seeds: [1, 2, 3, 4, 5],
    epochs: 30,
    sentences: 16,
    learning_rate: 5e-5,
    precision: 'auto',
    shares: { conll04: 1, webnlg: 1 },
    sizes: { recurrent: 256, grid: 100, classifier: 256 },
  },
});

// -- below this: no need to edit --

local sets = {
  conll04: {
    corpus: if budget == 'smoke' then corpora.embedded('news') else corpora.conll04_multihead,
    ends: 'strict',
    self_pairs: false,
  },
  webnlg: { corpus: corpora.webnlg_star, ends: 'exact strings', self_pairs: true },
};

local trainer = training.fine_tuning(
  scale.epochs,
  scale.learning_rate,
  head_rate=if budget == 'smoke' then null else 1e-3,
  sentences=scale.sentences,
) { gradient_clip: 5, precision: scale.precision };

local of(name) =
  local set = sets[name];
  local whole = 'convert_' + name;
  local share = scale.shares[name];
  local corpus = if share < 1 then 'sample_' + name else whole;
  local pairs = { self_pairs: set.self_pairs };
  local models = joint.models;
  local called(arm) = '%s_%s' % [arm, name];
  local joint_arm(arm, model) = joint.arm(called(arm), model, corpus, trainer);
  // The first is the baseline.
  local arms = [
    joint.pipeline(
      called('pipeline'),
      {
        entities: models.tagger(encoder),
        relations: models.classifier(encoder) + pairs { size: scale.sizes.classifier },
      },
      corpus,
      trainer,
    ),
    // Models that are trained so shortly are rarely as sure as the paper's threshold asks for.
    joint_arm('task_specific', models.task_specific(encoder) {
      layers: { size: scale.sizes.recurrent },
      relations: pairs { threshold: 0.5 },
    }),
    // With variances as small as in the authors' code the divergence explodes now and then.
    joint_arm('progressive', models.progressive(encoder) {
      progress: { least_variance: 1e-2 },
      pairs: pairs { size: scale.sizes.grid },
    }),
    joint_arm('span', models.span(encoder)),
    joint_arm('cascade', models.cascade(encoder)),
  ];
  local labels = {
    [called(arm)]: arm
    for arm in ['pipeline', 'task_specific', 'progressive', 'span', 'cascade']
  };
  {
    [whole]: set.corpus,
    [if share < 1 then corpus]: sampling.fraction(whole, share, seed=0) { of: 'relations' },
  }
  + joint.all_measured(arms, scale.seeds, corpus, ends=set.ends)
  + {
    ['compare_' + name]: experiment.compared(arms, scale.seeds, corpus, labels) {
      rule: 'relations ' + set.ends,
    },
    ['compare_%s_entities' % name]: experiment.compared(arms, scale.seeds, corpus, labels),
  };

experiment.experiment(std.foldl(
  function(all, name) all + of(name),
  // The corpus that ships with the package stands for both.
  if budget == 'smoke' then ['conll04'] else compared,
  {},
))
