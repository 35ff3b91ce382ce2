"""What is in the splits of a corpus, counted while their sentences pass by."""

from tango_ie.data.statistics.sentence_hashes import SentenceHashes
from tango_ie.data.statistics.split_statistics import SplitStatistics

__all__ = ["SentenceHashes", "SplitStatistics"]
