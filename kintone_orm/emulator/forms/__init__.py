"""The fields of a form: their definitions, their layout, and the cells of their records."""
