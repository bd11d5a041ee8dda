"""Descriptions of apps for tests of inspect."""

from __future__ import annotations

from typing import Any

from kintone_orm.apps.description import AppDescription
from kintone_orm.apps.inspecting.module import Module, write_module
from kintone_orm.apps.inspecting.names_file import Names

__all__ = ["app", "lines_of", "lookup", "module", "reference", "text"]


def app(id: int | None = 1, code: str = "", **settings: Any) -> AppDescription:  # noqa: A002
    """An app; fields are definitions by code, and a type alone is the definition of its type."""
    fields = {
        name: {"code": name, "label": name, **(one if isinstance(one, dict) else {"type": one})}
        for name, one in settings.pop("fields", {}).items()
    }
    return AppDescription(id=id, code=code, fields=fields, **settings)


def text(**settings: Any) -> dict[str, Any]:
    """A single line text."""
    return {"type": "SINGLE_LINE_TEXT", **settings}


def lookup(
    to: int, key: str, copies: dict[str, str] | None = None, **settings: Any
) -> dict[str, Any]:
    """A lookup; `settings` are the field's and the lookup's."""
    pairs = [{"field": ours, "relatedField": theirs} for ours, theirs in (copies or {}).items()]
    own = {
        name: settings.pop(name)
        for name in ("filterCond", "sort", "lookupPickerFields")
        if name in settings
    }
    return {
        "type": "SINGLE_LINE_TEXT",
        **settings,
        "lookup": {
            "relatedApp": {"app": str(to), "code": ""},
            "relatedKeyField": key,
            "fieldMappings": pairs,
            **own,
        },
    }


def reference(to: int, field: str, related: str, **settings: Any) -> dict[str, Any]:
    """A reference table."""
    return {
        "type": "REFERENCE_TABLE",
        "referenceTable": {
            "relatedApp": {"app": str(to), "code": ""},
            "condition": {"field": field, "relatedField": related},
            "displayFields": [related],
            "filterCond": "",
            "sort": "",
            "size": "5",
            **settings,
        },
    }


def module(*apps: AppDescription, names: Names | None = None, **options: Any) -> Module:
    """The module of the apps."""
    return write_module(
        apps,
        names=names or Names(),
        command=options.pop("command", "kintone-orm inspect 1"),
        enums=options.pop("enums", False),
        keys=options.pop("keys", None),
    )


def lines_of(*apps: AppDescription, **options: Any) -> list[str]:
    """The lines of the module that declare something, without their indent."""
    return [line.strip() for line in module(*apps, **options).text.splitlines() if " = " in line]
