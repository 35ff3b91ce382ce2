// PMEI (Sun et al. 2021) against the plain joint model on WebNLG: its two forms, with a weak encoder and
// with one that is trained. Reports, one for each: workspace/latest/compare_<form>_<words>; by exact match,
// and for the form that marks whole entities by partial match, too (…_partial).
//
//   CORPORA=path/to/folder tango run configs/pmei/webnlg.jsonnet
//
//   form   what it marks            paper, F1:   mtl    pmei   with BERT: mtl    pmei
//   star   the last word            partial      85.6   88.1              90.7   92.0
//   whole  all words of an entity   exact        75.7   78.2              81.4   81.8
//
// The paper's partial match is that of the last-word form.

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local pmei = import '../lib/pmei.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local oracle = false;  // whether to show what choosing the epoch on test would flatter
local encoder = encoders.minilm;
local glove = null;  // a file of word vectors for the weak encoder; the paper has GloVe's, 100
local forms = { star: 'webnlg_star', whole: 'webnlg' };
local words = ['weak', 'tuned'];
local figures = {
  star: { weak: { mtl: 85.6, pmei: 88.1 }, tuned: { mtl: 90.7, pmei: 92.0 } },
  whole: { weak: { mtl: 75.7, pmei: 78.2 }, tuned: { mtl: 81.4, pmei: 81.8 } },
};

// -- below this: no need to edit --

local on(kind) = [
  { name: '%s_%s' % [row, kind], progress: pmei.rows[row], words: kind }
  for row in ['mtl', 'pmei']
];
local called(kind) = { ['%s_%s' % [row, kind]]: row for row in ['mtl', 'pmei'] };

local of(form) = pmei.experiment({
  suffix: form,
  set: pmei.set(forms[form], budget),
  arms: std.flattenArrays([on(kind) for kind in words]),
  scale: budgets.pick(budget, pmei.scales { cpu+: { share: 0.25 } }),
  encoder: encoder,
  glove: glove,
  oracle: oracle,
  reports: {
    ['compare_%s_%s' % [form, kind]]: { arms: on(kind), labels: called(kind) }
    for kind in words
  },
}) + {
  ['compare_%s_%s' % [form, kind]]+: experiment.published(
    'Sun et al. (2021), Table 3: WebNLG, %s match, with %s, epoch that is best on test' % [
      { star: 'partial', whole: 'exact' }[form],
      { weak: 'GloVe', tuned: 'BERT' }[kind],
    ],
    figures[form][kind],
  )
  for kind in words
};

experiment.experiment(std.foldl(
  function(all, form) all + of(form),
  // Of the corpus that ships with the package there is one form.
  if budget == 'smoke' then ['whole'] else std.objectFields(forms),
  {},
))
