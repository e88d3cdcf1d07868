"""Where the files of a report are, as programs look for them: in JSON and SARIF alike."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from whopays.resources import bundle

#: What an address is relative to where it is not the current folder.
_OF_RULES, _SHIPPED = "RULES", "WHOPAYS"


class Addresses:
    """Makes of the name of a file, as reports show it, the address of the file.

    It is relative to the current folder if the file is in it, as tools that lay results
    over a repository expect; else to the folder of rules, or for a file that comes with
    whopays to the rulesets. So an address says nothing of the machine.
    """

    def __init__(self, root: Path) -> None:
        folder = root if root.is_dir() else root.parent
        self._folders = {
            _OF_RULES: folder.resolve(),
            _SHIPPED: Path(str(bundle("rulesets"))).resolve(),
        }
        self._known: dict[str, tuple[str, str]] = {}

    def uri(self, name: str) -> str:
        """Return the address of the file that is called `name`."""
        return self._found(name)[0]

    def base(self, name: str) -> str:
        """Return to which of the `bases` it is relative, empty for the current folder."""
        return self._found(name)[1]

    @property
    def bases(self) -> dict[str, str]:
        """The folders that addresses are relative to, each whole."""
        return {base: f"{each.as_uri()}/" for base, each in self._folders.items()}

    def _found(self, name: str) -> tuple[str, str]:
        if name not in self._known:
            self._known[name] = self._address(name)
        return self._known[name]

    def _address(self, name: str) -> tuple[str, str]:
        own = self._folders[_OF_RULES] / name
        if not own.is_file() and (self._folders[_SHIPPED] / name).is_file():
            return quote(name), _SHIPPED
        try:
            return quote(own.relative_to(Path.cwd()).as_posix()), ""
        except ValueError:
            return quote(name), _OF_RULES
