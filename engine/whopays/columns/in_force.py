"""Codes of many lines that are not in force on their day: each code and day asked once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whopays.columns.answers import Texts, text_column
from whopays.columns.cells import combined
from whopays.columns.from_decisions import json_text
from whopays.columns.interned import Interned, Pairs, Places
from whopays.columns.lines import Coded, Lines
from whopays.columns.own import occurring
from whopays.decide.codes import DAY, CodeGate
from whopays.explain.record import codes_record
from whopays.model.claim import Line
from whopays.model.validity import CodeNote
from whopays.model.values import UNKNOWN


class InForce:
    """Takes away the codes of lines that `gate` says are not in force, and says which."""

    def __init__(self, gate: CodeGate) -> None:
        self._gate = gate
        self._notes: Interned[tuple[CodeNote, ...]] = Interned()
        self._notes.place(())
        self._pairs = Pairs()
        self._texts = Texts()

    def passed(self, lines: Lines) -> tuple[Lines, Any]:
        """Return `lines` without those codes, and the column that tells of them."""
        facts = dict(lines.facts)
        of_line = np.zeros(len(lines), np.int32)
        for name in self._gate.asked:
            column = lines.facts.get(name)
            if not isinstance(column, Coded):
                continue
            notes = self._asked(name, lines)
            if not notes.any():
                continue
            at = np.where(notes > 0, np.int32(len(column.values)), column.at)
            facts[name] = Coded(at, [*column.values, UNKNOWN])
            of_line = self._joined(of_line, notes)
        return replace(lines, facts=facts), self._column(of_line)

    def _asked(self, name: str, lines: Lines) -> Places:
        """Return what is to be said of the fact on each line, by number; 0 for nothing."""
        days = lines.facts.get(DAY)
        column = lines.facts[name]
        keys, count = combined([column, days])
        firsts = np.full(count, -1, np.int64)
        firsts[keys[::-1]] = np.arange(len(keys))[::-1]
        table = np.zeros(count, np.int32)
        for key in np.flatnonzero(firsts >= 0).tolist():
            place = int(firsts[key])
            given = {name: column.value(place)}
            if days is not None:
                given[DAY] = days.value(place)
            _, notes = self._gate.passed(Line("", "", given))
            table[key] = self._notes.place(notes)
        found: Places = table[keys]
        return found

    def _joined(self, before: Places, more: Places) -> Places:
        """Return the number of the notes of both."""
        pairs = self._pairs.numbers(before, more)
        firsts = np.zeros(int(pairs.max(initial=0)) + 1, np.int64)
        firsts[pairs[::-1]] = np.arange(len(pairs))[::-1]
        seen = occurring(pairs, len(firsts))
        table = np.zeros(len(firsts), np.int32)
        things = self._notes.things
        for pair in np.flatnonzero(seen).tolist():
            at = firsts[pair]
            table[pair] = self._notes.place((*things[before[at]], *things[more[at]]))
        found: Places = table[pairs]
        return found

    def _column(self, of_line: Places) -> Any:
        digests = self._gate.digests
        used = np.flatnonzero(occurring(of_line, len(self._notes))).astype(np.int32)
        numbers = np.zeros(len(self._notes), np.int32)
        for number in used.tolist():
            told = codes_record(digests, self._notes.things[number])
            numbers[number] = self._texts.place(json_text(told))
        return text_column(self._texts, numbers, of_line, used)
