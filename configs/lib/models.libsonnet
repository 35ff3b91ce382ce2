// Models. Everything else that one can be told is in its docstring (tango_ie/models/); add it with
// `models.tagger(encoder) { dropout: 0.2 }`.

{
  // One tag per word; head: 'softmax' or 'crf'.
  tagger(encoder, head='softmax'):: { type: 'tango_ie::tagger', encoder: encoder, head: head },
}
