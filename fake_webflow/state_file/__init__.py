"""A state in a file: values as rows, what a write changed, and the SQLite file that has them."""
