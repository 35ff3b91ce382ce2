// Steps that make a corpus from a corpus. `corpus` is the name of the step that gives it; everything
// else that a step can be told is in its docstring (steps/): add it with
// `sampling.k_shot('convert', 5, seed=1) { exact: true }`.
//
// Draws are decided by the seed and the sentences, not by the order of a file. They change one split
// (`train`, unless told otherwise); the other splits stay as they are.

local step(name, corpus) = { type: 'tango_ie::' + name, corpus: { type: 'ref', ref: corpus } };

{
  // At least k mentions of each type, in as few sentences as are needed; exactly k: { exact: true }.
  k_shot(corpus, k, seed):: step('sample_k_shot', corpus) { k: k, seed: seed },

  // A share of the sentences in which every type keeps its share; 0.1 lies inside 0.2.
  fraction(corpus, share, seed):: step('sample_fraction', corpus) { share: share, seed: seed },

  // Whole sentences with given numbers of mentions: { LOC: 50, MISC: 50 }.
  downsample(corpus, mentions, seed, sentences=null)::
    step('downsample_types', corpus) { mentions: mentions, seed: seed, sentences: sentences },

  // Fold number `fold` (from 0) as test, the others as train, and a dev set that all folds share.
  fold(corpus, fold, folds=10, seed=0, dev_share=0.1)::
    step('make_fold', corpus) { fold: fold, folds: folds, seed: seed, dev_share: dev_share },

  // The names of the folds' steps: <prefix>0 to <prefix>9.
  fold_names(folds=10, prefix='fold'):: [prefix + fold for fold in std.range(0, folds - 1)],

  // All folds, as an object of steps.
  folds(corpus, folds=10, seed=0, dev_share=0.1, prefix='fold'):: {
    [prefix + fold]: $.fold(corpus, fold, folds, seed, dev_share)
    for fold in std.range(0, folds - 1)
  },

  // A dev set taken from train.
  hold_out(corpus, share=0.1, seed=0):: step('hold_out', corpus) { share: share, seed: seed },

  // Other names for entity types; null drops one. others: 'keep', 'drop' or 'error'.
  map_entities(corpus, types, others='keep')::
    step('map_labels', corpus) { entities: types, others: others },

  // The three types of PLONER (Fu et al. 2020), from corpora that have them under these names …
  ploner(corpus):: $.map_entities(corpus, { PER: 'PER', LOC: 'LOC', ORG: 'ORG' }, others='drop'),

  // … and from WNUT17.
  ploner_from_wnut17(corpus):: $.map_entities(
    corpus,
    {
      person: 'PER',
      location: 'LOC',
      corporation: 'ORG',
      group: 'ORG',
      product: null,
      'creative-work': null,
    },
    others='error',
  ),

  // corpora: { name: step, … }; splits of one name are joined.
  merge(corpora):: {
    type: 'tango_ie::merge_corpora',
    corpora: { [name]: { type: 'ref', ref: corpora[name] } for name in std.objectFields(corpora) },
  },

  // Of entities that overlap the longer stays, and the relations of the other go.
  remove_overlaps(corpus):: step('remove_overlaps', corpus),

  // Train without the sentences that are in one of these splits, too.
  remove_leakage(corpus, occurring_in=['test'])::
    step('remove_leakage', corpus) { occurring_in: occurring_in },

  // splits: { new: old } or { new: [old, old] }; what is not named is left out.
  select_splits(corpus, splits):: step('select_splits', corpus) { splits: splits },
}
