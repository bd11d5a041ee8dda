"""How Sphinx builds these pages: `tox -e docs`."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

from kintone_orm.models.ground.refused import MODEL, QUERYSET

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "kintone_orm"
author = "The kintone_orm authors"
release = metadata.version("kintone-orm")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
exclude_patterns = ["_build"]

myst_heading_anchors = 3

autodoc_class_signature = "separated"
autodoc_default_options = {"members": True, "undoc-members": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"

# Signatures name types of the standard library and of other packages, whose own documentation is
# not at hand when these pages are built, and type variables and private bases, which have none.
# Everything else of ours must resolve, and so must every function, method, attribute and exception
# that a page links to.
nitpick_ignore_regex = [
    ("py:(class|data|obj)", r"(?!kintone_orm\.).*"),
    ("py:(class|obj)", r"kintone_orm\..*\.(_\w+|[A-Z])"),
]


def is_refused(_app: Sphinx, what: str, name: str, *_rest: Any) -> bool | None:
    """Leave out the methods that only say what to write instead: the pages list them apart."""
    return True if what == "class" and name in (QUERYSET | MODEL) else None


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-skip-member", is_refused)
