"""The billing office: contract profiles, and what the switch of a facility brings."""

from whopays.office.profile import CATEGORIES, REPRICE, Profile
from whopays.office.profile_file import (
    load_profiles,
    parse_profiles,
    shipped_profiles,
)
from whopays.office.profile_text import profile_text
from whopays.office.switch import Facility

__all__ = [
    "CATEGORIES",
    "REPRICE",
    "Facility",
    "Profile",
    "load_profiles",
    "parse_profiles",
    "profile_text",
    "shipped_profiles",
]
