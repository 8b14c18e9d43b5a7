"""Fixtures that several files of this room use."""

from tests.discussions.sharing import sharing

__all__ = ["sharing"]
