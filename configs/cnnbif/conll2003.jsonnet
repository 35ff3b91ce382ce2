// CNNBiF (Sung et al. 2021): does it help a tagger to learn which neighbouring words belong to one
// entity? Trained on CoNLL-2003; tested on its test set and on two corrected versions of it, and
// without further training on the web: PLONER-WNUT16 and WNUT17. One report per test set:
// workspace/latest/compare_<set>.
//
//   CORPORA=path/to/folder tango run configs/cnnbif/conll2003.jsonnet
//
//   baseline         the plain tagger
//   objective        + the objective on bigram features, λ = 1; our reading of the paper
//   fused            + bigram features for the tags, without the objective ("CNN only")
//   both             + both
//   objective_only   + the objective without a convolution, on the two words' vectors as they are
//   objective_03     … and objective with λ = 0.1, 0.3 and 3
//
// Out of domain the types of the model and of the corpus differ. PLONER has PER, LOC and ORG; what
// the model finds as MISC is dropped. In WNUT17 person is PER, location is LOC, corporation and group
// are ORG; gold of product and creative-work is dropped, and so is what is found as MISC.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local preset = 'minilm';  // or roberta_large, xlm_roberta_large: the paper's two
local context = 0;  // sub-words of the document on either side of a sentence; FLERT has 64
local head = 'softmax';

// A small encoder with one rate for all is far from done after a few epochs on a fifth of the data,
// and then a second objective is held against nothing but its slowing down the first.
local presets = {
  minilm: {
    model: encoders.minilm_weights,
    learning_rate: 1e-4,
    head_rate: 1e-3,
    sentences: 32,
    decay: 0.01,
  },
  roberta_large: {
    model: 'roberta-large',
    learning_rate: 1e-5,
    head_rate: null,
    sentences: 16,
    decay: 0.01,
  },
  xlm_roberta_large: {
    model: 'xlm-roberta-large',
    learning_rate: 5e-6,
    head_rate: null,
    sentences: 4,
    decay: 0,
  },
};
local news = {
  train: 'conll2003',
  tests: [
    { name: 'conll2003', corpus: corpora.conll2003 },
    { name: 'conllpp', corpus: corpora.conllpp },
    { name: 'reconll', corpus: corpora.reconll },
    { name: 'ploner_wnut16', corpus: corpora.ploner('wnut16'), found: { MISC: null } },
    {
      name: 'wnut17',
      corpus: corpora.wnut17,
      gold:: sampling.ploner_from_wnut17,
      found: { MISC: null },
    },
  ],
};
local scale = budgets.pick(budget, {
  smoke: {
    train: 'news',
    tests: [
      { name: 'news', corpus: corpora.embedded('news') },
      { name: 'field', corpus: corpora.embedded('field'), found: { WORK: null } },
    ],
    share: 0.05,
    seeds: [1],
    epochs: 1,
    precision: 'auto',
  },
  cpu: news { share: 0.2, seeds: [1, 2, 3], epochs: 3, precision: 'bf16' },
  full: news { share: 1, seeds: [1, 2, 3, 4, 5], epochs: 20, precision: 'auto' },
});
local chosen = presets[preset];
local plain = encoders.transformer(chosen.model);
local encoder = if context > 0 then encoders.in_document(plain, context) else plain;
local trainer = training.fine_tuning(
  scale.epochs,
  chosen.learning_rate,
  chosen.head_rate,
  sentences=chosen.sentences,
  weight_decay=chosen.decay,
) { precision: scale.precision };

local bigrams(link_weight=1, fuse=false, features='cnn') =
  models.bigram_tagger(encoder, head, link_weight, fuse, features);

// The first variant is the baseline.
local variants = [
  { name: 'baseline', model: models.tagger(encoder, head) },
  { name: 'objective', model: bigrams() },
  { name: 'fused', model: bigrams(link_weight=0, fuse=true) },
  { name: 'both', model: bigrams(fuse=true) },
  { name: 'objective_only', model: bigrams(features='concat') },
  { name: 'objective_01', model: bigrams(link_weight=0.1) },
  { name: 'objective_03', model: bigrams(link_weight=0.3) },
  { name: 'objective_3', model: bigrams(link_weight=3) },
];

// -- below this: no need to edit --

local seeds = scale.seeds;
local ref = experiment.ref;
local name_of = experiment.step_name;
local merged(objects) = std.foldl(function(all, one) all + one, objects, {});

local all_of_it = 'convert_' + scale.train;
local trained_on = if scale.share < 1 then 'sample' else all_of_it;

local arms = [
  { name: variant.name, train:: experiment.finetuned(variant.model, trained_on, trainer) }
  for variant in variants
];

// A test set: `corpus` is the step that gives it; `gold` maps its types, and `found` those that the
// model has found.
local mapped(test) = std.objectHasAll(test, 'gold');
local renamed(test) = std.objectHas(test, 'found');
local gold_of(test) = (if mapped(test) then 'map_' else 'convert_') + test.name;
local on(test, arm) = '%s_%s' % [arm.name, test.name];

local measured(test, arm, seed) =
  local predictions = name_of('predict', on(test, arm), seed);
  local renamings = name_of('map', on(test, arm), seed);
  {
    [predictions]: {
      type: 'tango_ie::predict',
      archive: ref(name_of('train', arm.name, seed)),
      corpus: ref(gold_of(test)),
      precision: scale.precision,
    },
    [if renamed(test) then renamings]: {
      type: 'tango_ie::map_predictions',
      predictions: ref(predictions),
      entities: test.found,
    },
    [name_of('evaluate', on(test, arm), seed)]: {
      type: 'tango_ie::evaluate',
      predictions: ref(if renamed(test) then renamings else predictions),
      corpus: ref(gold_of(test)),
    },
  };

local compared(test) =
  local here = [{ name: on(test, arm) } for arm in arms];
  local labels = { [on(test, arm)]: arm.name for arm in arms };
  experiment.compared(here, seeds, gold_of(test), labels) + {
    [if renamed(test) then 'predictions']: {
      [arm.name]: [ref(name_of('map', on(test, arm), seed)) for seed in seeds]
      for arm in arms
    },
  };

experiment.experiment(
  { [if scale.share < 1 then 'sample']: sampling.fraction(all_of_it, scale.share, seed=0) }
  + merged([{ ['convert_' + test.name]: test.corpus } for test in scale.tests])
  + merged([
    { [gold_of(test)]: test.gold('convert_' + test.name) }
    for test in scale.tests
    if mapped(test)
  ])
  + merged([
    { [name_of('train', arm.name, seed)]: arm.train(seed) }
    for arm in arms
    for seed in seeds
  ])
  + merged([
    measured(test, arm, seed)
    for test in scale.tests
    for arm in arms
    for seed in seeds
  ])
  + merged([{ ['compare_' + test.name]: compared(test) } for test in scale.tests])
)
