"""A whole forum in one file, and back: rows of every table and every kept file.

Rows are written as JSON and not as one database's dump, so that a forum moves from SQLite to
PostgreSQL by a backup and a restore. Source: docs/decisions/0044-operation.md.
"""


class Failed(Exception):
    """A backup or a restore cannot be done; the text is the sentence that the operator reads."""
