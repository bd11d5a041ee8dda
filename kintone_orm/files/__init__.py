"""Files: what a file field holds, and what can be put into one.

A record that was read has an `Attachment` for each of its files. New ones are put into the list as
they are at hand: a pathlib.Path, a file that is open for reading bytes, a `ContentFile` for bytes,
or a `File`, which gives any of them another name. They are sent when the record is saved.
"""

from kintone_orm.files.attachment import Attachment
from kintone_orm.files.new import ContentFile, File

__all__ = ["Attachment", "ContentFile", "File"]
