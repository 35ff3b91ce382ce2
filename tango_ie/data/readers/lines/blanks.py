"""Cutting a line at its blanks: spaces and tabs, nothing else."""

from __future__ import annotations

BLANKS = " \t\r\n"


def split_at_blanks(line: str) -> list[str]:
    r"""The cells of a line.

    Unlike ``str.split``, which also cuts at no-break and ideographic spaces: those are parts of
    words.

    >>> split_at_blanks("one\u00a0two  three\t\n")
    ['one\xa0two', 'three']
    """
    return [cell for cell in line.rstrip("\r\n").replace("\t", " ").split(" ") if cell]
