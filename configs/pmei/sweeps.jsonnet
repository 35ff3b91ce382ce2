// PMEI (Sun et al. 2021): how much should early predictions be supervised (α), and how much should be
// known of them (β)? Figure 3 of the paper, on NYT. Reports with a curve each: workspace/latest/compare_alpha
// and compare_beta, and both by partial match.
//
//   CORPORA=path/to/folder tango run configs/pmei/sweeps.jsonnet
//
// In the paper the score rises as α or β falls, up to a point, and falls thereafter. Best are α = 1e-2 by
// partial and 1e-3 by exact match (with β = 1e-7), and β = 1e-7 by partial and 1e-6 by exact match (with
// α = 1e-2). Its e⁻² is 10⁻²: its authors' logs say so, and have 77.7 at β = 1e-2 and 63.6 at 1. Here what
// is not varied has its default, so that both curves meet in one point.
//
// Most have only dev and test of NYT at hand: without `train_file` dev is cut into train and dev.

local budgets = import '../lib/budgets.libsonnet';
local encoders = import '../lib/encoders.libsonnet';
local experiment = import '../lib/experiment.libsonnet';
local pmei = import '../lib/pmei.libsonnet';

local budget = 'cpu';  // smoke, cpu or full
local encoder = encoders.minilm;
local glove = null;  // a file of word vectors in place of the encoder; the paper has GloVe's, 100
local train_file = null;  // NYT's train_triples.json
local powers_of_alpha = [3, 0, 1, 2, 4, 5];  // α = 10⁻ᵏ; the first of both is the baseline
local powers_of_beta = [6, 3, 4, 5, 7, 8, 9];

// -- below this: no need to edit --

local arm(alpha, beta) = {
  local weight(power) = std.pow(10, -power),
  name: 'alpha%d_beta%d' % [alpha, beta],
  words: 'weak',
  progress: pmei.rows.pmei {
    alpha: weight(alpha),
    beta_entities: weight(beta),
    beta_relations: weight(beta),
  },
};
local over_alpha = [arm(power, powers_of_beta[0]) for power in powers_of_alpha];
local over_beta = [arm(powers_of_alpha[0], power) for power in powers_of_beta];

experiment.experiment(pmei.experiment({
  set: pmei.set('nyt', budget, train_file),
  arms: over_alpha + over_beta[1:],
  scale: budgets.pick(budget, pmei.scales { cpu+: { share: 0.5, test_share: 0.4 } }),
  encoder: encoder,
  glove: glove,
  reports: {
    compare_alpha: { arms: over_alpha },
    compare_beta: { arms: over_beta },
  },
}))
