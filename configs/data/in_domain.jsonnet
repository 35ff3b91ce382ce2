// The in-domain low-resource setting of QPMRC-NER (Zhang & Wang 2023) and TemplateNER (Cui et al.
// 2021): 4,001 sentences of CoNLL-2003 with many ORG and PER, but only 50 LOC and 50 MISC. The
// baseline is trained on all of train; what the rare types lose is in the report, type by type.
//
//   CORPORA=path/to/folder tango run configs/data/in_domain.jsonnet

local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local sampling = import '../lib/sampling.libsonnet';
local training = import '../lib/training.libsonnet';

local mentions = { ORG: 3763, PER: 2496, LOC: 50, MISC: 50 };
local sentences = 4001;
local seeds = [1, 2, 3];
local model = models.tagger(encoders.minilm);
local trainer = training.fine_tuning(epochs=3, learning_rate=5e-5, sentences=32);

// -- below this: no need to edit --

local sample(seed) = 'sample_seed%d' % seed;

local arms = [
  { name: 'full', train:: experiment.finetuned(model, 'convert', trainer) },
  {
    name: 'low_resource',
    train(seed):: experiment.finetuned(model, sample(seed), trainer)(seed),
  },
];

experiment.experiment(
  { convert: corpora.conll2003 }
  + {
    [sample(seed)]:
      sampling.downsample('convert', mentions, seed, sentences) { strict: true }
    for seed in seeds
  }
  + experiment.all_measured(arms, seeds, 'convert')
  + { compare: experiment.compared(arms, seeds, 'convert') }
)
