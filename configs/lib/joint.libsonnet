// Entities and relations: the families of models, each a function of an encoder, and the pipeline that
// they are held against.
//
//   models.task_specific(encoder), …   what the models can be told is in their docstrings; add it with
//                                      joint.models.span(encoder) { candidates: { max_width: 6 } }
//   arm(name, model, corpus, trainer)  an arm of an experiment, as in experiment.libsonnet
//   pipeline(name, { … })              an arm of two models, each trained by itself
//   all_measured(arms, …)              train, predict and evaluate arms of both kinds
//
// A pipeline's models are train_<name>_entities_seed<k> and train_<name>_relations_seed<k>. The second is
// trained on gold entities (which epoch is kept is decided on them, too), and predicts on what the first
// has found (map_<name>_seed<k>); predict_<name>_seed<k> is what both have found, on the original corpus.

local experiment = import 'experiment.libsonnet';
local lib_models = import 'models.libsonnet';

local ref = experiment.ref;
local union(objects) = std.foldl(function(all, one) all + one, objects, {});

{
  local lib = self,

  models:: {
    // Crone (2020): recurrent layers that both tasks share, and layers of each.
    task_specific(encoder):: { type: 'tango_ie::task_specific_joint', encoder: encoder },

    // PMEI (Sun et al. 2021): early predictions of both tasks; what else it does is in `progress`.
    progressive(encoder):: { type: 'tango_ie::progressive_joint', encoder: encoder },

    // In the manner of SpERT (Eberts and Ulges 2020): all spans, and pairs of those that are entities.
    span(encoder):: { type: 'tango_ie::span_joint', encoder: encoder },

    // In the manner of CasRel (Wei et al. 2020): subjects, and for each of them objects by relation.
    cascade(encoder):: { type: 'tango_ie::cascade_joint', encoder: encoder },

    // The second model of a pipeline: relations between given entities.
    classifier(encoder):: { type: 'tango_ie::relation_classifier', encoder: encoder },

    // The first.
    tagger(encoder):: lib_models.tagger(encoder, head='crf'),
  },

  arm(name, model, corpus, trainer):: {
    name: name,
    train:: experiment.finetuned(model, corpus, trainer),
  },

  // models: { entities, relations }; both are trained in the same way.
  pipeline(name, models, corpus, trainer):: {
    name: name,
    halves:: {
      [half]: experiment.finetuned(models[half], corpus, trainer)
      for half in ['entities', 'relations']
    },
  },

  // As experiment.all_measured; with `ends` the first rule for relations looks at something else than
  // spans and types (see the step evaluate).
  all_measured(arms, seeds, corpus, split='test', ends='strict')::
    local whole = [arm for arm in arms if !std.objectHasAll(arm, 'halves')];
    local named(action, arm, seed) = experiment.step_name(action, arm.name, seed);
    (if whole == [] then {} else experiment.all_measured(whole, seeds, corpus, split))
    + union([
      lib.measured_pipeline(arm, seed, corpus, split)
      for arm in arms
      if std.objectHasAll(arm, 'halves')
      for seed in seeds
    ])
    + (if ends == 'strict' then {} else union([
         { [named('evaluate', arm, seed)]+: { relation_ends: ends } }
         for arm in arms
         for seed in seeds
       ])),

  measured_pipeline(arm, seed, corpus, split='test')::
    local step(action, half='') = experiment.step_name(action, arm.name + half, seed);
    local predicted(half, on) = {
      type: 'tango_ie::predict',
      archive: ref(step('train', half)),
      corpus: ref(on),
      split: split,
    };
    {
      [step('train', '_entities')]: arm.halves.entities(seed),
      [step('train', '_relations')]: arm.halves.relations(seed),
      [step('predict', '_entities')]: predicted('_entities', corpus),
      [step('map')]: {
        type: 'tango_ie::predicted_entities',
        predictions: ref(step('predict', '_entities')),
        corpus: ref(corpus),
      },
      [step('predict', '_relations')]: predicted('_relations', step('map')),
      [step('predict')]: {
        type: 'tango_ie::join_predictions',
        entities: ref(step('predict', '_entities')),
        relations: ref(step('predict', '_relations')),
      },
      [step('evaluate')]: {
        type: 'tango_ie::evaluate',
        predictions: ref(step('predict')),
        corpus: ref(corpus),
      },
    },
}
