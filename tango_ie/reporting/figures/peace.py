"""Using matplotlib without leaving a trace: no pyplot, no settings, no word on stderr."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Any: matplotlib's own type names each of its three hundred settings.
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tango_ie",
    "text.parse_math": False,  # a dollar in a name is a dollar
    "text.usetex": False,
    "path.simplify": False,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib; only measures, see svg.py
    "lines.scale_dashes": False,
    "axes.unicode_minus": True,
}


@contextmanager
def matplotlib_at_peace() -> Iterator[None]:
    """Import and use matplotlib; its settings, its warnings and its log stay inside.

    In a home that cannot be written it logs that its cache lies elsewhere, on its first use that
    it looks for fonts, and for names in other scripts it warns that its font has no such glyphs;
    the browser's will have them.
    """
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import matplotlib

            with matplotlib.rc_context():
                matplotlib.rcdefaults()  # a user's own settings are not for reports
                matplotlib.rcParams.update(_SETTINGS)
                yield
    finally:
        log.setLevel(level)
