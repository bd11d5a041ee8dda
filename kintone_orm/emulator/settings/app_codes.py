"""App codes: short names of apps. An app's record numbers begin with its code.

Source: kintone REST API, "Get App" (code), "Field types" (Record number); kintone help: limits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..ground import limits
from ..store.record_text import parse, record_text

if TYPE_CHECKING:
    from .domain import Domain

__all__ = ["change_app_code"]

_CODE = re.compile(rf"[A-Za-z0-9_]{{0,{limits.APP_CODE_LENGTH}}}")


def change_app_code(domain: Domain, number: int, code: str) -> None:
    """Set the code of an app ("" deletes it), and change the record numbers.

    Raises ValueError if there is no such app, if the code is invalid, or if another app has the
    code.
    """
    app = domain.app(number)
    if app is None:
        raise ValueError(f"There is no app {number}.")
    if not _CODE.fullmatch(code):
        message = (
            f"An app code has up to {limits.APP_CODE_LENGTH} characters: a to z, 0 to 9 and _. "
            f"{code!r} is not valid."
        )
        raise ValueError(message)
    for other in domain.apps():
        if code and other["code"] == code and other["id"] != number:
            raise ValueError(f"The app {other['id']} already has the code {code}.")
    app["code"] = code
    domain.save_app(app)
    live = domain.live_app(number)
    number_field = live.form.system.get("RECORD_NUMBER") if live else None
    if live is not None and number_field is not None:
        for record_id in domain.store.record_ids(number):
            record = parse(domain.store.record(number, record_id) or "{}")
            record[number_field]["value"] = live.record_number(record_id)
            domain.store.put_record(number, record_id, record_text(record))
