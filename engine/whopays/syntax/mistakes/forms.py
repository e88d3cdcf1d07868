"""How each statement is written: the help where nothing better is known."""

from __future__ import annotations

from whopays.syntax import surface

#: By the rule of the grammar. Names in capitals stand for names of the author.
FORMS = {
    "edition": "edition 1",
    "version": "version 1.0",
    "amended_by": "amended by 1, 2",
    "cites": 'cites "Exhibit A, note 1"',
    "when_line": "when network is outside and age >= 21",
    "facts_head": 'facts ID "title"',
    "fact": "fact network is one of inside, outside",
    "amount": "amount NAME per line = AMOUNT",
    "catalog_head": 'catalog ID "title"',
    "in_force": "in force 2026-01-01 to 2026-12-31` or `in force 2026-01-01 onward",
    "facts_from": "facts from STANDARD 2026.1",
    "match_by": "match by revenue_code, procedure_code otherwise",
    "category_head": 'category "Office visits"',
    "also_called": 'also called "Doctor visits", "Visits"',
    "codes": "codes CPT 99202-99215, 99381",
    "under": 'under "Office visits"',
    "rank": 'rank "A" before "B", "C"',
    "contract_head": 'contract ID "title"',
    "signed": "signed 2025-11-20",
    "payer_for": 'for payer "Health Plan" group "G-100"',
    "products": "products HMO, MA",
    "party": 'party PLAN "Health Plan"',
    "fund": 'fund POOL "Shared-risk pool" paid by PLAN',
    "categories_from": "categories from STD 2026.1",
    "regulations_from": "regulations from CA-HMO 2026.1",
    "terms_from": "terms from COLORADO 2026.1",
    "divides": "divides allowed",
    "calendar": "calendar US-FEDERAL",
    "decide_by": "decide by service_date",
    "responsibility_head": 'responsibility ID "title"',
    "otherwise": 'otherwise PLAN cites "Section 2"',
    "define_head": "define NAME when CONDITION",
    "exception_head": 'exception ID to GRID "Category"',
    "then_line": "then PLAN` or `then PLAN 60%, GROUP 40%",
    "regardless": "regardless of network",
    "treat_head": 'treat ID "A" as "B"',
    "amendment_head": "amendment 1 to CONTRACT version 1.0",
    "replace": 'replace GRID "Category" with PLAN',
    "add_to": 'add to GRID "Category" with PLAN',
    "withdraw": 'withdraw GRID "Category"` or `withdraw ID',
    "rename": 'rename party PLAN "New name"',
    "limit_head": 'limit ID "title"',
    "applies": "applies to shares of GROUP",
    "counts": "counts allowed",
    "per": "per line`, `per claim` or `per member per contract year",
    "first_tier": "first GROUP up to $9,000.00",
    "then_tier": "then PLAN 80%, GROUP 20% up to $20,000.00",
    "recover": "recover within 90 days of period_end",
    "yields": "yields to ID",
    "route_head": 'route ID "title"',
    "then_duty": "then forward or deny within 10 working days of received_date",
    "clock_head": 'clock ID "title"',
    "then_pay": "then pay within 30 calendar days of received_date",
    "interest": "interest 15% per year` or `interest greater of (15% per year, "
    "$15.00 per year or part)",
    "regulation_head": 'regulation ID "title"',
    "methods_head": 'methods ID "title"',
    "method_head": 'method ID "title"',
    "positions": "for secondary, tertiary",
    "let": "let NAME = AMOUNT` or `let NAME = AMOUNT if CONDITION else AMOUNT",
    "pay": "pay AMOUNT",
    "patient_owes": "patient owes AMOUNT",
    "carry": "carry NAME = AMOUNT",
    "bound": "not below AMOUNT` or `not above AMOUNT",
    "rounded": "rounded half even",
    "by_hand": "calculate by hand",
    "breaks": 'breaks charge because "why"',
    "order_head": 'order ID "title"',
    "rule_head": 'rule ID "title"',
    "ahead": "this ahead of other when CONDITION",
    "rules_from": "rules from ORDER 1.0",
    "share_equally": "otherwise share equally",
    "terms_head": 'terms ID "title"',
    "term_head": 'term NAME by "Source"',
    "called": 'called "Allowed amount"',
    "is_line": "is AMOUNT",
    "reading": "reading NAME is AMOUNT",
    "holds_when": "holds when CONDITION",
    "ambiguous": 'ambiguous because "reason"',
    "undefined": 'undefined because "reason"',
    "test_head": 'test "What it shows"',
    "test_contract": "contract ID",
    "test_method": "method ID",
    "test_order": "order ID",
    "test_term": 'term NAME by "Source"',
    "generated": "generated, unreviewed",
    "known_on": "known on 2026-03-04",
    "given": "given procedure_code CPT 99213, network outside",
    "test_line": "line procedure_code CPT 99213, allowed $100.00",
    "counted": "counted LIMIT $9,200.00",
    "expect": "expect PLAN 60%, GROUP 40%` or `expect PLAN because ID",
}
_FACTS = {
    "money": "fact allowed is money per line",
    "code": "fact procedure_code is code CPT, HCPCS or none",
    "list": "fact diagnoses is list of code ICD10CM or none",
    "number": "fact age is number",
    "date": "fact admission_date is date or none",
    "one": "fact network is one of inside, outside",
}
_HEADS = {f"{kind}_head": kind for kind in surface.BLOCKS}


def form_of(text: str) -> str:
    """Return how the statement that `text` begins is written, as a help, or nothing."""
    words = text.split()
    if words[:1] == ["then"] and {"forward", "deny", "within"}.intersection(words):
        return f"it is written `{FORMS['then_duty']}`"
    if words[:1] == ["fact"]:
        kind = next((each for each in _FACTS if each in words), "one")
        return f"it is written `{_FACTS[kind]}`"
    best, found = 0, ""
    for rule, form in FORMS.items():
        written = _HEADS.get(rule, surface.written(rule)).split()
        same = 0
        while words[same : same + 1] == written[same : same + 1] != []:
            same += 1
        # The longest beginning that fits: `decide by`, or `decide` alone.
        if same > best:
            best, found = same, f"it is written `{form}`"
    return found
