// CoNLL-2003, side by side on a share of its documents: what do a CRF, the sentences around, CNNBiF's
// objective and parts of speech bring? Each arm differs from `crf` in one thing, and cnnbif_context
// from crf_context.
//
//   CORPORA=path/to/folder tango run configs/ner/conll2003_taggers.jsonnet
//
//   crf              a CRF over what a fine-tuned encoder says of each word
//   softmax          a softmax in its place
//   crf_context      the encoder reads the document's sub-words on either side (FLERT), 64 or 32 of them
//   cnnbif           + the objective on neighbouring words, λ = 0.3
//   cnnbif_context   both
//   pos              + a second head for parts of speech, w = 0.3
//
// Whole documents are drawn, for context is only what lies around a sentence in its document.

local budgets = import '../lib/budgets.libsonnet';
local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local scale = budgets.pick(budget, {
  smoke: {
    corpus: corpora.embedded('news'),
    train: 0.1,
    dev: 0.2,
    context: 8,
    epochs: 1,
    seeds: [1],
    precision: 'auto',
  },
  cpu: {
    corpus: corpora.conll2003,
    train: 0.25,
    dev: 0.3,
    context: 32,
    epochs: 3,
    seeds: [1, 2, 3],
    precision: 'bf16',
  },
  full: {
    corpus: corpora.conll2003,
    train: 1,
    dev: 1,
    context: 64,
    epochs: 5,
    seeds: [1, 2, 3, 4, 5],
    precision: 'auto',
  },
});
local context = encoders.in_document(encoder, scale.context);
local trainer = training.fine_tuning(
  scale.epochs,
  learning_rate=1e-4,
  head_rate=1e-3,
  sentences=16,
) { precision: scale.precision };

// The first variant is the baseline.
local variants = [
  { name: 'crf', model: models.tagger(encoder, 'crf') },
  { name: 'softmax', model: models.tagger(encoder) },
  { name: 'crf_context', model: models.tagger(context, 'crf') },
  { name: 'cnnbif', model: models.bigram_tagger(encoder, 'crf', link_weight=0.3) },
  { name: 'cnnbif_context', model: models.bigram_tagger(context, 'crf', link_weight=0.3) },
  {
    name: 'pos',
    model: models.multitask_tagger(encoder, { ner: { head: 'crf' }, pos: { weight: 0.3 } }),
  },
];

// -- below this: no need to edit --

local documents(corpus, share, split) =
  sampling.fraction(corpus, share, seed=0) { by: 'document', split: split };
local arms = [
  { name: variant.name, train:: experiment.finetuned(variant.model, 'sample', trainer) }
  for variant in variants
];

experiment.experiment(
  {
    convert: scale.corpus,
    sample_dev: documents('convert', scale.dev, 'dev'),
    sample: documents('sample_dev', scale.train, 'train'),
  }
  + experiment.all_measured(arms, scale.seeds, 'sample')
  + { compare: experiment.compared(arms, scale.seeds, 'sample') }
)
