"""In which language a text is, as far as a cheap guess goes."""

import re

_POLISH_LETTERS = re.compile("[ąćęłńśźż]", re.IGNORECASE)


def guess_language(text: str, usual: str) -> str:
    """The language of the text by somebody who usually reads in the given one.

    Letters that only Polish has among ours decide; without them it is what its author reads.
    """
    return "pl" if _POLISH_LETTERS.search(text) else usual
