"""Ten apps in the manner of kintone's own templates, as a domain file for the emulator."""

from __future__ import annotations

from pathlib import Path

DOMAIN = Path(__file__).with_name("domain.toml")

KEYS = (
    "customers",
    "deals",
    "expenses",
    "leave",
    "inventory",
    "reports",
    "timesheet",
    "faq",
    "tasks",
    "quotations",
)
"""The keys of the apps in the file, in the order of their ids, which begin at 101."""

NAMES = Path(__file__).with_name("names.toml")
"""English names for the models of three of the apps."""
