"""What a check can say of a contract, in sentences for its author."""

from __future__ import annotations

from collections.abc import Iterator

from whopays.checks.contract import Checked

_SHOWN = 10
_UNSAYABLE = 10**12
_NAMES = {"(no category)": "lines of no category"}


def statement(name: str, checked: Checked) -> Iterator[str]:
    """Yield what is proved of the contract `name`, then the details of it."""
    yield f"{name}: {claim(checked)}"
    yield from (f"  {each}" for each in details(checked))
    if checked.by_otherwise:
        names = _listed(by_otherwise(checked))
        yield f"  `otherwise` answers, sometimes or always, for: {names}"


def by_otherwise(checked: Checked) -> list[str]:
    """Return for what an `otherwise` answers, in words."""
    return [_NAMES.get(name, name) for name in sorted(checked.by_otherwise)]


def is_proved(checked: Checked) -> bool:
    """Tell whether exactly one answer is proved to stand, everywhere."""
    errors = any(each.is_error for each in checked.found)
    return not (errors or checked.too_large or checked.possible)


def claim(checked: Checked) -> str:
    """Return what is proved, in one sentence."""
    if not checked.versions:
        return "no text of it is known, so there is nothing to check"
    if any(each.is_error for each in checked.found):
        return "not yet one answer in every case; mend the errors first"
    if is_proved(checked):
        return "exactly one answer stands in every case that a line can be in"
    return "exactly one answer stands, but for what is listed here"


def details(checked: Checked) -> Iterator[str]:
    """Yield how much was looked at, and what is not proved."""
    if not checked.versions:
        return
    yield (
        f"{counted(checked.entries, 'case')} decided, "
        f"in {counted(checked.tables, 'table')} (one for each category and version), "
        f"over {counted(checked.versions, 'version')} of the text"
    )
    if checked.amendments:
        numbers = ", ".join(map(str, checked.amendments))
        plural = "s" if len(checked.amendments) > 1 else ""
        yield f"the text is looked at as it is known with amendment{plural} {numbers}"
    if checked.catalog_ends:
        yield checked.catalog_ends
    if checked.too_large:
        yield (
            "too many cases, so not proved (C007 says what to do): "
            f"{_listed(checked.too_large)}"
        )
    for each in checked.possible:
        yield f"{each.message}; {'; '.join(each.notes)}"


def counted(number: int, noun: str) -> str:
    """Return `1 case`, `2,000 cases`, `no cases`; of very many, that they are."""
    if number == 1:
        return f"1 {noun}"
    if number > _UNSAYABLE:
        return f"more than {_UNSAYABLE:,} {noun}s"
    return f"{number:,} {noun}s" if number else f"no {noun}s"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = len(names) - _SHOWN
    rest = f" and {more} more" if more > 0 else ""
    shown = (_NAMES.get(name, name) for name in names[:_SHOWN])
    return ", ".join(shown) + rest
