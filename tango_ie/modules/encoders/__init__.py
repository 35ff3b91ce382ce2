"""Encoders: sentences in, one vector per word out."""

from tango_ie.modules.encoders.archived import open_archive
from tango_ie.modules.encoders.base import Encoder, EncoderBatch, EncoderFeatures
from tango_ie.modules.encoders.encoder_archive import EncoderArchive, EncoderArchiveFormat
from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tango_ie.modules.encoders.transformer import TransformerEncoder

__all__ = [
    "Encoder",
    "EncoderArchive",
    "EncoderArchiveFormat",
    "EncoderBatch",
    "EncoderFeatures",
    "TransformerEncoder",
    "WordTokenizer",
    "open_archive",
]
