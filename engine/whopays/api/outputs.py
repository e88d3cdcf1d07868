"""Decisions explained from the output of a run alone, without its rules or claims."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.explain import decision_record, explanation_record, sentence, tree
from whopays.explain.duties import duty_lines
from whopays.explain.recorded import Told
from whopays.explain.tree import why_not as why_not_text

if TYPE_CHECKING:
    from whopays.batch.found import Output


def is_output(path: Path) -> bool:
    """Tell whether `path` is the output folder of a run."""
    return path.is_dir() and (path / "manifest.json").is_file()


def output(folder: Path) -> Output:
    """Return the output in `folder`. Raise `NoOutputError` if it is none of `decide`."""
    from whopays.batch.found import Output  # noqa: PLC0415 - on demand

    found = Output(folder)
    found.manifest  # noqa: B018 - read now, so that what is wrong with it is told now
    return found


def parties_of(found: Output) -> set[str]:
    """Return the ids of all parties and funds of the rules of a run."""
    contracts = found.manifest["parties"].values()
    return {
        party for versions in contracts for some in versions.values() for party in some
    }


def told(decision: Told, form: str, why_not: str | None = None) -> str:
    """Return what is told of a decision: `form` is "sentence", "tree" or "json".

    With `why_not`, a party: why that party does not bear the line.
    """
    if why_not is not None:
        return why_not_text(decision, why_not)
    if form == "json":
        return json.dumps(record(decision), indent=2, ensure_ascii=False)
    if form == "tree":
        return tree(decision)
    return " ".join((sentence(decision), *duty_lines(decision)))


def record(decision: Told) -> dict[str, Any]:
    """Return the decision as plain data, with its explanation under `trace`."""
    trace = explanation_record(decision.shared)
    return {**decision_record(decision), "trace": trace}


def page_of_output(
    found: Output,
    decisions: Iterable[Told],
    rejects: Iterable[Mapping[str, Any]],
    why_not: str | None = None,
) -> str:
    """Return the explanations of `decisions`, and the `rejects`, as a page of HTML."""
    from whopays.claims import Reject  # noqa: PLC0415 - on demand
    from whopays.pages import About, explain_page  # noqa: PLC0415

    manifest = found.manifest
    asked = (("as known on", "known_on"), ("by contract", "contract"))
    about = About(
        manifest["whopays"],
        tuple((each["name"], each["sha256"]) for each in manifest["rules"]),
        tuple((said, manifest[name]) for said, name in asked if manifest[name]),
    )
    several = [Reject(**each) for each in rejects]
    return explain_page(about, [(each, None) for each in decisions], several, why_not)
