"""check(): compare models with their apps as they are in kintone, without changing anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app_settings
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps.app_ids import AppIds
from kintone_orm.apps.drift.meta import compare_meta
from kintone_orm.apps.drift.models import compare_model
from kintone_orm.apps.drift.undeclared import find_undeclared
from kintone_orm.apps.model_arguments import require_models
from kintone_orm.apps.naming import extend_text, labels, naming_models
from kintone_orm.connection import connections
from kintone_orm.exceptions import (
    AuthenticationError,
    DailyBudgetExceeded,
    KintoneORMError,
    RateLimited,
    ServerBusy,
    TransportError,
)
from kintone_orm.models.ground.app_forms import keep_precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from kintone_orm.apps.drift.finding import Finding
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

    # The models by their connection and app.
    _Apps: TypeAlias = dict[tuple[Connection, int], list[type[Model]]]

__all__ = ["Report", "check", "compare_with_apps"]

# After these errors, the next request to the same domain would fail as well.
_DOMAIN_FAILS = (DailyBudgetExceeded, RateLimited, ServerBusy, TransportError)


@dataclass(slots=True)
class Report:
    """The findings about models, and the errors about apps that could not be compared.

    `models` has the model of each finding, by the finding's `model` and `app`.
    """

    findings: list[Finding] = field(default_factory=list)
    errors: list[KintoneORMError] = field(default_factory=list)
    models: dict[tuple[str, int], type[Model]] = field(default_factory=dict)


def check(*models: type[Model], using: Connection | str | None = None) -> tuple[Finding, ...]:
    """Return the differences between the models and their apps, which may have changed since.

    ``[finding for finding in check(Order) if finding.is_drift]`` are the differences that make a
    program wrong. The findings are in the order of the models and of their fields. A proxy is
    compared as its model. Models of one app are compared separately; a field of the app is reported
    as undeclared only if none of them declares it.

    Each app takes one request, and a second one if a model declares `Meta.number_precision`. No
    request changes anything. API tokens need no more than the right to view records.

    KintoneORMError if an app cannot be compared: kintone cannot be reached, there is no such app,
    or the connection may not see it. ImproperlyConfigured if a model is abstract.

    Source: kintone REST API, "Get Form Fields", "Get General Settings".
    """
    require_models(models, "check()")
    report = compare_with_apps(models, using=using)
    for error in report.errors:
        raise error
    return tuple(report.findings)


def compare_with_apps(
    models: Iterable[type[Model]], *, using: Connection | str | None = None
) -> Report:
    """Do the same as check(), but go on after an error, and report it."""
    report = Report()
    apps = _by_app(models, using, report)
    failed: dict[Connection, KintoneORMError] = {}
    for (connection, app), sharing in apps.items():
        if connection in failed:
            extend_text(failed[connection], after=f" {labels(sharing)} was not compared.")
            continue
        report.models.update({(model._meta.label, app): model for model in sharing})
        try:
            with naming_models({app: sharing}):
                _compare_app(connection, app, sharing, report)
        except KintoneORMError as error:
            report.errors.append(error)
            # kintone locks a user after some wrong passwords. A token may fit another app.
            wrong_login = isinstance(error, AuthenticationError) and error.status == 401
            if wrong_login or isinstance(error, _DOMAIN_FAILS):
                failed[connection] = error
    return report


def _by_app(models: Iterable[type[Model]], using: Connection | str | None, report: Report) -> _Apps:
    """Return the models by app. Report the models whose app is unknown."""
    apps: _Apps = {}
    for model in models:
        try:
            connection = connections.resolve(using, default=model._meta.using)
            app = model._meta.app_id(connection)
        except KintoneORMError as error:
            report.errors.append(error)
            continue
        sharing = apps.setdefault((connection, app), [])
        if model._meta.concrete_model not in sharing:
            sharing.append(model._meta.concrete_model)
    return apps


def _compare_app(
    connection: Connection, app: int, models: Sequence[type[Model]], report: Report
) -> None:
    ids = AppIds(connection)
    form = get_form_fields(checked(connection), app=app)["properties"]
    for model in models:
        report.findings += compare_model(model, app, form, ids.to_compare)
    report.findings += find_undeclared(models, app, form)
    if any(model._meta.number_precision for model in models):
        settings = get_app_settings(checked(connection), app=app)
        keep_precision(connection, app, settings)
        for model in models:
            report.findings += compare_meta(model, app, settings)
