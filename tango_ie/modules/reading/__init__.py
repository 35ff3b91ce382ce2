"""Reading comprehension: an encoder that reads a query and a sentence, and spans that answer."""
