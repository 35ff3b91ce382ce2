// CoNLL-2003, softmax head against CRF head, two seeds.
//
//   CONLL2003=path/to/folder tango run configs/ner/conll2003.jsonnet
//
// The folder holds eng.train, eng.testa and eng.testb as they are distributed (IOB1). For other
// files, change `files` and `scheme`.

local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local training = import '../lib/training.libsonnet';

local seeds = [1, 2];
local files = { train: 'eng.train', dev: 'eng.testa', test: 'eng.testb' };
local scheme = 'iob1';
local encoder = encoders.minilm;
local trainer = training.fine_tuning(epochs=3, learning_rate=5e-5, sentences=32);

// The first variant is the baseline.
local variants = [
  { name: 'softmax', model: models.tagger(encoder) },
  { name: 'crf', model: models.tagger(encoder, head='crf') },
];

// -- below this: no need to edit --

local folder = std.extVar('CONLL2003');
assert std.length(folder) > 0 : 'say where CoNLL-2003 lies: CONLL2003=path/to/folder tango run …';

experiment.ablation(corpora.conll2003(folder, files, scheme), variants, seeds, trainer)
