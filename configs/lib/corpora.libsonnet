// Steps that make a corpus.
//
//   corpora.conll2003                 a public set by its name; see the list in sets.libsonnet. The
//                                     folder of all sets is the external variable CORPORA:
//                                     CORPORA=path/to/folder tango run …
//   corpora.at('path').conll2003      the same, with the folder named in the config
//   corpora.columns(splits, …)        column files of your own
//   corpora.converted(reader, splits) files of any format (docs/data.md)
//   corpora.embedded('news')          the corpus that ships with the package
//
// Paths are relative to the folder in which the command is given; pkg://PACKAGE/PATH names a file
// inside an installed package.

local sets = import 'sets.libsonnet';

// Any files that one reader reads; splits: { train: path, dev: path, test: path }.
local converted(reader, splits) = {
  type: 'tango_ie::convert_dataset',
  reader: reader,
  splits: splits,
};

local at(root) = sets(std.rstripChars(root, '/') + '/', converted);

at(std.extVar('CORPORA')) {
  converted:: converted,

  at:: at,

  // The corpus that ships with the package; its domains are 'news' and 'field'.
  embedded(domain):: converted(
    { type: 'tango_ie::jsonl' },
    {
      [split]: 'pkg://tango_ie/data/embedded/files/%s/%s.jsonl' % [domain, split]
      for split in ['train', 'dev', 'test']
    },
  ),

  // Column files. Name all columns of the file, in their order: 'word', 'entities' (several for
  // nested layers), '_' for what is not wanted, any other name for a layer of word tags.
  columns(splits, columns=['word', 'entities'], scheme='auto', separator=null):: converted(
    {
      type: 'tango_ie::column',
      columns: columns,
      scheme: scheme,
      separator: separator,
    },
    splits,
  ),
}
