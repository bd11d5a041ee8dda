"""The emulator's web pages: its apps and records, the latest requests, and a form for faults.

The pages are plain HTML, made from the templates in this package. They have no scripts, and load
nothing from other hosts.
"""

from __future__ import annotations

from .site import Page

__all__ = ["Page"]
