"""Forms in files: an answer of "Get Form Fields", or the apps of a domain file."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answer_shapes import problem_of
from kintone_orm.apps.description import AppDescription, read_app
from kintone_orm.emulator import DomainFileError, Emulator
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import EmulatedConnection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.emulator.domain_file import DomainFile

__all__ = ["FormFiles", "read_form_files"]

# The parts of a domain file that say nothing about its forms. The emulator need not accept them.
_OTHER_PARTS = ("records", "views", "permissions", "webhooks", "tokens", "space")


@dataclass
class FormFiles:
    """The apps in files, and the keys that domain files give to the ids of their apps."""

    apps: list[AppDescription] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)


def read_form_files(names: Iterable[str]) -> FormFiles:
    """Read forms from files, in their order. ImproperlyConfigured, which names the file."""
    result = FormFiles()
    for name in names:
        path = Path(name)
        if path.suffix == ".toml":
            _add_domain(result, name, name)
            continue
        content = _read_json(path)
        if isinstance(content, dict) and isinstance(content.get("apps"), dict):
            _add_domain(result, name, _forms_alone(content))
        elif isinstance(content, dict) and "properties" in content:
            result.apps.append(_form(path, content))
        else:
            raise ImproperlyConfigured(
                f"{name} is no form and no domain file: its JSON has neither 'properties', as the "
                "answer of form/fields.json, nor 'apps', as a file of 'kintone-orm emulator "
                "export'."
            )
    return result


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ImproperlyConfigured(f"{path} is not JSON in UTF-8: {error}.") from error


def _form(path: Path, content: Mapping[str, Any]) -> AppDescription:
    """Return the app of a form. The name of the file is the name of the app."""
    answer = {"revision": "1", **content}
    if problem := problem_of("GET", "app/form/fields", {}, answer):
        raise ImproperlyConfigured(f"{path} is not an answer of form/fields.json: {problem}.")
    layout = content.get("layout")
    problem = "" if layout is None else problem_of("GET", "app/form/layout", {}, content)
    if problem:
        raise ImproperlyConfigured(f"{path} is not an answer of form/layout.json: {problem}.")
    return AppDescription(id=None, name=path.stem, fields=content["properties"], layout=layout)


def _forms_alone(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the domain file without the parts that say nothing about forms."""
    apps = {
        key: {part: value for part, value in app.items() if part not in _OTHER_PARTS}
        if isinstance(app, dict)
        else app
        for key, app in content["apps"].items()
    }
    return {**content, "apps": apps}


def _add_domain(result: FormFiles, name: str, domain: DomainFile) -> None:
    """Add all apps of a domain file, as an emulator of the file describes them."""
    try:
        emulator = Emulator.from_domain(domain)
    except DomainFileError as error:
        raise ImproperlyConfigured(f"{name} is no valid domain file. {error}") from error
    with closing(emulator):
        connection = EmulatedConnection(emulator, adapter=emulator.adapter())
        result.apps += [read_app(connection, number) for number in emulator.made.apps.values()]
        result.keys.update(emulator.made.apps)
