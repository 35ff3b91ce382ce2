"""The modules of this folder are imported by tests under their own names, not collected."""

collect_ignore_glob = ["*.py"]
