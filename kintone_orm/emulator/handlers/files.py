"""file.json. Source: kintone REST API, "Upload File", "Download File"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..ground.errors import fault
from ..ground.multipart import uploaded_file
from ..ground.parameters import required, text
from ..records.reader import viewable_record
from ..requests.endpoint import Download, endpoint

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..ground.multipart import UploadedFile
    from ..ground.problems import Problems
    from ..requests.endpoint import Answer, Call


def _file(value: Any, path: str, problems: Problems) -> UploadedFile:
    del path, problems
    file: UploadedFile = value
    return file


@endpoint({"file": required(_file)}, read=uploaded_file)
def add_file(call: Call, sent: Sent) -> Answer:
    """Upload File. The key in the answer can attach the file, but not download it.

    Every caller may upload a file, even with an API token that has only the right to view.
    """
    return {"fileKey": call.domain.store.files.add(sent["file"], call.now)}


@endpoint({"fileKey": required(text)})
def get_file(call: Call, sent: Sent) -> Answer:
    """Download File, by a key from a record's field."""
    file = call.domain.store.files.find(sent["fileKey"])
    if file is None:
        raise fault("GAIA_BL01", key=sent["fileKey"])
    access, record = viewable_record(call, call.live_app(file.app, "view"), file.record)
    # If no visible field contains the key, the caller may not view the field that has the file.
    if sent["fileKey"] not in access.visible_text(record):
        raise fault("CB_NO02")
    headers = {
        "Content-Type": file.content_type,
        "Content-Length": str(file.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
    }
    return Download(call.domain.file_pieces(file.number), headers)
