"""Write `django_5_2_names.txt`: the public names of Django, read from its running classes.

Django is no dependency of the suite. To freeze another version::

    pip install "django==5.2.*"
    python tests/contract/freeze_django_names.py > tests/contract/django_5_2_names.txt
"""

from __future__ import annotations

import inspect
import sys

import django
from django.conf import settings

settings.configure(INSTALLED_APPS=["django.contrib.contenttypes"])
django.setup()

from django.db import models  # noqa: E402 - Django wants its settings first
from django.db.models import functions, manager, options, query, signals  # noqa: E402


class Sample(models.Model):
    """A model with a field foo, whose name Django builds into methods."""

    foo = models.DateField(choices=[("a", "A")])

    class Meta:
        app_label = "contenttypes"


def public(owner: object) -> list[str]:
    return [name for name in dir(owner) if name[0] != "_"]


def fields() -> list[type[models.Field]]:
    kinds = [getattr(models, name) for name in models.__all__]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, models.Field)]


def lookups() -> set[str]:
    return {name for field in fields() for name in field.get_lookups()}


def options_of_fields() -> set[str]:
    named = [inspect.signature(field.__init__).parameters.values() for field in fields()]
    return {
        parameter.name
        for parameters in named
        for parameter in parameters
        if parameter.name != "self"
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }


def operators(owner: type) -> list[str]:
    unspoken = {"__module__", "__doc__", "__dict__", "__weakref__"}
    return [name for name in vars(owner) if name[:2] == "__" and name not in unspoken]


SECTIONS = {
    "QuerySet": public(Sample.objects.all()),
    "QuerySet's operators": operators(query.QuerySet),
    "RawQuerySet": public(query.RawQuerySet),
    "Manager": set(public(manager.Manager)) - set(public(query.QuerySet)),
    "Model": [name.replace("foo", "FOO") for name in public(Sample) if name != "foo"],
    "Meta": options.DEFAULT_NAMES,
    "_meta": public(Sample._meta),
    "Q": public(models.Q()),
    "Q's operators": operators(models.Q) + ["__and__", "__or__", "__xor__", "__invert__"],
    "F": public(models.F("foo")),
    "lookups": lookups(),
    "options of fields": options_of_fields(),
    "signals": [
        name for name in dir(signals) if isinstance(getattr(signals, name), signals.Signal)
    ],
    "django.db.models": models.__all__,
    "django.db.models.functions": functions.__all__,
}

if __name__ == "__main__":
    head = (
        f"# The public names of Django {django.__version__}, as its classes have them. Made by\n"
        "# freeze_django_names.py, which says how to make it again. Not to be edited.\n"
    )
    parts = ["\n".join([f"\n[{k}]", *sorted(set(names)), ""]) for k, names in SECTIONS.items()]
    sys.stdout.write(head + "".join(parts))
