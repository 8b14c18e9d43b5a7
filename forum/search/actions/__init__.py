"""The index is written by the rooms that own what can be found, in their own transactions."""

from forum.search.actions.indexing import analyse, forget, index, move

__all__ = ["analyse", "forget", "index", "move"]
