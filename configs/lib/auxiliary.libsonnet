// Does it help to find entities, if a tagger also learns a layer of word tags?
//
//   arms(encoder, auxiliaries)   the variants: one task, and what the first auxiliary layer brings
//   experiment(…)                arms × shares of the training data × seeds, one report per share
//
// The arms, for the layer 'pos':
//
//   single            entities alone; the baseline
//   pos_mean          the mean of both losses, as in the forum thread
//   pos_01 …          entities + w · pos, with w = 0.1, 0.3 and 1
//   pos_uncertainty   learned weights (Kendall et al. 2018)
//   pos_pcgrad        conflicting gradients are projected (Yu et al. 2020)
//   pos_shuffled      a control: as pos_1, but the tags are dealt out anew to the words; what this
//                     gains or loses is not due to what the tags say
//   pos_gold          an upper bound: gold tags are read, in prediction too
//
// and w = 0.3 for each further layer. Which epoch is kept is decided by entities alone.

local experiment = import 'experiment.libsonnet';
local models = import 'models.libsonnet';
local sampling = import 'sampling.libsonnet';
local training = import 'training.libsonnet';

local union(objects) = std.foldl(function(all, one) all + one, objects, {});
local percent(share) = '%dpct' % std.round(share * 100);

// Variances move by hundredths per step; at an encoder's rate they would stay where they are.
local with_fast_variances(trainer) = trainer {
  optimizer+: { groups+: [{ pattern: '^weighting\\.', learning_rate: 1e-2, weight_decay: 0 }] },
};

{
  arms(encoder, auxiliaries, head='softmax')::
    assert std.length(auxiliaries) > 0 : "name a layer of word tags: auxiliaries = ['pos']";
    local ner = { ner: { head: head } };
    local first = auxiliaries[0];
    local with(layer, options={}, weighting='fixed') =
      models.multitask_tagger(encoder, ner { [layer]: options }, weighting);
    [
      { name: 'single', model: models.multitask_tagger(encoder, ner) },
      { name: first + '_mean', model: with(first, weighting='mean') },
      { name: first + '_01', model: with(first, { weight: 0.1 }) },
      { name: first + '_03', model: with(first, { weight: 0.3 }) },
      { name: first + '_1', model: with(first) },
      {
        name: first + '_uncertainty',
        model: with(first, weighting='uncertainty'),
        trained:: with_fast_variances,
      },
      { name: first + '_pcgrad', model: with(first, weighting='pcgrad') },
      { name: first + '_shuffled', model: with(first, { shuffle: true }) },
      { name: first + '_gold', model: models.multitask_tagger(encoder, ner) { inputs: [first] } },
    ]
    + [{ name: layer + '_03', model: with(layer, { weight: 0.3 }) } for layer in auxiliaries[1:]],

  // prepare: the steps that give the corpus, `corpus` the name of the last of them. sizes:
  // [{ share, epochs, sentences }, …], where `sentences` are those of a batch; with `arms` (names) and
  // `seeds` of its own a size takes a part of them. Every seed draws a sample of its own, which all
  // arms are trained on.
  experiment(prepare, corpus, arms, sizes, all_seeds, precision='auto')::
    local sample(share, seed) =
      if share == 1 then corpus else experiment.step_name('sample', percent(share), seed);
    local trainer(size, arm) =
      local plain = training.fine_tuning(
        size.epochs,
        learning_rate=1e-4,
        head_rate=1e-3,
        sentences=size.sentences,
      ) { precision: precision };
      if std.objectHasAll(arm, 'trained') then arm.trained(plain) else plain;
    local on(size) = [
      {
        name: '%s_%s' % [arm.name, percent(size.share)],
        label:: arm.name,
        train(seed)::
          experiment.finetuned(arm.model, sample(size.share, seed), trainer(size, arm))(seed),
      }
      for arm in arms
      if !std.objectHas(size, 'arms') || std.member(size.arms, arm.name)
    ];
    local with_size(size) =
      local seeds = if std.objectHas(size, 'seeds') then size.seeds else all_seeds;
      local labels = { [arm.name]: arm.label for arm in on(size) };
      union([
        { [sample(size.share, seed)]: sampling.fraction(corpus, size.share, seed) }
        for seed in seeds
        if size.share != 1
      ])
      + experiment.all_measured(on(size), seeds, corpus)
      + {
        ['compare_' + percent(size.share)]:
          experiment.compared(on(size), seeds, corpus, labels)
          // A sample is what runs of one seed have in common.
          + { [if size.share != 1 then 'paired_seeds']: true },
      };
    experiment.experiment(prepare + union([with_size(size) for size in sizes])),
}
