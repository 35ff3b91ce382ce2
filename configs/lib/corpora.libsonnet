// Steps that make a corpus. Paths are relative to the folder in which the command is given;
// pkg://PACKAGE/PATH names a file inside an installed package.

local path(folder, file) = std.rstripChars(folder, '/') + '/' + file;

{
  local lib = self,

  // The corpus that ships with the package; its domains are 'news' and 'field'.
  embedded(domain):: lib.converted(
    { type: 'tango_ie::jsonl' },
    {
      [split]: 'pkg://tango_ie/data/embedded/files/%s/%s.jsonl' % [domain, split]
      for split in ['train', 'dev', 'test']
    },
  ),

  // Any files that one reader reads; splits: { train: path, dev: path, test: path }.
  converted(reader, splits):: {
    type: 'tango_ie::convert_dataset',
    reader: reader,
    splits: splits,
  },

  // Column files with the entity tags last. Name all columns of the file, in their order:
  // 'word', 'entities', '_' for what is not wanted, any other name for a layer of word tags.
  columns(splits, columns=['word', 'entities'], scheme='iob2', separator=null):: lib.converted(
    {
      type: 'tango_ie::column',
      columns: columns,
      scheme: scheme,
      separator: separator,
    },
    splits,
  ),

  // CoNLL-2003 as it is distributed: eng.train, eng.testa, eng.testb in IOB1.
  conll2003(folder, files={ train: 'eng.train', dev: 'eng.testa', test: 'eng.testb' }, scheme='iob1')::
    lib.columns(
      { [split]: path(folder, files[split]) for split in std.objectFields(files) },
      ['word', 'pos', 'chunk', 'entities'],
      scheme,
    ),

  // One domain of CrossNER ('politics', 'science', 'music', 'ai', 'literature', 'conll2003').
  crossner(folder, domain):: lib.columns(
    { [split]: path(folder, '%s/%s.txt' % [domain, split]) for split in ['train', 'dev', 'test'] },
  ),
}
