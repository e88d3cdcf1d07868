"""What would change an answer: sets of facts, and what they would have to become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whopays.model.values import Value


@dataclass(frozen=True)
class Becomes:
    """One fact: what it is `now`, as text, and the condition that it would have to meet.

    `condition` is in the language, but for codes of services, which are named by them.
    """

    fact: str
    now: str
    condition: str


@dataclass(frozen=True)
class Way:
    """What the facts of a set would have to become, and the answer that there is then.

    `answer` is in words. `needs` are the facts on which it would then depend. `example`
    has a value for each fact of the set.
    """

    becomes: tuple[Becomes, ...]
    status: str
    answer: str
    needs: tuple[str, ...]
    example: Mapping[str, Value] = field(repr=False)


@dataclass(frozen=True)
class ChangeSet:
    """Facts that change the answer together, while fewer of them never do."""

    facts: tuple[str, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Changes:
    """All that would change the answer of one line, the fewest facts first.

    `goal` says in words what was looked for; `is_so`: it is so already. `settles`: the line is undetermined, and
    the facts are unknown ones that would settle it. Sets of more than `largest` facts
    were not looked for; `is_complete` is False where the search was cut off before.
    `fixed` were left alone, though the answer may depend on them.
    """

    goal: str
    settles: bool
    sets: tuple[ChangeSet, ...]
    largest: int
    is_complete: bool
    fixed: tuple[str, ...]
    is_so: bool = False
