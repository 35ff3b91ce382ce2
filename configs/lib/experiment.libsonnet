// The steps of an experiment from a short table. The functions that most configs need:
//
//   ablation(corpus, variants, seeds, trainer)   a whole experiment: variants × seeds → `compare`
//   experiment(steps)                            a whole experiment from steps of your own
//
// and what they are made of, for experiments of another shape (see ner/crossner_transfer.jsonnet):
//
//   finetuned(model, corpus, trainer)            how an arm is trained: a function of the seed
//   transferred(archive, corpus, trainer)        the same, from the archive that archive(seed) names
//   measured(arm, seed, corpus)                  train, predict and evaluate one arm with one seed
//   compared(arms, seeds, corpus)                the step that compares arms; the first is the baseline
//   published(source, figures, measure)          to be added to that: what a paper reports
//   cross_validated(arms, folds, seeds)          measured on each fold, and pooled over the folds
//
// An arm is { name, train } with train(seed) a step; steps are named train_<arm>_seed<k>,
// predict_<arm>_seed<k> and evaluate_<arm>_seed<k>. `corpus` is the name of the step that gives it.

local letters = std.stringChars('abcdefghijklmnopqrstuvwxyz0123456789_');
local is_name(name) =
  std.length(name) > 0 && std.setDiff(std.set(std.stringChars(name)), std.set(letters)) == [];
local union(objects) = std.foldl(function(all, one) all + one, objects, {});

{
  local lib = self,

  ref(step):: { type: 'ref', ref: step },

  experiment(steps):: { include_package: ['steps'], steps: steps },

  step_name(action, arm, seed):: '%s_%s_seed%d' % [action, arm, seed],

  finetuned(model, corpus, trainer):: function(seed) {
    type: 'tango_ie::finetune_heads',
    model: model,
    corpus: lib.ref(corpus),
    trainer: trainer,
    seed: seed,
  },

  transferred(archive, corpus, trainer):: function(seed) {
    type: 'tango_ie::transfer',
    archive: lib.ref(archive(seed)),
    corpus: lib.ref(corpus),
    trainer: trainer,
    seed: seed,
  },

  measured(arm, seed, corpus, split='test'):: {
    [lib.step_name('train', arm.name, seed)]: arm.train(seed),
    [lib.step_name('predict', arm.name, seed)]: {
      type: 'tango_ie::predict',
      archive: lib.ref(lib.step_name('train', arm.name, seed)),
      corpus: lib.ref(corpus),
      split: split,
    },
    [lib.step_name('evaluate', arm.name, seed)]: {
      type: 'tango_ie::evaluate',
      predictions: lib.ref(lib.step_name('predict', arm.name, seed)),
      corpus: lib.ref(corpus),
    },
  },

  all_measured(arms, seeds, corpus, split='test')::
    local names = [arm.name for arm in arms];
    assert std.length(std.set(names)) == std.length(names) :
           'two variants have one name: %s' % std.join(', ', names);
    assert std.length([name for name in names if !is_name(name)]) == 0 :
           'names of variants are made of a–z, 0–9 and _: %s' % std.join(', ', names);
    assert std.length(seeds) > 0 : 'say which seeds: seeds = [1, 2]';
    union([lib.measured(arm, seed, corpus, split) for arm in arms for seed in seeds]),

  // `labels` gives an arm another name in the report; with the name of the step that gives the corpus,
  // the page also shows the sentences, with gold and what each arm found.
  compared(arms, seeds, corpus=null, labels={})::
    local label(arm) = if std.objectHas(labels, arm.name) then labels[arm.name] else arm.name;
    assert std.length(arms) > 0 : 'say what to compare: the first variant is the baseline';
    local of_all(action) = {
      [label(arm)]: [lib.ref(lib.step_name(action, arm.name, seed)) for seed in seeds]
      for arm in arms
    };
    {
      type: 'tango_ie::compare',
      variants: of_all('evaluate'),
      baseline: label(arms[0]),
      [if corpus != null then 'corpus']: lib.ref(corpus),
      [if corpus != null then 'predictions']: of_all('predict'),
    },

  // figures: { arm: F1 in percent }, by the names that the report has; those of arms that are not
  // compared are left out. measure: 'micro F1', 'macro F1', and both 'over folds': ours of the same
  // stand beside them. Nothing is concluded from them.
  published(source, figures, measure='micro F1'):: {
    local compared = super.variants,
    local kept = {
      [name]: figures[name]
      for name in std.objectFields(figures)
      if std.objectHas(compared, name)
    },
    published: if kept == {} then null else { source: source, figures: kept, measure: measure },
  },

  // Cross-validation. `folds` are the names of the steps that give the folds' corpora
  // (sampling.fold_names); an arm is { name, train_on } with train_on(corpus) a function of the seed.
  // What is pooled has the names of arms that are not cross-validated: `compared` takes them as such.
  cross_validated(arms, folds, seeds)::
    union([lib.all_measured(lib.in_fold(arms, fold), seeds, fold) for fold in folds])
    + lib.pooled(arms, folds, seeds),

  // The arms of one fold: <arm>_<fold>.
  in_fold(arms, fold):: [
    { name: '%s_%s' % [arm.name, fold], train:: arm.train_on(fold) }
    for arm in arms
  ],

  // The scores of each arm and seed over all folds, as one: evaluate_<arm>_seed<k>.
  pooled(arms, folds, seeds):: {
    [lib.step_name('evaluate', arm.name, seed)]: {
      type: 'tango_ie::pool_folds',
      scores: [
        lib.ref(lib.step_name('evaluate', '%s_%s' % [arm.name, fold], seed))
        for fold in folds
      ],
      corpora: [lib.ref(fold) for fold in folds],
    }
    for arm in arms
    for seed in seeds
  },

  // variants: [{ name, model }, …], the baseline first; a variant may bring its own `trainer`.
  ablation(corpus, variants, seeds, trainer, split='test')::
    local own_trainer(variant) =
      if std.objectHas(variant, 'trainer') then variant.trainer else trainer;
    local arms = [
      { name: variant.name, train:: lib.finetuned(variant.model, 'convert', own_trainer(variant)) }
      for variant in variants
    ];
    lib.experiment(
      { convert: corpus }
      + lib.all_measured(arms, seeds, 'convert', split)
      + { compare: lib.compared(arms, seeds, 'convert') }
    ),
}
