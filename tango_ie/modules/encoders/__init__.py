"""Encoders: sentences in, one vector per word out."""

from tango_ie.modules.encoders.archived import open_archive
from tango_ie.modules.encoders.base import Encoder, EncoderBatch, EncoderFeatures
from tango_ie.modules.encoders.cached_features import CachedFeatures
from tango_ie.modules.encoders.casing import Casing
from tango_ie.modules.encoders.character_birnn import CharacterBiRNN
from tango_ie.modules.encoders.character_cnn import CharacterCNN
from tango_ie.modules.encoders.concat import Concat
from tango_ie.modules.encoders.context import DocumentContext
from tango_ie.modules.encoders.encoded_corpus import EncodedCorpus, EncodedCorpusFormat
from tango_ie.modules.encoders.encoder_archive import EncoderArchive, EncoderArchiveFormat
from tango_ie.modules.encoders.frozen_transformer import FrozenTransformer
from tango_ie.modules.encoders.recurrent import RecurrentEncoder
from tango_ie.modules.encoders.static_vectors import StaticVectors
from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.encoders.word_tags import WordTags

__all__ = [
    "CachedFeatures",
    "Casing",
    "CharacterBiRNN",
    "CharacterCNN",
    "Concat",
    "DocumentContext",
    "EncodedCorpus",
    "EncodedCorpusFormat",
    "Encoder",
    "EncoderArchive",
    "EncoderArchiveFormat",
    "EncoderBatch",
    "EncoderFeatures",
    "FrozenTransformer",
    "RecurrentEncoder",
    "StaticVectors",
    "TransformerEncoder",
    "WordTags",
    "WordTokenizer",
    "open_archive",
]
