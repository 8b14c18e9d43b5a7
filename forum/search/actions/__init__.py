"""The index is written by the rooms that own what can be found, in their own transactions."""

from forum.search.actions.indexing import (
    analyse,
    carry,
    forget,
    index,
    index_words,
    leading,
    move,
)
from forum.search.actions.renewing import Step, catch_up, steps

__all__ = [
    "Step",
    "analyse",
    "carry",
    "catch_up",
    "forget",
    "index",
    "index_words",
    "leading",
    "move",
    "steps",
]
