"""The commands of ``tango-ie``, one module each."""
