"""Declarative experiments for information extraction.

One Jsonnet file names the parts, Tango steps chain them into cached DAGs, and the last step of a
DAG compares the arms of the experiment. The packages, from the lowest floor up:

* :mod:`tango_ie.core`: the layer over Tango (registry, configs, cache keys, workspace, errors)
* :mod:`tango_ie.data`: sentences, corpora, readers
* :mod:`tango_ie.modules`, :mod:`tango_ie.metrics`: parts of models; scorers
* :mod:`tango_ie.models`, :mod:`tango_ie.reporting`
* :mod:`tango_ie.inference`: archives and prediction
* :mod:`tango_ie.training`, :mod:`tango_ie.cli`
"""

__version__ = "0.1.0"
