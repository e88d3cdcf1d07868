"""`check --format sarif`: a log that other tools can show, by SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import jsonschema
import pytest

from small_rules import GRID, rules
from whopays.api import check
from whopays.api.sarif import documented, sarif_of

_TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
_REGION = {
    "type": "object",
    "required": ["startLine", "startColumn", "endLine", "endColumn"],
    "additionalProperties": False,
    "properties": {
        name: {"type": "integer", "minimum": 1}
        for name in ("startLine", "startColumn", "endLine", "endColumn")
    },
}
_ARTIFACT = {
    "type": "object",
    "required": ["uri"],
    "properties": {"uri": {"type": "string", "pattern": "^[^ \\\\]+$"}},
}
_LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "message": _TEXT,
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {"artifactLocation": _ARTIFACT, "region": _REGION},
        },
    },
}
_REPLACEMENT = {
    "type": "object",
    "required": ["deletedRegion"],
    "properties": {
        "deletedRegion": _REGION,
        "insertedContent": {"type": "object", "required": ["text"]},
    },
}
_FIX = {
    "type": "object",
    "required": ["artifactChanges"],
    "properties": {
        "description": _TEXT,
        "artifactChanges": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["artifactLocation", "replacements"],
                "properties": {
                    "artifactLocation": _ARTIFACT,
                    "replacements": {
                        "type": "array",
                        "minItems": 1,
                        "items": _REPLACEMENT,
                    },
                },
            },
        },
    },
}
#: What of the published schema a log of ours has: the names and types it must have.
_SCHEMA = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results", "columnKind"],
                "properties": {
                    "columnKind": {"const": "unicodeCodePoints"},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["error", "warning"]},
                                "message": _TEXT,
                                "locations": {"type": "array", "items": _LOCATION},
                                "relatedLocations": {
                                    "type": "array",
                                    "items": _LOCATION,
                                },
                                "fixes": {"type": "array", "items": _FIX},
                            },
                        },
                    },
                },
            },
        },
    },
}
MISTAKES = {
    "a name": GRID.replace("area is inside", "aera is inside"),
    "a pasted text": GRID.replace('"Exhibit A"', "“Exhibit A”"),
    "a contradiction": GRID.replace("area is outside", "area is inside "),
}


@pytest.fixture(params=MISTAKES)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Return the run of a log of one file with a mistake."""
    path = tmp_path / "a file.rules"
    path.write_text(rules(grid=MISTAKES[request.param]), encoding="utf-8")
    log = json.loads(json.dumps(sarif_of(check(path).diagnostics, path)))
    jsonschema.validate(log, _SCHEMA)
    (found,) = log["runs"]
    return dict(found)


def test_every_result_is_of_a_rule_that_is_described(run: dict[str, Any]) -> None:
    described = run["tool"]["driver"]["rules"]

    assert run["results"]
    for result in run["results"]:
        rule = described[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["shortDescription"]["text"]
        assert f"#{rule['id'].lower()}-" in rule["helpUri"]


def test_names_of_files_are_addresses(run: dict[str, Any]) -> None:
    (location,) = run["results"][0]["locations"]

    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20file.rules"


def test_a_fix_is_the_edits_of_the_help(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    path.write_text(rules(grid=MISTAKES["a name"]), encoding="utf-8")
    (found,) = check(path).diagnostics

    (result,) = sarif_of([found], path)["runs"][0]["results"]

    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": "area"}
    region = replacement["deletedRegion"]
    line = path.read_text("utf-8").split("\n")[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "aera"


def test_both_places_of_a_contradiction_are_there(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    path.write_text(rules(grid=MISTAKES["a contradiction"]), encoding="utf-8")

    results = sarif_of(check(path).diagnostics, path)["runs"][0]["results"]

    (related,) = results[0]["relatedLocations"]
    assert related["message"]["text"]


def test_paths_are_those_below_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    path = folder / "a.rules"
    path.write_text(rules(grid=MISTAKES["a name"]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    log = sarif_of(check(folder).diagnostics, folder)

    (location,) = log["runs"][0]["results"][0]["locations"]
    artifact = location["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "contracts/a.rules"


def test_every_code_is_documented_with_an_address_of_its_section() -> None:
    page = Path(__file__).parents[2] / "grammar" / "diagnostics.md"
    heads = [line for line in page.read_text("utf-8").split("\n") if line[:3] == "## "]

    for code, rule in documented().items():
        assert f"## {code} {rule.title}" in heads
        assert rule.uri.startswith("file:///")
        assert rule.section


def _artifacts(log: dict[str, Any]) -> list[dict[str, str]]:
    return [
        each["physicalLocation"]["artifactLocation"]
        for result in log["runs"][0]["results"]
        for each in (*result["locations"], *result.get("relatedLocations", ()))
    ]


@pytest.mark.parametrize("inside", [False, True])
def test_json_and_sarif_have_the_same_addresses_and_these_lead_to_files(
    inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).parents[2]
    folder = root / "rulesets/contracts/riverbend-commercial"
    monkeypatch.chdir(root if inside else tmp_path)
    report = check(folder)

    log = sarif_of(report.diagnostics, folder)

    found = _artifacts(log)
    labels = (
        label for each in report.record()["diagnostics"] for label in each["labels"]
    )
    assert [label["uri"] for label in labels] == [each["uri"] for each in found]
    here = f"{Path.cwd().as_uri()}/"
    bases = {name: each["uri"] for name, each in _bases(log).items()}
    whole = [
        urljoin(bases.get(each.get("uriBaseId", ""), here), each["uri"])
        for each in found
    ]
    paths = [Path(unquote(urlsplit(each).path)) for each in whole]
    assert all(path.is_file() for path in paths)
    assert {path.parent.name for path in paths} == {"riverbend-commercial", "2026"}


def _bases(log: dict[str, Any]) -> dict[str, dict[str, str]]:
    return dict(log["runs"][0]["originalUriBaseIds"])
