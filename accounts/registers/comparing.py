"""What was claimed beside what the register says, with the difference in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.lib.folding import fold

Text = str | Promise

SAME = _("the same")
SAME_WORDS = _("the same words")
DIFFERENT = _("different")
ONLY_HERE = _("only in the claim")
ONLY_THERE = _("only in the register")

COMPARED = (
    ("name", "name", _("Name")),
    ("number", "number", _("Number in the register")),
    ("nip", "nip", _("NIP")),
    ("regon", "regon", _("REGON")),
    ("address", "address", _("Address")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, as it was claimed and as it is registered."""

    label: Text
    claimed: str
    registered: str
    verdict: Text
    tone: str  # same, different, one-sided


def compare(claimed: Mapping[str, object], facts: Mapping[str, object]) -> list[Line]:
    """A line for everything that either side says."""
    lines = []
    for ours, theirs, label in COMPARED:
        one, other = str(claimed.get(ours) or ""), str(facts.get(theirs) or "")
        if one or other:
            lines.append(Line(label, one, other, *_verdict(one, other)))
    return lines


def _verdict(one: str, other: str) -> tuple[Text, str]:
    if one == other:
        return SAME, "same"
    if not other:
        return ONLY_HERE, "one-sided"
    if not one:
        return ONLY_THERE, "one-sided"
    # Registers write in capitals and without our quotation marks.
    if _words(one) == _words(other):
        return SAME_WORDS, "same"
    return DIFFERENT, "different"


def _words(text: str) -> str:
    return fold(text).removeprefix("ul ")
