"""Django's ORM for kintone: models, querysets and a local kintone to test against."""

__version__ = "0.1.0"
