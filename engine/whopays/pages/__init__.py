"""Pages of HTML that need nothing but themselves: a check, the tests, explanations, accounts.

They are read by people who have no whopays, on a screen or on paper. A page renders
reports that others have made, and computes nothing.
"""

from whopays.pages.about import About
from whopays.pages.account import account_page
from whopays.pages.checked import Read, check_page
from whopays.pages.compared import comparison_page
from whopays.pages.explained import explain_page
from whopays.pages.terms import terms_page
from whopays.pages.tested import tests_page

__all__ = [
    "About",
    "Read",
    "account_page",
    "check_page",
    "comparison_page",
    "explain_page",
    "terms_page",
    "tests_page",
]
