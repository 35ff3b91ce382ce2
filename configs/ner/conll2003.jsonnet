// CoNLL-2003: does a CRF head help, and with it a scheme of tags that marks ends too? Three seeds each.
//
//   CORPORA=path/to/folder tango run configs/ner/conll2003.jsonnet
//
// conll2003/iob1 in that folder holds eng.train, eng.testa and eng.testb as they are distributed. For
// files that lie elsewhere, write corpora.at('elsewhere').conll2003 or corpora.columns({ train: …, … }).

local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local training = import '../lib/training.libsonnet';

local seeds = [1, 2, 3];
local corpus = corpora.conll2003;
local encoder = encoders.minilm;
local trainer = training.fine_tuning(epochs=3, learning_rate=5e-5, sentences=32) { precision: 'bf16' };

// The first variant is the baseline.
local variants = [
  { name: 'softmax', model: models.tagger(encoder) },
  { name: 'crf', model: models.tagger(encoder, head='crf') },
  { name: 'crf_bioes', model: models.tagger(encoder, head='crf') { scheme: 'bioes' } },
];

// -- below this: no need to edit --

experiment.ablation(corpus, variants, seeds, trainer)
