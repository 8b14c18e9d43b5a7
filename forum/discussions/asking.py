"""A form that asks before a text goes out with numbers that say too much of a person.

The question is an answer of the form, with the text kept; the second sending confirms exactly these
numbers. Source: docs/decisions/0035-held-texts.md.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from forum.lib.slips import Kind, Slip, mark_of, slips_in

ASKED = "slips"  # the code of the question
SHOWN_DIGITS = 4


class AsksOfSlips(forms.Form):
    """A form whose `ask_of_slips` is called when everything else in it is right."""

    send_anyway = forms.CharField(required=False, max_length=40)
    # What it asks of; empty where it asks nothing.
    slips: Sequence[Slip] = ()

    @property
    def slips_mark(self) -> str:
        """What the second sending says yes to; empty where nothing is asked."""
        return mark_of(self.slips) if self.slips else ""

    def ask_of_slips(self, words: str, *, before: str = "", for_organization: bool = False) -> None:
        """Add the question to the errors, unless it was answered, or the text held them `before`.

        A telephone number in the voice of an organization is its own: nobody is asked.
        """
        old = {slip.digits for slip in slips_in(before)}
        found = [
            slip
            for slip in slips_in(words)
            if slip.digits not in old and not (for_organization and slip.kind is Kind.PHONE)
        ]
        if found and self.cleaned_data.get("send_anyway") != mark_of(found):
            self.slips = found
            self.add_error(None, forms.ValidationError(_question(found), ASKED))


def as_answer(form: forms.Form) -> dict[str, Any]:
    """The errors of the form for the page's script, with what may be confirmed."""
    mark = form.slips_mark if isinstance(form, AsksOfSlips) else ""
    return {"errors": form.errors, **({"ask": mark} if mark else {})}


def _question(found: Sequence[Slip]) -> str:
    sentences = {
        Kind.PESEL: _("The text holds a PESEL number: %(numbers)s."),
        Kind.ACCOUNT: _("The text holds an account number: %(numbers)s."),
        Kind.PHONE: _(
            "The text holds a telephone number: %(numbers)s. That of an organization or an office "
            "may stand here; a private one says too much."
        ),
    }
    said = [
        sentence % {"numbers": ", ".join(_shown(slip) for slip in found if slip.kind is kind)}
        for kind, sentence in sentences.items()
        if any(slip.kind is kind for slip in found)
    ]
    return " ".join([*said, _("Take it out, or confirm that everybody here may read it.")])


def _shown(slip: Slip) -> str:
    """Enough to find it in the text; the question itself says no more of a person than it must."""
    if slip.kind is Kind.PHONE:
        return slip.written
    return f"{slip.digits[:SHOWN_DIGITS]}…{slip.digits[-2:]}"
