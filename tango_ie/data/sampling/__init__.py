"""Corpora made from corpora: samples, folds, other labels, several as one.

Every function takes a :class:`~tango_ie.data.corpus.Corpus` and gives one. What was dropped is in
the notes of its statistics; what was done, and which sentences were drawn, is the last entry of
``corpus.origin["operations"]``. Draws depend on the seed and on the sentences, not on the order in
which they lie in a file.
"""

from tango_ie.data.sampling.downsample import downsample
from tango_ie.data.sampling.folds import make_fold
from tango_ie.data.sampling.fraction import fraction
from tango_ie.data.sampling.hold_out import hold_out
from tango_ie.data.sampling.k_shot import k_shot
from tango_ie.data.sampling.map_labels import map_labels
from tango_ie.data.sampling.merge import merge
from tango_ie.data.sampling.remove_leakage import remove_leakage
from tango_ie.data.sampling.remove_overlaps import remove_overlaps
from tango_ie.data.sampling.select_splits import select_splits

__all__ = [
    "downsample",
    "fraction",
    "hold_out",
    "k_shot",
    "make_fold",
    "map_labels",
    "merge",
    "remove_leakage",
    "remove_overlaps",
    "select_splits",
]
