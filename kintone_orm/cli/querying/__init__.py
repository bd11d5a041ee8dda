"""The parts of `kintone-orm query`: filter texts, and the forms in which rows are written."""
