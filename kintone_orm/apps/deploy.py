"""deploy(): create the apps of models, or complete them, through kintone's API.

deploy() adds fields. It never deletes a field, never changes a type, and does not make anybody
else's preview settings live. Models may refer to each other, so deploy() works in rounds, and
deploys each round before the next: first all apps and plain fields, then lookups, then lookups that
copy lookups, and last the related records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.apps.deploying.carrying_out import carry_out
from kintone_orm.apps.deploying.deploy_status import DEPLOY_SECONDS
from kintone_orm.apps.deploying.near_codes import codes_of
from kintone_orm.apps.deploying.preparing import prepare_deployment
from kintone_orm.apps.deploying.unfinished import find_unfinished, require_free_names
from kintone_orm.apps.model_arguments import require_models
from kintone_orm.apps.naming import labels
from kintone_orm.argument_checks import require_seconds
from kintone_orm.connection import connections
from kintone_orm.exceptions import DeployError, ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kintone_orm.apps.deploying.deployment import Deployment
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["deploy", "deploy_to_new_emulator"]


def deploy(
    *models: type[Model],
    using: Connection | str | None = None,
    timeout: float = DEPLOY_SECONDS,
    add: Collection[str] = (),
) -> dict[str, int]:
    """Create or complete the models' apps, and return their ids by key for `connect(apps=...)`.

    Afterwards each app has every field that its models declare, and their number precision. A model
    whose `Meta.app` is a key that the connection does not know gets a new app. The app's name is
    `Meta.verbose_name`, and the connection learns its id. On a connection to a guest space, the app
    is created in the first thread of that space. The connection needs a password, because kintone
    does not let an API token create apps.

    deploy() adds a field for each new code, and a new code may be a typo. So in an app that has
    records, or whose records may not be read, it refuses a new code that is near a code of the app
    that none of the models declares. They are near if they are equal after Unicode's NFKC, without
    case and blanks; if one contains the other; or if they differ by one edit and one has four
    characters or more. An edit adds, removes or replaces a character, or swaps two neighbors.
    Columns are compared with the columns of the same subtable. `add` holds the codes that are new
    on purpose, those of columns as "明細.数量" or "数量". A code that exists by now may stay in it.

    A lookup that the app has must refer to the same app and the same key, and must fill the fields
    of the model as `copies` says. Its filter, sort and display are not compared.

    A deploy of the same app that is running already is waited for. `timeout` is the number of
    seconds that it may take, or that each round of 300 apps may take.

    DeployError, before any app is created or changed, if another app has the name, if an app
    contradicts its model, if a new code may be a typo, or if the preview has somebody else's
    changes. ImproperlyConfigured if `timeout` is not a finite number above 0, if `add` has a code
    that no model declares, or if a model is abstract.

    If kintone's answer to a change is lost, the settings show whether the change was made, and the
    deploy goes on. After any other failure, deploy again: fields and apps that exist are not made
    again. A new app is not listed by kintone before its first deploy, so an error names its id. If
    the id is unknown, or not passed to `connect()`, deploy() tries the ids near the newest app. It
    takes an app with the model's name that was never deployed and has no other fields.

    `carried_out` of the error says whether this deploy() has changed anything: `UNKNOWN` if an
    answer was lost and the settings do not show the change.

    Source: kintone REST API, "Add Preview App", "Add Form Fields", "Deploy App Settings".
    """
    require_models(models, "deploy()")
    require_seconds(timeout, "'timeout'")
    connection = _one_connection(models, using)
    deployment = prepare_deployment(
        connection, models, timeout=timeout, add=add, find=find_unfinished
    )
    _require_no_typo(deployment)
    carry_out(connection, deployment, timeout=timeout)
    keys = [model._meta.app for model in models]
    return {key: connection.app_id(key) for key in keys if isinstance(key, str)}


def deploy_to_new_emulator(connection: Connection, models: Sequence[type[Model]]) -> None:
    """Do the same as deploy(), without two of its checks.

    No deploy() was interrupted in a new emulator, and the search for its apps would take a quarter
    of the time of a small test. A code that looks like a typo harms nobody there.
    """

    def find_none(
        connection: Connection, models_by_key: Mapping[str, Sequence[type[Model]]]
    ) -> dict[str, int]:
        require_free_names(connection, models_by_key)
        return {}

    deployment = prepare_deployment(
        connection, models, timeout=DEPLOY_SECONDS, add=codes_of(models), find=find_none
    )
    carry_out(connection, deployment)


def _require_no_typo(deployment: Deployment) -> None:
    """Raise DeployError if a new code may be a typo."""
    apps = [app for app in deployment.apps if app.near_codes]
    if apps:
        texts = [
            f"{labels(app.app.models)} (app {app.app.id}): {near.text}"
            for app in apps
            for near in app.near_codes
        ]
        codes = [near.code for app in apps for near in app.near_codes]
        raise DeployError(
            f"{' '.join(texts)} Correct the code in the model. If the field is new on purpose, "
            f"call deploy(..., add={codes!r})."
        )


def _one_connection(models: Sequence[type[Model]], using: Connection | str | None) -> Connection:
    used = [connections.resolve(using, default=model._meta.using) for model in models]
    different = {id(connection): connection for connection in used}
    if len(different) > 1:
        aliases = ", ".join(repr(connection.alias) for connection in different.values())
        raise ImproperlyConfigured(
            f"The models use several connections ({aliases}). Deploy them in several calls."
        )
    return used[0] if used else connections.resolve(using)
