"""What a fact of a line can be: a value, none (known not to exist) or unknown.

Values are plain: `str` for text, enumerations, parties and codes, `bool` for yes or
no, `int` cents for money, `int` or `Fraction` for numbers and percents (a percent of
12.5 is `Fraction(25, 2)`), `date` for dates, `(month, day)` for birthdays and a
`tuple` of codes for lists. Never a float.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final, TypeAlias


class Missing(Enum):
    """The two ways of not having a value; they are not the same."""

    NONE = "none"
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        """Return the word of the language."""
        return self.value


NONE: Final = Missing.NONE
UNKNOWN: Final = Missing.UNKNOWN

Number: TypeAlias = int | Fraction
Scalar: TypeAlias = str | bool | int | Fraction | date | tuple[int, int]
Value: TypeAlias = Scalar | tuple[str, ...] | Missing
