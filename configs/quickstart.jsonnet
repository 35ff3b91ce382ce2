// Three taggers on the small corpus that ships with the package, two seeds each: a softmax head and
// a CRF head on a fine-tuned encoder, and a softmax head on an encoder that is not trained.

local corpora = import 'lib/corpora.libsonnet';
local encoders = import 'lib/encoders.libsonnet';
local experiment = import 'lib/experiment.libsonnet';
local models = import 'lib/models.libsonnet';
local training = import 'lib/training.libsonnet';

local seeds = [1, 2];
local corpus = corpora.embedded('news');
local encoder = encoders.minilm;
local trainer = training.fine_tuning(epochs=2, learning_rate=3e-4, head_rate=2e-3, sentences=16);

// The first variant is the baseline that the others are compared with.
local variants = [
  { name: 'softmax', model: models.tagger(encoder) },
  { name: 'crf', model: models.tagger(encoder, head='crf') },
  { name: 'frozen', model: models.tagger(encoders.frozen(encoder)) },
];

// -- below this: no need to edit --

experiment.ablation(corpus, variants, seeds, trainer)
