"""Profiles as YAML: what is read back is the same profile."""

from __future__ import annotations

import re

from whopays.office.profile import NONE, Profile, settings

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/()-]*[A-Za-z0-9.)]|[A-Za-z0-9]")


def profile_text(profile: Profile) -> str:
    """Return a profile file with this one profile and all its settings."""
    said = settings(profile)
    del said["plans"]
    lines = ["profiles:", f"  {_scalar(profile.id)}:"]
    for name, value in said.items():
        if name == "effective":
            plans = ", ".join(map(_scalar, profile.plans))
            lines.append(f"    plans: [{plans}]")
        if value != NONE or name not in {"title", "payer"}:
            written = value if value == NONE else _scalar(value)
            lines.append(f"    {name}: {written}")
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"
