// Does CoNLL-2003 first help on a small domain of CrossNER? For each domain two arms are compared
// over three seeds, both on an encoder that has gone on reading: masked words of the domains' texts.
//
//   target_only    fine-tune on the domain's 100 to 200 training sentences
//   conll_first    fine-tune on CoNLL-2003, then go on with the domain; types that both have keep
//                  their weights
//
//   CORPORA=path/to/folder tango run configs/ner/crossner_transfer.jsonnet
//
// crossner/ in that folder holds conll2003/, politics/, science/, music/ and ai/ with train.txt, dev.txt
// and test.txt.
// One report per domain: workspace/latest/compare_<domain>.

local corpora = import '../lib/corpora.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local models = import '../lib/models.libsonnet';
local training = import '../lib/training.libsonnet';

local domains = ['politics', 'science', 'music', 'ai'];
local seeds = [1, 2, 3];
local first_encoder = encoders.minilm_weights;
local head = 'softmax';
local precision = 'auto';  // 'bf16' is faster on processors that have it, too
local reading = training.language_modelling(epochs=3) { precision: precision };
local on_conll = training.fine_tuning(epochs=2, learning_rate=5e-5) { precision: precision };
// No patience here: with 100 sentences the dev score is 0 for the first epochs.
local on_domain =
  training.fine_tuning(epochs=15, learning_rate=1e-4, head_rate=1e-3) { precision: precision };

// -- below this: no need to edit --

local encoder = encoders.transformer(experiment.ref('train_encoder'));
local tagger = models.tagger(encoder, head);
local conll_step(seed) = experiment.step_name('train', 'conll2003', seed);

local arms(domain) = [
  {
    name: domain + '_target_only',
    train:: experiment.finetuned(tagger, 'convert_' + domain, on_domain),
  },
  {
    name: domain + '_conll_first',
    train:: experiment.transferred(conll_step, 'convert_' + domain, on_domain),
  },
];

local on_one_domain(domain) =
  { ['convert_' + domain]: corpora.crossner(domain) }
  + experiment.all_measured(arms(domain), seeds, 'convert_' + domain)
  + { ['compare_' + domain]: experiment.compared(arms(domain), seeds, 'convert_' + domain) };

experiment.experiment(
  {
    train_encoder: {
      type: 'tango_ie::train_encoder',
      model: first_encoder,
      corpus: [experiment.ref('convert_' + domain) for domain in domains],
      trainer: reading,
      seed: seeds[0],
    },
    convert_conll2003: corpora.crossner('conll2003'),
  }
  + {
    [conll_step(seed)]: experiment.finetuned(tagger, 'convert_conll2003', on_conll)(seed)
    for seed in seeds
  }
  + std.foldl(function(all, domain) all + on_one_domain(domain), domains, {})
)
