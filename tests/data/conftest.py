"""Settings of the tests of data."""

from __future__ import annotations

from hypothesis import settings

# Two busy cores make any deadline a coin toss.
settings.register_profile("tango_ie", deadline=None)
settings.load_profile("tango_ie")
