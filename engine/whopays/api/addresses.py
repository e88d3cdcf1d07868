"""Where the files of a report are, as programs look for them: in JSON and SARIF alike."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from whopays.resources import bundle


class Addresses:
    """Makes of the name of a file, as reports show it, the address of the file.

    Paths are relative to the current folder if the file is in it, as tools that lay
    results over a repository expect, and else whole, as `file:///…`. So are those of
    the files that come with whopays.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root if root.is_dir() else root.parent
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the address of the file that is called `name`."""
        if name not in self._known:
            self._known[name] = self._address(name)
        return self._known[name]

    def _address(self, name: str) -> str:
        own, shipped = self._folder / name, Path(str(bundle("rulesets"))) / name
        if not own.is_file():
            # By its name in a report alone nobody would find it.
            return shipped.resolve().as_uri() if shipped.is_file() else quote(name)
        path = own.resolve()
        try:
            return quote(path.relative_to(Path.cwd()).as_posix())
        except ValueError:
            return path.as_uri()
