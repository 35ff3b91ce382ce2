// What an experiment may cost. A config says what each budget means to it, and picks one by its name:
//
//   local budget = 'cpu';
//   local size = budgets.pick(budget, { smoke: { seeds: [1] }, cpu: { … }, full: { … } });
//
//   smoke   seconds, on the corpus that ships with the package: does everything run?
//   cpu     the whole grid on two cores in under 90 minutes: smaller samples and fewer epochs, but
//           no fewer seeds
//   full    as published

{
  pick(budget, sizes)::
    assert std.objectHas(sizes, budget) :
           "the budget must be one of %s, found '%s'" % [
             std.join(', ', std.objectFields(sizes)),
             budget,
           ];
    sizes[budget],
}
