// Does a tagger of the news know the web? Trained on CoNLL-2003 reduced to the types of PLONER
// (PER, LOC, ORG) and tested on WNUT17 with its types mapped onto these three; against training on
// WNUT17 itself, and on both together.
//
//   CORPORA=path/to/folder tango run configs/data/ploner.jsonnet

local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local seeds = [1, 2, 3];
local model = models.tagger(encoders.minilm);
local trainer = training.fine_tuning(epochs=3, learning_rate=5e-5, sentences=32);

// -- below this: no need to edit --

local arms = [
  { name: 'web', train:: experiment.finetuned(model, 'map_wnut17', trainer) },
  { name: 'news', train:: experiment.finetuned(model, 'map_conll2003', trainer) },
  { name: 'both', train:: experiment.finetuned(model, 'merge', trainer) },
];

experiment.experiment(
  {
    convert_conll2003: corpora.conll2003,
    convert_wnut17: corpora.wnut17,
    map_conll2003: sampling.ploner('convert_conll2003'),
    map_wnut17: sampling.ploner_from_wnut17('convert_wnut17'),
    merge: sampling.merge({ conll2003: 'map_conll2003', wnut17: 'map_wnut17' }),
  }
  + experiment.all_measured(arms, seeds, 'map_wnut17')
  + { compare: experiment.compared(arms, seeds, 'map_wnut17') }
)
