"""Schemas of people, groups, organizations and attachments."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from kintone_orm.fields import Group, Organization, User

__all__ = ["SCHEMAS_OF_ENTITIES", "AttachmentSchema"]


class _Unregistered(Schema):
    class Meta:
        # The names stay free in marshmallow's registry, so that programs can use them.
        register = False


class _EntitySchema(_Unregistered):
    """A schema of ``{"code": ..., "name": ...}``. Only the code is loaded.

    The name comes from kintone, so a name in the input is ignored.
    """

    entity: ClassVar[type[User | Organization | Group]]

    code = fields.String(required=True, validate=validate.Length(min=1))
    name = fields.String()

    def load(self, data: Any, *, partial: object = None, **options: Any) -> Any:
        """Load as marshmallow does, but ignore `partial`: a code is always required."""
        del partial
        return super().load(data, partial=False, **options)

    @post_load
    def _make(self, data: dict[str, str], **_options: object) -> User | Organization | Group:
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
    """The description of a file, without the key to download it."""

    name = fields.String()
    content_type = fields.String()
    size = fields.Integer()
