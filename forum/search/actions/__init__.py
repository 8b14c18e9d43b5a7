"""The index is written by the rooms that own what can be found, in their own transactions."""

from forum.search.actions.indexing import analyse, carry, forget, index, move, titled

__all__ = ["analyse", "carry", "forget", "index", "move", "titled"]
