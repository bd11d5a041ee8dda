"""The modules that the other packages of `kintone_orm.models` use, and that import none of them."""
