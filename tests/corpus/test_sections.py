"""Each section of `grammar/diagnostics.md` shows what is wrong, what is right, and why.

The wrong text gives the section's code and the right one does not. A few lines are put
where such lines stand in a small whole file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import small_rules as small
from whopays.api import check, load
from whopays.api.proofs import prove_methods
from whopays.claims.mapping_file import parse_mapping
from whopays.diagnostics import DiagnosticError, Source

PAGE = Path(__file__).parents[2] / "grammar" / "diagnostics.md"
#: What can't be shown in a few lines: bounds, another encoding, many facts, and files
#: beside the rules.
NOT_SHOWN = re.compile(r"P020|P021|C007|C011|L\d+|M\d+")
SECTION = re.compile(r"^## ([A-Z]\d{3}) .*?$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^(Wrong|Right):\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FACTS = """\
facts F "Facts"
  version 1.0
  fact service_date, received_date is date
  fact admission_date is date or none
  fact product is one of HMO, MA
  fact procedure_code is code CPT, HCPCS or none
  fact place_of_service is code POS or none
  fact diagnoses is list of code ICD10CM or none
  fact network is one of inside, outside
  fact authorized_by is party or none
  fact emergency is yes or no
  fact allowed, billed, own_benefit, own_allowed is money per line
  fact prior_paid, plan_paid, withhold, deductible is money per line
  fact reserve_left is money per member per calendar year
  fact plan_percent is percent
  fact covers_as of plan is one of subscriber, dependent
  fact age is number
end
"""
CATALOG = """\
catalog CAT "Services"
  version 1.0
  facts from F 1.0
  match by procedure_code otherwise
end

category "Office visit"
  codes CPT 99202-99215
end

category "Laboratory"
  codes CPT 80047-89398
end
"""
HEAD = """\
contract K "Contract"
  version 1.0
  in force 2026-01-01 to 2026-12-31
  party PLAN "Health Plan"
  party GROUP "Medical Group"
  facts from F 1.0
  categories from CAT 1.0
  decide by service_date
end
"""
GRID = """\
responsibility A "Exhibit A"
  | category     | PLAN | GROUP |
  | Office visit |      |   x   |
  | Laboratory   | 50%  |  50%  |
  otherwise PLAN
end
"""
METHODS = 'methods M "Methods"\n  version 1.0\n  facts from F 1.0\nend\n'
METHOD = f'{METHODS}\nmethod M-1 "M"\n  for secondary\n  per line\n'
TERMS = """\
terms T "Terms"
  version 1.0
  facts from F 1.0
end

term paid_amount by "A"
  per line
  is plan_paid
end

term paid_amount by "B"
  per line
  is plan_paid + withhold
end
"""
LIMIT = """\
limit L "L"
  applies to shares of GROUP
  counts allowed
  per member per contract year
"""
AMENDMENT = "amendment 1 to K version 1.0\n  in force 2026-01-01 onward\n"
#: What stands before and after lines of a block, by their first word.
AROUND = {
    "when": ("exception A-9 to A\n", "  then PLAN\nend\n"),
    "then": ("exception A-9 to A\n  when emergency\n", "end\n"),
    "given": ('test "T"\n  contract K\n', "  expect unlisted\nend\n"),
    "expect": ('test "T"\n  contract K\n  given network inside\n', "end\n"),
    "let": (METHOD, "end\n"),
    "pay": (METHOD, "end\n"),
    "first": (LIMIT, "end\n"),
    "method": (f"{METHODS}\n", ""),
    "term": (f"{TERMS}\n", ""),
    **dict.fromkeys(("add", "replace", "withdraw", "rename"), (AMENDMENT, "end\n")),
    **dict.fromkeys(
        (
            *("define", "exception", "treat", "test", "limit", "route", "amendment"),
            *("order", "clock"),
        ),
        ("", ""),
    ),
}
#: What the proofs of methods say, and the check does not.
OF_PROOFS = {"C017", "C018"}
#: Lines that stand as they are, below the contract.
AS_THEY_ARE = {"P008"}


@dataclass(frozen=True)
class Section:
    """What is written of one code."""

    code: str
    text: str

    def example(self, kind: str) -> str:
        """Return the example of `kind`, Wrong or Right."""
        (found,) = (each[2] for each in EXAMPLE.finditer(self.text) if each[1] == kind)
        return found


SECTIONS = [Section(each[1], each[2]) for each in SECTION.finditer(PAGE.read_text())]
OF_MAPPINGS = [each for each in SECTIONS if re.fullmatch(r"M00\d", each.code)]
SHOWN = [each for each in SECTIONS if not NOT_SHOWN.fullmatch(each.code)]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.code)
def test_section_says_why(section: Section) -> None:
    said = EXAMPLE.sub("", section.text).split("\n")

    assert [line for line in said if line and not line.startswith("Files:")]


@pytest.mark.parametrize("section", SHOWN, ids=lambda each: each.code)
def test_wrong_gives_the_code_and_right_does_not(
    section: Section, tmp_path: Path
) -> None:
    wrong, right = section.example("Wrong"), section.example("Right")

    codes_of = _codes_of_proofs if section.code in OF_PROOFS else _codes
    assert section.code in codes_of(_whole(section.code, wrong), tmp_path)
    assert section.code not in codes_of(_whole(section.code, right), tmp_path)


@pytest.mark.parametrize("section", OF_MAPPINGS, ids=lambda each: each.code)
def test_wrong_mapping_gives_the_code_and_right_does_not(section: Section) -> None:
    assert _mapping_codes(section.example("Wrong"))[:1] == [section.code]
    assert _mapping_codes(section.example("Right")) == []


def _mapping_codes(text: str) -> list[str]:
    path = PAGE.parents[1] / "rulesets" / "facts" / "standard-2026.1.rules"
    facts = load(path, engine="reference").facts
    try:
        parse_mapping(Source("m.yaml", text), facts)
    except DiagnosticError as error:
        return [each.code for each in error.diagnostics]
    return []


def _codes(text: str, folder: Path) -> set[str]:
    path = folder / "shown.rules"
    path.write_text(text, encoding="utf-8")
    return {each.code for each in check(path).diagnostics}


def _codes_of_proofs(text: str, folder: Path) -> set[str]:
    path = folder / "shown.rules"
    path.write_text(text, encoding="utf-8")
    return {each.code for each in prove_methods(path).diagnostics}


def _whole(code: str, text: str) -> str:
    if code in OF_PROOFS:
        return f"edition 1\n\n{FACTS}\n{METHODS}\n{text}"
    if code == "P017":
        return text + HEAD.split("\n", 1)[1]
    if code == "R021":
        return f"edition 1\n\n{FACTS}\n{CATALOG}\n{text}"
    if code[0] == "C":
        return _checked(text)
    parts = {"facts": FACTS, "catalog": CATALOG, "contract": HEAD, "grid": GRID}
    word = re.match(r"\S+", text)
    first = word[0] if word else ""
    if code == "P014":
        first, text = "responsibility", _grid(text, has_header=True)
    if code == "R028" and first == "calendar":
        line, text = text.split("\n", 1)
        parts["contract"] = _with_lines(HEAD, f"{line}\n")
        first = "route"
    if code in AS_THEY_ARE or first in AROUND:
        before, after = ("", "") if code in AS_THEY_ARE else AROUND[first]
        parts["more"] = f"{before}{text}{after}"
    else:
        part, whole = _replaced(first, text)
        parts[part] = whole
    return "\n".join(("edition 1\n", *parts.values()))


def _replaced(first: str, text: str) -> tuple[str, str]:
    """Return the part of the file that holds `text`, and that part with it."""
    match first:
        case "|":
            return "grid", _grid(text, has_header="category" in text)
        case "category" | "rank":
            return "catalog", f"{CATALOG}\n{text}"
        case "codes":
            return "catalog", f'{CATALOG}\ncategory "More"\n{text}end\n'
        case "responsibility":
            return "grid", text
        case "otherwise" | "otherwize":
            return "grid", GRID.replace("  otherwise PLAN\n", text)
        case "fact":
            return "facts", _with_lines(FACTS, text)
        case "contract" | "catalog":
            return first, text
        case _:
            return "contract", _with_lines(HEAD, text)


def _grid(rows: str, *, has_header: bool) -> str:
    """Return the grid with `rows`, under a header with as many columns."""
    columns = rows.split("\n", maxsplit=1)[0].count("|")
    header = "|".join(["", " category ", " PLAN ", " GROUP "][:columns]) + "|\n"
    above = "" if has_header else header
    return f'responsibility A "Exhibit A"\n{above}{rows}  otherwise PLAN\nend\n'


def _with_lines(block: str, lines: str) -> str:
    """Return `block` with `lines`, which take the place of those that begin alike."""
    new = [_key(line) for line in lines.split("\n") if line]
    kept = [line for line in block.split("\n") if _key(line) not in new]
    return "\n".join(kept).replace("end\n", f"{lines}end\n", 1)


def _key(line: str) -> tuple[str, ...]:
    words = line.split()
    return tuple(words[: 2 if words[:1] in (["fact"], ["party"]) else 1])


def _checked(text: str) -> str:
    """Return the small contract of other tests with `text` in it."""
    first = text.split(None, 1)[0]
    match first:
        case "|":
            rows = f"| category | PLAN | IPA |\n{text}| Rooms | x | |\n"
            return small.rules(
                grid=f'responsibility A "A"\n{rows}otherwise unlisted\nend\n'
            )
        case "responsibility":
            return small.rules(grid=text)
        case "category":
            catalog = small.CATALOG.split("category")[0]
            rooms = 'category "Rooms"\n  codes REV 0100-0199\nend\n'
            return small.rules(catalog=f"{catalog}{text}{rooms}")
        case "decide":
            return small.rules(head=_with_lines(small.HEAD, text))
        case "in":
            return small.rules(catalog=_with_lines(small.CATALOG, text))
        case "contract":
            return _two_contracts(text)
        case _:
            return small.rules(text)


def _two_contracts(text: str) -> str:
    """Return two whole contracts whose products are those of the heads in `text`."""
    found = re.findall(r'contract (\w+) ".*?"\n  products (\w+)', text)
    heads = [
        small.HEAD.replace("contract K", f"contract {name}").replace(
            "products HMO", f"products {product}"
        )
        for name, product in found
    ]
    return small.rules(*(f"{head}\n{small.GRID}" for head in heads[1:]), head=heads[0])
