"""Who and what file, as JSON: the schemas of the values that are no plain text or number."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from kintone_orm.fields import Group, Organization, User

__all__ = ["SCHEMAS_OF_ENTITIES", "AttachmentSchema"]


class _Unregistered(Schema):
    class Meta:
        register = False  # a program may have a UserSchema of its own, and nest it by that name


class _EntitySchema(_Unregistered):
    """``{"code": ..., "name": ...}``; loaded by its code alone.

    The name is kintone's to say, so what a client sends for it is not believed.
    """

    entity: ClassVar[type[Any]]

    code = fields.String(required=True, validate=validate.Length(min=1))
    name = fields.String()

    def load(self, data: Any, *, partial: Any = None, **options: Any) -> Any:
        """As marshmallow's, but always whole: half a user is none."""
        del partial
        return super().load(data, partial=False, **options)

    @post_load
    def _make(self, data: dict[str, str], **_options: Any) -> Any:
        return self.entity(data["code"])


class UserSchema(_EntitySchema):
    """A user."""

    entity = User


class OrganizationSchema(_EntitySchema):
    """An organization."""

    entity = Organization


class GroupSchema(_EntitySchema):
    """A group."""

    entity = Group


SCHEMAS_OF_ENTITIES: dict[type[Any], type[Schema]] = {
    schema.entity: schema for schema in (UserSchema, OrganizationSchema, GroupSchema)
}


class AttachmentSchema(_Unregistered):
    """What is told of a file; not the key that it is downloaded by."""

    name = fields.String()
    content_type = fields.String()
    size = fields.Integer()
