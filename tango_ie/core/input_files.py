"""Files and folders that enter a cache key by their content.

A path says where something lies today, not what it is: moving a corpus must not retrain anything,
and editing one must. The two string types here mark the arguments for which this holds.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
from pathlib import Path

from tango_ie.core.errors import ConfigurationError

PACKAGE_SCHEME = "pkg://"
HUB_SCHEME = "hf://"
_CHUNK = 1 << 20
_digests: dict[tuple[str, int, int], str] = {}


class InputFile(str):
    """A path of a file or folder that a step reads; its content enters the cache key.

    ``pkg://PACKAGE/PATH`` names a file inside an installed package. ``hf://OWNER/NAME?split=train``
    names data on a hub, which enter the key by this name: what lies there is not looked at.
    """

    def resolve(self) -> Path:
        """The real path; that of a hub name is for :func:`hub_name` only.

        Raises:
            ConfigurationError: nothing lies there.
        """
        return existing_path(self)


class PretrainedName(str):
    """The name of pretrained weights: a hub name, a local folder or ``pkg://PACKAGE/FOLDER``.

    A folder enters the cache key by content, a hub name by itself.
    """


def resolve_location(name: str) -> str:
    """Turn ``pkg://PACKAGE/PATH`` into the real path; any other name is returned as it is.

    Raises:
        ConfigurationError: the package is not installed, or has no such file.
    """
    if not name.startswith(PACKAGE_SCHEME):
        return name
    package, _, inner = name[len(PACKAGE_SCHEME) :].partition("/")
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            f"{name!r} names the package {package!r}, which is not installed; "
            f"install it (pip install {package.replace('_', '-')}) or give another path"
        )
    path = Path(next(iter(spec.submodule_search_locations)), inner)
    return str(existing_path(str(path), shown=name))


def hub_name(path: str | Path) -> str | None:
    """The ``hf://`` name that was given as ``path``, or ``None``; a path makes one slash of two.

    >>> hub_name(Path("hf://ada/notes?split=train"))
    'hf://ada/notes?split=train'
    """
    before, colon, name = str(path).partition(":")
    is_hub = f"{before}{colon}//" == HUB_SCHEME and name.startswith("/")
    return HUB_SCHEME + name.lstrip("/") if is_hub else None


def existing_path(name: str, shown: str | None = None) -> Path:
    """The path that ``name`` stands for.

    Raises:
        ConfigurationError: it does not exist; the message names what is there instead.
    """
    path = Path(resolve_location(name)).expanduser()
    if hub_name(name) is not None or path.exists():
        return path
    folder = path.parent
    if not folder.is_dir():
        hint = f"the folder {folder} does not exist (relative paths start at {Path.cwd()})"
    else:
        there = sorted(entry.name for entry in folder.iterdir())
        near = difflib.get_close_matches(path.name, there, n=3) or there[:5]
        hint = f"in {folder} there is {', '.join(near) if near else 'nothing'}"
    raise ConfigurationError(f"{shown or name!r} does not exist; {hint}")


def content_digest(path: Path) -> str:
    """Hash of a file's bytes, or of all files of a folder with their relative names.

    Of a hub name it is the hash of the name itself.
    """
    on_hub = hub_name(path)
    if on_hub is not None:
        return hashlib.blake2b(on_hub.encode(), digest_size=20).hexdigest()
    if path.is_dir():
        digest = hashlib.blake2b(digest_size=20)
        for entry in sorted(p for p in path.rglob("*") if p.is_file()):
            line = f"{entry.relative_to(path).as_posix()}\0{content_digest(entry)}\n"
            digest.update(line.encode())
        return digest.hexdigest()
    status = path.stat()
    # Within one process a file is hashed once; across processes it is always read again.
    key = (str(path.resolve()), status.st_size, status.st_mtime_ns)
    if key not in _digests:
        digest = hashlib.blake2b(digest_size=20)
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        _digests[key] = digest.hexdigest()
    return _digests[key]
