"""Where resolving puts what it finds wrong; a name that fails is said once."""

from __future__ import annotations

from collections.abc import Iterable

from whopays.diagnostics import Diagnostic, Label, Severity, Span, nearest


class Report:
    """Collects diagnostics."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        remedy: str = "",
        *,
        remark: str = "",
        also: Iterable[Label] = (),
    ) -> None:
        """Add an error at `span`."""
        labels = (Label(span, remark), *also)
        self.found.append(Diagnostic(code, message, labels, remedy))

    def warning(self, code: str, message: str, span: Span, remedy: str = "") -> None:
        """Add a warning at `span`."""
        found = Diagnostic(
            code, message, (Label(span),), remedy, severity=Severity.WARNING
        )
        self.found.append(found)

    def unknown(
        self, code: str, what: str, name: str, span: Span, known: Iterable[str]
    ) -> None:
        """Add the error of a name that does not exist, with the nearest that does."""
        names = list(known)
        near = nearest(name, names)
        if near is not None:
            remedy = f"did you mean `{near}`?"
        elif 0 < len(names) <= 12:  # noqa: PLR2004 - what still reads as a list
            remedy = f"there are {', '.join(f'`{each}`' for each in names)}"
        else:
            remedy = ""
        shown = name if len(name) <= 60 else f"{name[:57]}..."  # noqa: PLR2004
        self.error(code, f"there is no {what} `{shown}`", span, remedy)

    def twice(self, what: str, name: str, again: Span, first: Span) -> None:
        """Add the error of a name that is declared again."""
        self.error(
            "R006",
            f"{what} `{name}` is declared twice",
            again,
            "rename one, or take it out",
            also=(Label(first, "first declared here"),),
        )
