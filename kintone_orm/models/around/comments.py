"""The comments of a record: reading them page by page, adding and deleting them.

kintone has no way to change a comment.

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
from kintone_orm.models import writing
from kintone_orm.models.ground.answer_checks import refuse_answer
from kintone_orm.models.record.home import connection_of, require_id
from kintone_orm.models.record.instance import Instance
from kintone_orm.models.record.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.values import Answer

__all__ = ["Comment", "Commented", "Comments", "PostedComment"]

Mention: TypeAlias = "User | Group | Organization"

_KINDS: dict[str, type[Mention]] = {"USER": User, "GROUP": Group, "ORGANIZATION": Organization}
_TYPES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedComment:
    """A comment that this program added. Read the comments to get the values that kintone adds."""

    record: Model = field(repr=False)
    id: int
    text: str
    mentions: tuple[Mention, ...] = ()

    def delete(self) -> None:
        """Delete the comment, in one request.

        Raises NotCommentAuthor if somebody else wrote it, and NotFound if it no longer exists.
        Source: "kintone REST API: Delete Comment".
        """
        connection = connection_of(self.record)
        with writing.refusals.translating_refusals(self.record):
            delete_comment(
                connection,
                app=self.record._meta.app_id(connection),
                record=require_id(self.record),
                comment=self.id,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(PostedComment):
    """A comment that was read from kintone.

    `text` is the text as kintone returns it. It begins with the names of the mentioned people, each
    followed by a space, and a line feed; it ends with a space. The author's own text cannot be
    separated from these additions, so they are not removed. `mentions` are `User`, `Group` and
    `Organization` values with codes but no names. `created_at` is aware, in the connection's time
    zone or in UTC.
    """

    created_at: datetime
    creator: User


class Comments:
    """The comments of one record, newest first: `order.comments`. They are read when iterated.

    Iterating sends one request for ten comments. ``[0]`` is the newest comment, and ``[:5]`` the
    newest five, in one request. A comment that is added during the iteration is not seen, and no
    comment is seen twice. If a comment is deleted meanwhile, its neighbour may be missed.
    Raises the model's DoesNotExist if the record no longer exists, and CommentsDisabled if the
    app's comments are off. Source: "kintone REST API: Get Comments".
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
        """Return the same comments in reverse order, oldest first."""
        if self._start or self._stop is not None:
            raise TypeError("Cannot reverse comments once a slice has been taken.")
        return Comments(self._record, order="asc" if self._order == "desc" else "desc")

    def create(self, text: str, *, mentions: Iterable[Mention] = ()) -> PostedComment:
        """Add a comment, in one request; kintone notifies the mentioned people.

        `text` has 1 to 65,535 characters (an emoji counts as two); at most ten people are
        mentioned. Otherwise ValidationError is raised before any request. A guest is
        ``User("guest/mail@example.com")``. An unknown user is an APIError. With an API token, the
        Administrator is the author. The record's revision does not change. If the answer was lost,
        the comment is not sent again: read the comments before you add it again. Source: "kintone
        REST API: Add Comment".
        """
        if not isinstance(text, str):
            raise TypeError(f"A comment must be a str, not {text!r:.80}.")
        record, mentioned = self._record, _mentioned(mentions)
        problems: dict[str, list[str]] = {}
        try:
            text.encode()
        except UnicodeEncodeError:
            problems["text"] = [
                "The text is not valid Unicode: it contains half of a surrogate pair."
            ]
        if not 1 <= (length := characters(text)) <= COMMENT_CHARACTERS:
            problems["text"] = [
                f"The text has {length:,} characters; 1 to {COMMENT_CHARACTERS:,} are allowed."
            ]
        if len(mentioned) > MENTIONS_PER_COMMENT:
            problems["mentions"] = [
                f"There are {len(mentioned)} mentions; at most {MENTIONS_PER_COMMENT} are allowed."
            ]
        validate(problems, where=f"Comment on {record!r}")
        connection = connection_of(record)
        lost = "The comment may be added or not. Read the comments before you add it again."
        with writing.refusals.translating_refusals(record, lost=lost):
            answer = add_comment(
                checked(connection),
                app=record._meta.app_id(connection),
                record=require_id(record),
                text=text,
                mentions=[_mention_to_send(mention) for mention in mentioned],
            )
        return PostedComment(record=record, id=int(answer["id"]), text=text, mentions=mentioned)

    def exists(self) -> bool:
        """Return True if the record has a comment; one request."""
        return any(True for _ in self._sliced(0, 1))

    def count(self) -> NoReturn:
        """Raise NotSupportedError: kintone does not count comments."""
        raise NotSupportedError(_NOT_COUNTED)

    def __len__(self) -> int:
        # list() asks for the length first, and goes on without it only after a TypeError.
        raise TypeError(_NOT_COUNTED)

    def __bool__(self) -> bool:
        return self.exists()

    def __iter__(self) -> Iterator[Comment]:
        oldest = 0
        for page in self._pages():
            # With the newest first, a comment that is added during the iteration shifts the others.
            # The next page then begins with comments that were read already, and may
            # contain no other comments.
            yield from (
                comment
                for comment in page
                if self._order == "asc" or comment.id < oldest or not oldest
            )
            oldest = min(oldest or page[-1].id, page[-1].id)

    @overload
    def __getitem__(self, key: int) -> Comment: ...
    @overload
    def __getitem__(self, key: slice) -> Comments: ...
    def __getitem__(self, key: int | slice) -> Comment | Comments:
        bounds = (key.start, key.stop, key.step) if isinstance(key, slice) else (key,)
        if not all(isinstance(bound, (int, NoneType)) for bound in bounds):
            raise TypeError(f"Comment indices must be integers or slices, not {key!r}.")
        if any(bound is not None and bound < 0 for bound in bounds):
            raise ValueError(
                "Negative indexing is not supported. Use reverse() to begin at the end."
            )
        if isinstance(key, slice):
            if key.step not in (None, 1):
                raise ValueError("A slice of comments cannot have a step.")
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
        connection = connection_of(record)
        app, id_ = record._meta.app_id(connection), require_id(record)
        offset, more = self._start, True
        last_ids: set[int] = set()
        repeated_pages = 0
        while more and (self._stop is None or offset < self._stop):
            left = COMMENTS_PER_PAGE if self._stop is None else self._stop - offset
            with writing.refusals.translating_refusals(record):
                answer = get_comments(
                    checked(connection),
                    app=app,
                    record=id_,
                    order=self._order,
                    offset=offset,
                    limit=min(COMMENTS_PER_PAGE, left),
                )
            page = [_read(record, comment) for comment in answer["comments"]]
            if page:
                yield page
            # The same page comes again if a whole page of comments was added since the last
            # request. The repetitions are counted, because a server that always sends the same
            # page would never let the iteration end.
            ids = {comment.id for comment in page}
            repeated_pages = 0 if ids - last_ids else repeated_pages + 1
            last_ids = ids
            if repeated_pages > _MOST_REPEATED_PAGES:
                why = f"{_MOST_REPEATED_PAGES} pages of comments in a row have no new comment"
                refuse_answer(connection, why, path="record/comments")
            offset += len(page)
            more = bool(page) and answer["older" if self._order == "desc" else "newer"]


_MOST_REPEATED_PAGES = 100

_NOT_COUNTED = (
    "kintone does not count comments. Use len(list(order.comments)), which reads them all, or "
    "order.comments.exists(), which reads one."
)


class Commented(Instance):
    """The part of `Model` for comments."""

    __slots__ = ()

    @property
    def comments(self) -> Comments:
        """The record's comments; they are read when they are iterated."""
        return Comments(cast("Model", self))


def _read(record: Model, comment: Answer) -> Comment:
    connection = connection_of(record)
    return Comment(
        record=record,
        id=int(comment["id"]),
        text=comment["text"],
        created_at=instant_reader(connection.timezone)(comment["createdAt"]),
        creator=User(comment["creator"]["code"], comment["creator"]["name"]),
        mentions=tuple(_KINDS[who["type"]](who["code"]) for who in comment["mentions"]),
    )


def _mentioned(mentions: Any) -> tuple[Mention, ...]:
    """Return the mentioned people as a tuple; TypeError for anything but an iterable of them."""
    is_iterable = isinstance(mentions, Iterable) and not isinstance(mentions, (str, bytes))
    people: tuple[Any, ...] = tuple(mentions) if is_iterable else (mentions,)
    if is_iterable and all(map(_is_mention, people)):
        return people
    raise TypeError(
        "mentions must be a list of User, Group and Organization, each with a code. Write "
        f"mentions=[{', '.join(map(_source_of, people))}], not {mentions!r:.80}."
    )


def _is_mention(value: Any) -> bool:
    return type(value) in _TYPES and isinstance(value.code, str) and bool(value.code)


def _source_of(value: Any) -> str:
    """Return the Python source of the mention that the program probably meant by `value`."""
    if _is_mention(value):
        return f"{type(value).__name__}({value.code!r})"
    return f"User({value!r})" if isinstance(value, str) and value else 'User("login name")'


def _mention_to_send(mention: Mention) -> dict[str, str]:
    return {"code": mention.code, "type": _TYPES[type(mention)]}
