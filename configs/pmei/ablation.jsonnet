// PMEI (Sun et al. 2021): what does each of its parts bring? Table 6 of the paper, on NYT: relations
// whose head and tail are found as whole strings (workspace/latest/compare), and beside that by the
// first words of head and tail (compare_partial).
//
//   CORPORA=path/to/folder tango run configs/pmei/ablation.jsonnet
//
//                         paper, exact match, with GloVe:   P     R     F1     WebNLG's F1
//   mtl                   both tasks on the same vectors    77.4  76.4  76.9   75.7
//   mtl_maps              + vectors drawn for each task     79.6  76.0  77.8   76.7
//   pmei                  + early predictions of both       84.5  84.0  84.2   78.2
//   without_maps          … but nothing is drawn            83.5  81.9  82.7   76.9
//   without_interaction   … but only of the task itself     79.7  77.8  78.7   77.7
//   without_gru           … but a linear layer takes them   83.2  83.6  83.4   77.5
//
// The paper's figures are those of the epoch that is best on test; its authors' logs say that the
// epochs around it have about 0.9 less. Ours are chosen on dev.
//
// Most have only dev and test of NYT at hand: without `train_file` dev is cut into train and dev.

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local pmei = import '../lib/pmei.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local oracle = false;  // whether to show what choosing the epoch on test would flatter
local encoder = encoders.minilm;
local glove = null;  // a file of word vectors in place of the encoder; the paper has GloVe's, 100
local train_file = null;  // NYT's train_triples.json
// Tags of words that the encoder reads, too, if the corpus has them: { layer: 'pos', tags: ['NN', …] }.
// The paper does not speak of it, but its authors' code has ten numbers for parts of speech.
local tags = null;

// The first is the baseline.
local arms = ['mtl', 'mtl_maps', 'pmei', 'without_maps', 'without_interaction', 'without_gru'];
local published = experiment.published(
  'Sun et al. (2021), Table 6: NYT, exact match, with GloVe, epoch that is best on test',
  {
    mtl: 76.9,
    mtl_maps: 77.8,
    pmei: 84.2,
    without_maps: 82.7,
    without_interaction: 78.7,
    without_gru: 83.4,
  },
);

// -- below this: no need to edit --

experiment.experiment(pmei.experiment({
  set: pmei.set('nyt', budget, train_file),
  arms: [{ name: arm, progress: pmei.rows[arm], words: 'weak' } for arm in arms],
  scale: budgets.pick(budget, pmei.scales { cpu+: { share: 0.5, test_share: 0.4 } }),
  encoder: encoder,
  glove: glove,
  oracle: oracle,
  tags: tags,
}) + { compare+: published })
