"""How Sphinx builds these pages: `tox -e docs`."""

from __future__ import annotations

from importlib import metadata

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
