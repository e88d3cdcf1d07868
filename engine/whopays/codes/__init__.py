"""Lists of codes that users bring: code packs with their licence, and lists to look at."""

from __future__ import annotations

from whopays.codes.pack import Licence, Pack, load_pack, load_packs

__all__ = ["Licence", "Pack", "load_pack", "load_packs"]
