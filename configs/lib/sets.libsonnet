// Reader settings for public sets: a function of their common folder and of what makes a step. What
// each set holds, and what is odd about it, is in docs/data.md.

local three = ['train', 'dev', 'test'];
local named(pattern, splits=three) = { [split]: pattern % split for split in splits };

function(root, converted)
  local under(folder, files) = {
    [split]: root + folder + '/' + files[split]
    for split in std.objectFields(files)
  };
  local columns(folder, files, columns=['word', 'entities'], more={}) =
    converted({ type: 'tango_ie::column', columns: columns } + more, under(folder, files));
  local tabs = { separator: '\t' };
  local read(reader, folder, files) = converted(reader, under(folder, files));
  local triples(folder, files) = read(
    { type: 'tango_ie::casrel', relations: root + folder + '/rel2id.json' },
    folder,
    files,
  );
  local whole = { train: 'train_triples.json', dev: 'val_triples.json', test: 'test_triples.json' };
  local held_out = { dev: 'val_triples.json.gz', test: 'test_triples.json.gz' };
  local conll = ['word', 'pos', 'chunk', 'entities'];
  local chunks = { tag_schemes: { chunk: 'auto' } };
  local corrected(file) = columns(
    'conll2003',
    { train: 'iob2/train.txt', dev: 'iob2/dev.txt', test: 'corrected/%s_test.txt' % file },
    conll,
    chunks,
  );
  {
    // -- columns --
    conll2003: columns(
      'conll2003/iob1',
      { train: 'eng.train', dev: 'eng.testa', test: 'eng.testb' },
      conll,
      chunks,
    ),
    conll2003_iob2: columns('conll2003/iob2', named('%s.txt'), conll, chunks),
    // The usual training and dev data with a corrected test set.
    conllpp: corrected('conllpp'),
    reconll: corrected('reconll'),
    // shots: 5, 10, 20 or 50; draw: 1 to 3 (5 shots: 4).
    conll2003_fewshot(shots, draw):: columns(
      'conll2003_fewshot/%dshot' % shots,
      { train: '%d.txt' % draw },
    ),
    // domain: ai, music, politics, science or conll2003.
    crossner(domain):: columns('crossner/' + domain, named('%s.txt'), more=tabs),
    // set: eng or trivia10k13.
    mit_movie(set):: columns(
      'mit_movie',
      { train: set + '_train.txt', dev: set + '_valid.txt', test: set + '_test.txt' },
      more=tabs,
    ),
    wnut16: columns('wnut16', named('%s'), more=tabs),
    wnut16_notypes: columns('wnut16', named('%s_notypes'), more=tabs { bare_label: 'entity' }),
    wnut17: columns('wnut17', {
      train: 'wnut17train.conll',
      dev: 'emerging.dev.conll',
      test: 'emerging.test.annotated',
    }, more=tabs),
    // domain: connl03 or wnut16.
    ploner(domain):: columns('ploner', named(domain + '_%s.txt')),
    // Characters in place of words.
    msra: columns('msra', { train: 'msra_train_bio.gz', test: 'msra_test_bio' }, more=tabs),
    genia_nested: columns(
      'genia/nested_iob2',
      named('genia.%s.iob2', ['dev', 'test']),
      ['word', 'entities', 'entities', 'entities', 'entities'],
      tabs,
    ),

    // -- other forms of one word a line, or one sentence a line --
    conll04_multihead: read({ type: 'tango_ie::multihead' }, 'conll04/multihead', named('%s.txt')),
    conll04_raw: read({ type: 'tango_ie::roth_yih' }, 'conll04/raw', { all: 'corp.tsv.gz' }),
    // set: movie_eng or movie_trivia10k13.
    mit_movie_inline(set):: read(
      { type: 'tango_ie::inline', sentence_label: null },
      'mit_movie/inline/' + set,
      { train: 'train', dev: 'valid', test: 'test' },
    ),
    atis: read({ type: 'tango_ie::parallel' }, 'atis', named('%s')),
    atis_inline: read(
      { type: 'tango_ie::inline' },
      'atis/inline',
      { train: 'train', dev: 'valid', test: 'test' },
    ),
    gmb: read({ type: 'tango_ie::csv' }, 'gmb', { all: 'ner_dataset.csv' }),

    // -- JSON with the indices of words --
    conll04: read({ type: 'tango_ie::spert' }, 'conll04/spert', named('conll04_%s.json')),
    conll04_bilou: read(
      { type: 'tango_ie::tagged_json' },
      'conll04/bilou_json',
      named('conll04_%s.json'),
    ),
    conll04_unified: read({ type: 'tango_ie::unified' }, 'conll04/unified', {
      train: 'train.CoNLL04.json',
      dev: 'valid.CoNLL04.json',
      test: 'test.CoNLL04.json',
    }),
    conll2003_fewshot_json(shots, draw):: read(
      { type: 'tango_ie::tagged_json' },
      'conll2003_fewshot/%dshot' % shots,
      { train: '%d.json' % draw },
    ),
    // Whole: to be cut into folds; the 119 sentences with overlapping entities are not in it.
    ade: read({ type: 'tango_ie::spert' }, 'ade/spert', { all: 'ade_full.json.gz' }),
    // fold: 0 to 9.
    ade_fold(fold):: read({ type: 'tango_ie::unified' }, 'ade/unified', {
      train: 'train.ADE%d.json.gz' % fold,
      dev: 'valid.ADE%d.json.gz' % fold,
      test: 'test.ADE%d.json.gz' % fold,
    }),
    genia_tokens: read(
      { type: 'tango_ie::token_spans' },
      'genia/jsonlines',
      named('%s.jsonlines', ['dev', 'test']),
    ),

    // -- characters --
    ade_raw: read({ type: 'tango_ie::drug_ae' }, 'ade/raw', { all: 'DRUG-AE.rel' }),
    ade_dose: read(
      { type: 'tango_ie::drug_ae', head: 'Dose', relation: 'Dose' },
      'ade/raw',
      { all: 'DRUG-DOSE.rel' },
    ),
    ade_characters: read(
      { type: 'tango_ie::char_jsonl', doc_id: 'pmid' },
      'ade/char_jsonl',
      { all: 'ade_full.jsonl.gz' },
    ),
    genia: read({ type: 'tango_ie::char_jsonl' }, 'genia/char_jsonl', {
      train: 'train.jsonl.gz',
      dev: 'dev.jsonl',
      test: 'test.jsonl',
    }),
    // The whole corpus, from the original XML.
    genia_xml: read(
      { type: 'tango_ie::genia_xml' },
      'genia/raw',
      { all: 'GENIAcorpus3.02.xml.gz' },
    ),
    // set: BioNLP-ST_2011_REL, tutorial_news or tutorial_bio.
    brat(set):: read({ type: 'tango_ie::brat' }, 'brat', { all: set }),

    // -- triples --
    webnlg: triples('webnlg/casrel/webnlg', whole),
    webnlg_star: triples('webnlg/casrel/webnlg_star', whole),
    webnlg_jointer: read({ type: 'tango_ie::jointer' }, 'webnlg/jointer', named('%s.json')),
    webnlg_mentions: read({ type: 'tango_ie::relation_mentions' }, 'webnlg/relation_mentions', {
      train: 'new_train.json',
      dev: 'new_valid.json',
      test: 'new_test.json',
    }),
    // What lies there as dev.json is the test set.
    webnlg_zeng: read(
      {
        type: 'tango_ie::zeng',
        words: root + 'webnlg/copyre_ids/words2id.json',
        relations: root + 'webnlg/copyre_ids/relations2id.json',
      },
      'webnlg/copyre_ids',
      { train: 'train.json', dev: 'valid.json', test: 'dev.json' },
    ),
    nyt: triples('nyt/casrel/nyt', held_out),
    nyt_star: triples('nyt/casrel/nyt_star', held_out),
    nyt_mentions: read({ type: 'tango_ie::relation_mentions' }, 'nyt/relation_mentions', {
      dev: 'valid.json.gz',
      test: 'test.json.gz',
    }),
    nyt10: triples('nyt10', { dev: 'dev.json', test: 'test.json' }),
    nyt11: triples('nyt11', { dev: 'dev.json', test: 'test.json' }),
    nyt_cotype: read({ type: 'tango_ie::relation_mentions' }, 'nyt_cotype', { test: 'test.json' }),
  }
