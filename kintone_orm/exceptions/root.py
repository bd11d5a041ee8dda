"""The base class of all errors."""

from __future__ import annotations

from kintone_orm.outcomes import CarriedOut

__all__ = ["KintoneORMError"]


class KintoneORMError(Exception):
    """The base of all errors in this module. Catch it to catch every one of them.

    `carried_out` says whether kintone carried out the write that failed: `CarriedOut.YES`, `NO` or
    `UNKNOWN`.
    """

    __module__ = "kintone_orm.exceptions"  # the public name, also in pickles

    carried_out: CarriedOut = CarriedOut.NO
