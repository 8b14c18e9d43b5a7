"""Text as it is compared: without capitals, Polish marks, quotes and other signs."""

import hashlib
import re
import unicodedata

# Letters that Unicode does not take apart into a letter and a mark.
_WHOLE_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
# What most texts here need: they are spared the way over every sign.
_POLISH_LETTERS = str.maketrans("ąćęńóśźż", "acenoszz") | _WHOLE_LETTERS
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


# `{` stands after z among the bytes: ł comes after every l, as in a Polish dictionary.
_IN_POLISH_ORDER = str.maketrans(
    {letter: f"{plain}{{" for letter, plain in zip("ąćęłńóśż", "acelnosz", strict=True)}
    | {"ź": "z{", "ż": "z{{"}
)


def polish_order(text: str) -> str:
    """A key that sorts texts byte by byte as a Polish dictionary does, signs aside."""
    kept = text.casefold().translate(_IN_POLISH_ORDER)
    return " ".join(re.sub(r"[^a-z0-9{]+", " ", without_marks(kept)).split())


def fold(text: str) -> str:
    """The words of the text in a–z and 0–9, one space between them.

    `Świetlica „Łan”` is `swietlica lan`.
    """
    return _BETWEEN_WORDS.sub(" ", without_marks(text.casefold())).strip()


def fingerprint(text: str) -> str:
    """16 hexadecimal digits, the same for two texts that fold to the same words."""
    return hashlib.blake2b(fold(text).encode(), digest_size=8).hexdigest()


def without_marks(small: str) -> str:
    """Small letters without their marks; signs and letters of other scripts stay."""
    plain = small.translate(_POLISH_LETTERS)
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
