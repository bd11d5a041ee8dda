"""marshmallow schemas of models: records to JSON and back, for web applications.

``import kintone_orm`` does not import this package, and saving a record does not use it.
"""

from kintone_orm.schema.automatic import auto_field
from kintone_orm.schema.converter import ModelConverter
from kintone_orm.schema.model_schema import ModelSchema

__all__ = ["ModelConverter", "ModelSchema", "auto_field"]
