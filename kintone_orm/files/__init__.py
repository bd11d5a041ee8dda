"""The values of file fields: attachments, and new files to attach.

A record that was read has an `Attachment` for each of its files. To attach a new file, put one of
these into the list: a pathlib.Path, a file that is open for reading bytes, a `ContentFile` for
bytes, or a `File`, which gives any of the others another name. Saving the record uploads it.
"""

from kintone_orm.files.attachment import Attachment
from kintone_orm.files.base import ContentFile, File

__all__ = ["Attachment", "ContentFile", "File"]
