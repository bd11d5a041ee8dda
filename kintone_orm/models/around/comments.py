"""The comments of a record: read page by page, added, deleted. kintone lets nobody change one.

Source: kintone REST API, "Get Comments", "Add Comment", "Delete Comment".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias, cast, overload

from kintone_orm.api.answers import checked
from kintone_orm.api.comments import add_comment, delete_comment, get_comments
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.fields import Group, Organization, User
from kintone_orm.fields.temporal import instant_reader
from kintone_orm.limits import (
    COMMENT_CHARACTERS,
    COMMENTS_PER_PAGE,
    MENTIONS_PER_COMMENT,
    characters,
)
from kintone_orm.models.ground.answer_checks import not_what_was_asked
from kintone_orm.models.record.validation import validate
from kintone_orm.models.writing.refusals import told_about

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from kintone_orm.models.base import Model

__all__ = ["Comment", "Commented", "Comments", "PostedComment"]

Mention: TypeAlias = "User | Group | Organization"

_KINDS: dict[str, type[Mention]] = {"USER": User, "GROUP": Group, "ORGANIZATION": Organization}
_TYPES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedComment:
    """A comment of yours, as you gave it; what kintone adds to it is known once it is read."""

    record: Model = field(repr=False)
    id: int
    text: str
    mentions: tuple[Mention, ...] = ()

    def delete(self) -> None:
        """Delete the comment, in one request.

        NotCommentAuthor if somebody else wrote it, NotFound if it is gone.
        """
        connection = self.record._connection(None)
        with told_about(self.record):
            delete_comment(
                connection,
                app=self.record._meta.app_id(connection),
                record=self.record._require_id(),
                comment=self.id,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(PostedComment):
    """A comment as kintone shows it.

    `text` is kintone's: the names of those mentioned stand in front, each with a blank, and a line
    feed behind them; a blank stands at the end. What the author typed cannot be told from that, so
    it is left as it is. `mentions` are values of `User`, `Group` and `Organization`, by their codes
    and without names. `created_at` is aware, in the connection's time zone or in UTC.
    """

    created_at: datetime
    creator: User


class Comments:
    """`order.comments`: those of one record, the newest first, read as they are iterated.

    ``[:5]`` is the newest five, in one request, and ``[0]`` the newest. Iterating sends one request
    for ten comments. One that is added meanwhile is not seen, and none is seen twice; when one is
    deleted meanwhile, its neighbour may be left out. Raises the model's DoesNotExist if the record
    is gone, CommentsDisabled if the app has no comments.
    """

    __slots__ = ("_order", "_record", "_start", "_stop")

    def __init__(
        self,
        record: Model,
        *,
        order: Literal["asc", "desc"] = "desc",
        start: int = 0,
        stop: int | None = None,
    ) -> None:
        self._record = record
        self._order: Literal["asc", "desc"] = order
        self._start = start
        self._stop = stop

    def reverse(self) -> Comments:
        """The same comments, the oldest first; of those, the newest first again."""
        if self._start or self._stop is not None:
            raise TypeError("Cannot reverse comments once a slice has been taken.")
        return Comments(self._record, order="asc" if self._order == "desc" else "desc")

    def create(self, text: str, *, mentions: Iterable[Mention] = ()) -> PostedComment:
        """Add a comment, in one request; those mentioned are told.

        `text` has 1 to 65,535 characters (an emoji counts as two), and at most ten are mentioned:
        ValidationError before anything is sent. A guest is ``User("guest/mail@example.com")``. A
        user whom kintone does not know is an APIError. With an API token, the Administrator
        comments. The record's revision stays.
        """
        if not isinstance(text, str):
            raise TypeError(f"A comment is a text, not {text!r:.80}.")
        record, found = self._record, _mentioned(mentions)
        problems: dict[str, list[str]] = {}
        try:
            text.encode()
        except UnicodeEncodeError:
            problems["text"] = ["It is no text in Unicode: it has half of a character."]
        if not 1 <= (length := characters(text)) <= COMMENT_CHARACTERS:
            problems["text"] = [f"It has {length:,} characters, not 1 to {COMMENT_CHARACTERS:,}."]
        if len(found) > MENTIONS_PER_COMMENT:
            problems["mentions"] = [f"{len(found)} are mentioned, not {MENTIONS_PER_COMMENT}."]
        validate(problems, where=f"Comment on {record!r}")
        connection = record._connection(None)
        with told_about(record):
            answer = add_comment(
                checked(connection),
                app=record._meta.app_id(connection),
                record=record._require_id(),
                text=text,
                mentions=[_sent(each) for each in found],
            )
        return PostedComment(record=record, id=int(answer["id"]), text=text, mentions=found)

    def exists(self) -> bool:
        """Whether there is a comment, in one request."""
        return any(True for _ in self._sliced(0, 1))

    def count(self) -> NoReturn:
        """NotSupportedError: kintone does not count comments."""
        raise NotSupportedError(_NOT_COUNTED)

    def __len__(self) -> int:
        # Not NotSupportedError: list() asks for the length, and takes no other error for an answer.
        raise TypeError(_NOT_COUNTED)

    def __bool__(self) -> bool:
        return self.exists()

    def __iter__(self) -> Iterator[Comment]:
        seen = 0
        for page in self._pages():
            # A comment that is added meanwhile moves the others on: the last one comes again.
            yield from (each for each in page if self._order == "asc" or each.id < seen or not seen)
            seen = min(seen or page[-1].id, page[-1].id)  # a whole page may have come again

    @overload
    def __getitem__(self, key: int) -> Comment: ...
    @overload
    def __getitem__(self, key: slice) -> Comments: ...
    def __getitem__(self, key: int | slice) -> Comment | Comments:
        bounds = (key.start, key.stop, key.step) if isinstance(key, slice) else (key,)
        if not all(isinstance(bound, (int, NoneType)) for bound in bounds):
            raise TypeError(f"Comments are indexed by integers and slices, not {key!r}.")
        if any(bound is not None and bound < 0 for bound in bounds):
            raise ValueError("Negative indexing is not supported: reverse() begins at the end.")
        if isinstance(key, slice):
            if key.step not in (None, 1):
                raise ValueError("A slice of comments has no step.")
            return self._sliced(key.start or 0, key.stop)
        for comment in self._sliced(key, key + 1):
            return comment
        raise IndexError(f"{self._record!r} has no comment {key}.")

    def __repr__(self) -> str:
        way = "newest first" if self._order == "desc" else "oldest first"
        return f"<Comments of {self._record!r}, {way}>"

    def _sliced(self, start: int, stop: int | None) -> Comments:
        ends = [self._stop, None if stop is None else self._start + max(start, stop)]
        return Comments(
            self._record,
            order=self._order,
            start=self._start + start,
            stop=min((end for end in ends if end is not None), default=None),
        )

    def _pages(self) -> Iterator[list[Comment]]:
        record = self._record
        connection = record._connection(None)
        app, id_ = record._meta.app_id(connection), record._require_id()
        offset, more = self._start, True
        known: set[int] = set()
        nothing_new = 0
        while more and (self._stop is None or offset < self._stop):
            left = COMMENTS_PER_PAGE if self._stop is None else self._stop - offset
            with told_about(record):
                answer = get_comments(
                    checked(connection),
                    app=app,
                    record=id_,
                    order=self._order,
                    offset=offset,
                    limit=min(COMMENTS_PER_PAGE, left),
                )
            page = [_read(record, sent) for sent in answer["comments"]]
            if page:
                yield page
            # A page may come again, when as many comments are added meanwhile; not for ever.
            nothing_new = 0 if {each.id for each in page} - known else nothing_new + 1
            known = {each.id for each in page}
            if nothing_new > _PAGES_AGAIN:
                why = f"{_PAGES_AGAIN} pages of comments in a row have nothing new"
                not_what_was_asked(connection, why, path="record/comments")
            offset += len(page)
            more = bool(page) and answer["older" if self._order == "desc" else "newer"]


_PAGES_AGAIN = 100

_NOT_COUNTED = (
    "kintone does not count comments: len(list(order.comments)) reads them all, and "
    "order.comments.exists() asks for one."
)


class Commented:
    """What `Model` has of comments."""

    __slots__ = ()

    @property
    def comments(self) -> Comments:
        """The record's comments; nothing is sent before they are used."""
        return Comments(cast("Model", self))


def _read(record: Model, sent: Mapping[str, Any]) -> Comment:
    connection = record._connection(None)
    return Comment(
        record=record,
        id=int(sent["id"]),
        text=sent["text"],
        created_at=instant_reader(connection.timezone)(sent["createdAt"]),
        creator=User(sent["creator"]["code"], sent["creator"]["name"]),
        mentions=tuple(_KINDS[each["type"]](each["code"]) for each in sent["mentions"]),
    )


def _mentioned(given: Any) -> tuple[Mention, ...]:
    """Those who are mentioned; TypeError, with what to write, for what is no list of them."""
    several = isinstance(given, Iterable) and not isinstance(given, (str, bytes))
    found: tuple[Any, ...] = tuple(given) if several else (given,)
    if several and all(map(_is_mention, found)):
        return found
    raise TypeError(
        "mentions takes a list of User, Group and Organization, each with its code as text: write "
        f"mentions=[{', '.join(map(_as_mention, found))}], not {given!r:.80}."
    )


def _is_mention(given: Any) -> bool:
    return type(given) in _TYPES and isinstance(given.code, str) and bool(given.code)


def _as_mention(given: Any) -> str:
    """How to write it."""
    if _is_mention(given):
        return f"{type(given).__name__}({given.code!r})"
    return f"User({given!r})" if isinstance(given, str) and given else 'User("login name")'


def _sent(mention: Mention) -> dict[str, str]:
    return {"code": mention.code, "type": _TYPES[type(mention)]}
