"""preview/app/deploy.json. Source: kintone REST API, "Deploy App Settings"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground import limits
from ..ground.errors import fault, invalid
from ..ground.parameters import array, boolean, integer, optional, required, structure
from ..requests.endpoint import endpoint
from ..settings.deployments import begin_deploy, finish_deploy, revert

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call

_APP = {"app": required(integer()), "revision": optional(integer(least=-1))}


@endpoint({"apps": required(array(structure(_APP), low=1)), "revert": optional(boolean)})
def deploy_apps(call: Call, sent: Sent) -> Answer:
    """Deploy App Settings."""
    if len(sent["apps"]) > limits.APPS_PER_DEPLOY:
        raise fault("GAIA_TO03", parameter=f"apps[{limits.APPS_PER_DEPLOY}]")
    seen: set[int] = set()
    for position, entry in enumerate(sent["apps"]):
        if entry["app"] in seen:
            raise invalid({f"apps[{position}].app": ["app_duplicated"]})
        seen.add(entry["app"])
    apps = [call.editable_app(entry["app"], entry["revision"]) for entry in sent["apps"]]
    if sent["revert"]:
        revert(call.domain, apps)
    else:
        begin_deploy(call.domain, apps)
    return {}


@endpoint({"apps": required(array(integer(), high=limits.APPS_PER_DEPLOY))})
def get_deploy_status(call: Call, sent: Sent) -> Answer:
    """Get App Deploy Status. The first answer after a deploy is PROCESSING, then its result.

    An app that was never deployed has SUCCESS.
    """
    answer = []
    for number in sent["apps"]:
        deployment = call.app(number)["deployment"]
        status = deployment["status"] if deployment else "SUCCESS"
        answer.append({"app": str(number), "status": status})
    for number in sent["apps"]:
        deployment = call.app(number)["deployment"]
        if deployment and deployment["status"] == "PROCESSING":
            finish_deploy(call.domain, deployment["apps"])
    return {"apps": answer}
