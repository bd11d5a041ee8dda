"""Apps with a process, and users for it."""

from __future__ import annotations

from kintone_orm import connect
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.process import update_process


def set_process(connection, app, **settings):
    """Set and deploy the process of an app, switched on by default."""
    update_process(connection, app=app, **{"enable": True, **settings})
    put_into_service(connection, app)


def put_into_service(connection, app):
    """Deploy an app and check that it succeeded."""
    deploy_apps(connection, apps=[{"app": app}])
    statuses = [get_deploy_status(connection, apps=[app])["apps"][0]["status"] for _ in range(10)]
    assert "SUCCESS" in statuses


def signed_in(kintone, code, **account):
    """Add a user and return a connection with the login name as its alias."""
    kintone.emulator.add_user(code, "secret", **account)
    settings = {"username": code, "password": "secret"}
    return another(kintone, alias=code, **settings)


def another(kintone, **settings):
    """Another connection to this kintone, in process or over HTTP as the first."""
    adapter = kintone.emulator.adapter() if "invalid" in kintone.base_url else None
    return connect(kintone.base_url, apps=kintone.apps, adapter=adapter, **settings)
