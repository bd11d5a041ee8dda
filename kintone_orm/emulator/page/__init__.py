"""The pages for people: what an emulator holds, what it was asked lately, and faults at a button.

Plain HTML from templates, in files of this package. Nothing on a page runs, and nothing comes from
another host.
"""

from __future__ import annotations

from .site import Page

__all__ = ["Page"]
