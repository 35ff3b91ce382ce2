"""Sentences with gold and predictions drawn on them, to be filtered and read in a page."""

from tango_ie.reporting.examples.browser import DIGEST, ExampleBrowser
from tango_ie.reporting.examples.choice import choose
from tango_ie.reporting.examples.example import ErrorMark, Example, RunPrediction
from tango_ie.reporting.examples.from_runs import PredictedRun, examples_of
from tango_ie.reporting.examples.payload import embedded, payload

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

__all__ = [
    "DIGEST",
    "ErrorMark",
    "Example",
    "ExampleBrowser",
    "PredictedRun",
    "RunPrediction",
    "choose",
    "embedded",
    "examples_of",
    "payload",
]
