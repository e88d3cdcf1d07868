"""How people say what the language writes in one way: for the help, never to be accepted.

Each is tried only where a statement can't be read, and told only if the statement can be
read with it.
"""

from __future__ import annotations

import re

_NOT_LESS = (
    "at least|no less than|not less than|on or after|from and after|or more than"
)
_NOT_MORE = "at most|no more than|not more than|on or before|up to|not exceeding"
_MORE = (
    "greater than|more than|higher than|larger than|later than|longer than|over|above"
)
_MORE += "|older than|exceeds|exceeding|exceed|after|beyond"
_LESS = "younger than|less than|fewer than|lower than|smaller than|earlier than|under|below|before"
#: Words, and what to write for them. Longer wordings stand first.
_PHRASES = (
    (r"(is )?(greater|more|later) than or equal( to)?", ">="),
    (r"(is )?(less|fewer|earlier) than or equal( to)?", "<="),
    (rf"(is )?({_NOT_LESS})", ">="),
    (rf"(is )?({_NOT_MORE})", "<="),
    (rf"(is )?({_MORE})", ">"),
    (rf"(is )?({_LESS})", "<"),
    (r"(is )?(>=|=>)", ">="),
    (r"(is )?(<=|=<)", "<="),
    (r"(is )?<>", "is not"),
    (r"is >", ">"),
    (r"is <", "<"),
    (r"(is )?(!=|~=|not =|not equal to|not equal)", "is not"),
    (r"(does not equal|isn't|isnt|aren't|are not|was not|were not)", "is not"),
    (r"(is )?(not one of|not any of|not among|not in)", "not in"),
    (r"(is )?(one of|any of|either of|among|within|in)", "in"),
    (r"is not (null|none|empty|blank|missing|absent)", "is given"),
    (
        r"is (null|none|empty|blank|missing|absent|not present|not there)",
        "is not given",
    ),
    (r"(is (present|there|filled|known|provided|filled in)|exists)", "is given"),
    (r"(does not|do not|doesn't|don't) exist", "is not given"),
    (r"(contains?|includes|including|has|have|is|are|in)", "include"),
    (r"(==|=|equals|equal to|is equal to|are|was|were)", "is"),
    (r"(is )?(yes|true)", ""),
    (r"(plus|as well as)", "and"),
    (r"(and|plus|&|or)", ","),
    (r"upto", "up to"),
    # `then pay within 30 days after …`, `then forward to GROUP within …`: who gets it
    # follows from who pays.
    (r"(after|from)", "of"),
    (r"to [A-Z][A-Z0-9-]*", ""),
    (r"(a|each|every|an)", "per"),
    (r"(within|by|no later than|not later than|in)", "within"),
    (r"(before|prior to|precedes|goes before|first before)", "ahead of"),
    (r"five", "5"),
    (r"ten", "10"),
    (r"fifteen", "15"),
    (r"thirty", "30"),
    (r"sixty", "60"),
    (r"ninety", "90"),
    (r"(isnot|is-not|isn't)", "is not"),
    (r"(known as|named|titled)", "called"),
    (r"(integer|int|float|decimal|numeric|count)", "number"),
    (r"(string|str|varchar|char)", "text"),
    (r"(boolean|bool|yes/no|y/n|yes no|true or false)", "yes or no"),
    (r"(datetime|timestamp|day)", "date"),
    (r"(percentage|pct)", "percent"),
    (r"(money|currency|dollars|amount|dollar amount)", "money per line"),
    (r"(enum|any of|either)", "one of"),
    (
        r"(optional|nullable|or null|or empty|or blank|or nothing|can be empty)",
        "or none",
    ),
    (r"(x|times|multiplied by|\u00d7)", "*"),
    (r"(is|equals|:=|as|to be)", "="),
    (r"(min|minimum|lower|lowest|smaller|smallest|least)( of)?", "lesser of"),
    (r"(max|maximum|higher|highest|larger|largest|most|bigger)( of)?", "greater of"),
    (r"not (less|lower|under) than", "not below"),
    (r"not (more|greater|over|higher) than", "not above"),
    (r"not (to )?exceed(ing)?", "not above"),
    (r"(from|of|since|following|past)", "after"),
    (r"(prior to|ahead of|until)", "before"),
    (r"(is )?within (?=\d)", "<="),
    (r"(//|--|/\*|<!--)", "#"),
    (r"(to|through|thru|until|till|and|-|\.\.+|/)", "-"),
    (r"(through|thru|until|till|and|-|ending|ends)", "to"),
    (r"(where|if|whenever|provided that|provided|in case|unless not)", "when"),
    (r"(else|by default|default|all other|all others|everything else)", "otherwise"),
    (r"(pays?|pay for|shall pay|is responsible|bears?)", ""),
    (r"(true|TRUE|True|Y|YES|Yes)", "yes"),
    (r"(false|FALSE|False|N|NO|No)", "no"),
    (r"(per cent|percent|pct)", "%"),
    (r"(like|into|to be|for)", "as"),
    (r"(for|on|from|of|onto|in)", "to"),
    (r"(by|as|to|into|and)", "with"),
    (r"(source|see|per|ref|cite|citing|citation|cites?:)", "cites"),
    (r"(reason|due to|by|from|why|through)", "because"),
    (r"(onwards|ongoing|open|until further notice|open ended|and after|on)", "onward"),
    (r"(unknown|undecided)", "undetermined"),
    (r"(not listed|silent)", "unlisted"),
    (
        r"(excluded|non covered|noncovered|uncovered|not-covered|not_covered)",
        "not covered",
    ),
)


def _pattern(said: str) -> re.Pattern[str]:
    words = said.replace(" ", r"\s+")
    ends_in_word = (
        re.search(r"[\w?)]$", said) and "(?=" not in said and "//" not in said
    )
    bound = r"(?![\w])" if ends_in_word else ""
    return re.compile(f"{words}{bound}", re.IGNORECASE)


PHRASES = tuple((_pattern(said), write) for said, write in _PHRASES)
#: Signs, and what to write for them; nothing is to leave them out.
SIGNS = {
    ";": (",", ""),
    ":": ("", "to"),
    "+": (",",),
    "-": ("cites",),
    "=": ("is", ""),
    "==": ("is",),
    "!=": ("is not",),
    "<>": ("is not",),
    "=>": (">=",),
    "=<": ("<=",),
    "&": ("and",),
    "&&": ("and",),
    "|": ("or",),
    "||": ("or",),
    ".": ("",),
    ",": ("", "to"),
    "/": (",",),
    "!": ("not",),
}
#: Words that say nothing in a statement of the language.
NOISE = frozenset(
    re.findall(
        r"\w+",
        """
        a an the is are be was of from for by on at to in as that then it its this with
        split and than only all when if please code codes value date day line no number
        """,
    )
)
#: What stands before a code: no part of an id.
SYSTEMS = frozenset(
    [
        "CPT",
        "HCPCS",
        "REV",
        "POS",
        "TOB",
        "ICD10CM",
        "ICD10PCS",
        "MSDRG",
        "MODIFIER",
        "TAXONOMY",
        "NDC",
    ]
)
#: The first word of a statement, as people say it, and the words of the language.
FIRST_WORDS = {
    "effective": "in force",
    "valid": "in force",
    "active": "in force",
    "term": "in force",
    "period": "in force",
    "dates": "in force",
    "from": "in force",
    "begin": "in force",
    "no less than": "not below",
    "at least": "not below",
    "minimum": "not below",
    "no more than": "not above",
    "at most": "not above",
    "maximum": "not above",
    "capped at": "not above",
    "never": "not",
    "floor": "not below",
    "ceiling": "not above",
    "each": "per",
    "every": "per",
    "member": "patient",
    "enrollee": "patient",
    "=": "is",
    "default": "otherwise",
    "else": "otherwise",
    "rest": "otherwise",
    "other": "otherwise",
    "others": "otherwise",
    "anything": "otherwise",
    "everything": "otherwise",
    "if": "when",
    "where": "when",
    "whenever": "when",
    "condition": "when",
    "pays": "then",
    "answer": "then",
    "result": "then",
    "payer": "for payer",
    "source": "cites",
    "citation": "cites",
    "reference": "cites",
    "ref": "cites",
    "see": "cites",
    "alias": "also called",
    "aka": "also called",
    "synonym": "also called",
    "synonyms": "also called",
    "aliases": "also called",
    "aka:": "also called",
    "parent": "under",
    "code": "codes",
    "field": "fact",
    "product": "products",
    "lob": "products",
    "governed": "decide by",
    "decided": "decide by",
    "governing": "decide by",
    "executed": "signed",
    "signature": "signed",
    "dated": "signed",
    "as of": "known on",
    "known as of": "known on",
    "add": "add to",
    "insert": "add to",
    "change": "replace",
    "update": "replace",
    "amend": "replace",
    "modify": "replace",
    "delete": "withdraw",
    "with draw": "withdraw",
    "remove": "withdraw",
    "drop": "withdraw",
    "strike": "withdraw",
    "should": "expect",
    "result:": "expect",
    "expected": "expect",
    "assert": "expect",
    "input": "given",
    "claim": "given",
    "with": "given",
    "unit": "per",
    "finish": "end",
    "stop": "end",
    "done": "end",
    "}": "end",
    # heads
    "grid": "responsibility",
    "table": "responsibility",
    "matrix": "responsibility",
    "exhibit": "responsibility",
    "dofr": "responsibility",
    "responsibilities": "responsibility",
    "agreement": "contract",
    "service": "category",
    "except": "exception",
    "exemption": "exception",
    "carveout": "exception",
    "carve-out": "exception",
    "note": "exception",
    "override": "exception",
    "definition": "define",
    "def": "define",
    "let": "define",
    "example": "test",
    "scenario": "test",
    "check": "test",
    "testcase": "test",
    "addendum": "amendment",
    "deadline": "clock",
    "timely": "clock",
    "prompt-pay": "clock",
    "time-to-pay": "clock",
    "routing": "route",
    "misdirected": "route",
    "law": "regulation",
    "statute": "regulation",
    "cap": "limit",
    "stoploss": "limit",
    "stop-loss": "limit",
    "priority": "rank",
    "ranking": "rank",
    "map": "treat",
    "version:": "version",
}
#: The columns of a grid that are no party, as people call them.
COLUMNS = {
    **dict.fromkeys(
        ("service", "services", "service category", "type of service", "benefit"),
        "category",
    ),
    **dict.fromkeys(
        ("categories", "description", "item", "services provided"), "category"
    ),
    **dict.fromkeys(
        ("condition", "conditions", "if", "criteria", "qualifier", "where"), "when"
    ),
    **dict.fromkeys(
        ("source", "sources", "citation", "citations", "cite", "reference", "ref"),
        "cites",
    ),
    **dict.fromkeys(
        ("contract reference", "section", "exhibit", "note", "notes"), "cites"
    ),
    **dict.fromkeys(
        ("excluded", "exclusion", "non-covered", "noncovered", "not-covered"),
        "not covered",
    ),
}
