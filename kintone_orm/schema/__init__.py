"""marshmallow schemas of models: records to JSON and back, for web programs.

Nothing of it is imported by ``import kintone_orm``, and no save uses it.
"""

from kintone_orm.schema.automatic import auto_field
from kintone_orm.schema.converter import ModelConverter
from kintone_orm.schema.model_schema import ModelSchema

__all__ = ["ModelConverter", "ModelSchema", "auto_field"]
