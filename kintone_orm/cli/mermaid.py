"""Models as an entity relationship diagram in Mermaid's language.

Every name and text is in quotes, because Mermaid takes words such as ``one`` and ``style`` as its
own. Attributes of a box cannot be quoted; `_attribute` makes them acceptable. Grammar: Mermaid,
"Entity Relationship Diagrams", and its file erDiagram.jison.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.fields import LookupField, ReferenceTableField, SubtableField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.fields.base import Field
    from kintone_orm.models import Model

__all__ = ["diagram_of"]

# Characters that end a text, begin a directive or are read as HTML or Markdown.
_ESCAPED = {ord(character): f"#{ord(character)};" for character in '"#%&<>\\`'}
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# A key such as FK is a word of its own only before a character that is no ASCII letter or digit.
_KEY_WORD = re.compile(r"[PFU]K(?![A-Za-z0-9_])", re.IGNORECASE)
_NOT_IN_ATTRIBUTE = re.compile("[^A-Za-z0-9_\u00c0-\U0010ffff]")


def diagram_of(models: Iterable[type[Model]]) -> str:
    """Return the diagram: a box for each model and each subtable, and a line for each relation.

    The order is that of the models and of their fields. A model that a relation leads to, but that
    is not among the models, is a box without fields. Proxies are left out. ImproperlyConfigured if
    a field names a model that is not imported.
    """
    diagram = _Diagram([model for model in models if not model._meta.proxy])
    return "\n".join(diagram.lines()) + "\n"


class _Diagram:
    def __init__(self, models: Sequence[type[Model]]) -> None:
        self._names: dict[Any, str] = {}
        self._models = list(dict.fromkeys(models))
        for model in self._models:
            self._name(model)

    def lines(self) -> Iterator[str]:
        yield "erDiagram"
        relations: list[str] = []
        for model in self._models:
            meta, name = model._meta, self._name(model)
            yield from _box(name, _title(meta), meta.fields)
            relations += self._relations(name, meta.fields, meta.relations.values())
            for field in meta.fields.values():
                if isinstance(field, SubtableField):
                    table = f"{name}.{field.name}"
                    yield from _box(table, f"{table}{_in_brackets(_labels(field))}", field.columns)
                    relations.append(
                        f"{_quoted(name)} ||--o{{ {_quoted(table)} : {_quoted(field.name)}"
                    )
                    relations += self._relations(table, field.columns, ())
        # Naming the relations may have found further models.
        for model, name in self._names.items():
            if model not in self._models:
                yield f"    {_quoted(name)}[{_quoted(_title(model._meta))}]"
        yield from (f"    {relation}" for relation in relations)

    def _relations(
        self, name: str, fields: Mapping[str, Field], related: Iterable[Any]
    ) -> Iterator[str]:
        """Yield the lines from a box to the boxes of the models that its fields refer to."""
        names = {relation.field: relation.name for relation in related}
        for field in fields.values():
            if isinstance(field, LookupField):
                most = "||" if field.required else "o|"
                label = names.pop(field.name, field.name)
                yield self._line(name, f"}}o--{most}", field.target, label)
            elif isinstance(field, ReferenceTableField):
                yield self._line(name, "||..o{", field.target, field.name)
        for relation in related:
            if relation.field in names:
                yield self._line(name, "}o..o|", relation.target, relation.name)

    def _line(self, name: str, relation: str, target: Any, label: str) -> str:
        to = self._name(target._meta.concrete_model)
        return f"{_quoted(name)} {relation} {_quoted(to)} : {_quoted(label)}"

    def _name(self, model: Any) -> str:
        """Return the model's name in the diagram, with its module if the name is taken."""
        if model not in self._names:
            name = model.__name__
            taken = name in self._names.values()
            self._names[model] = f"{model.__module__}.{name}" if taken else name
        return self._names[model]


def _title(meta: Any) -> str:
    """Return the name of the model's box, such as ``Order (受注, app orders)``."""
    labels = [] if meta.verbose_name == meta.label else [meta.verbose_name]
    if not callable(meta.app):
        labels.append(f"app {meta.app}")
    return f"{meta.label}{_in_brackets(labels)}"


def _in_brackets(labels: Sequence[str]) -> str:
    return f" ({', '.join(labels)})" if labels else ""


def _labels(field: Field) -> list[str]:
    """Return the code and the label of a field as far as they differ from its name."""
    texts = (field.code, field.verbose_name or field.code)
    return [text for text in dict.fromkeys(texts) if text != field.name]


def _box(name: str, title: str, fields: Mapping[str, Field]) -> Iterator[str]:
    lines = [
        _field_line(field)
        for field in fields.values()
        if not isinstance(field, (SubtableField, ReferenceTableField))
    ]
    head = f"    {_quoted(name)}[{_quoted(title)}]"
    yield from [f"{head} {{", *lines, "    }"] if lines else [head]


def _field_line(field: Field) -> str:
    kind = type(field).__name__.removesuffix("Field") or "Field"
    words = [_attribute(kind), _attribute(field.name)]
    if isinstance(field, LookupField):
        words.append("FK")
    elif field.unique:
        words.append("UK")
    if labels := _labels(field):
        words.append(_quoted(", ".join(labels)))
    return f"        {' '.join(words)}"


def _attribute(name: str) -> str:
    """Return the name as Mermaid takes it without quotes."""
    word = _NOT_IN_ATTRIBUTE.sub("_", name)
    return f"_{word}" if _KEY_WORD.match(word) else word


def _quoted(text: str) -> str:
    return f'"{_BLANKS.sub(" ", text).translate(_ESCAPED)}"'
