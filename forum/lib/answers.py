"""What a rule answers: yes, or a refusal that carries the sentence the member reads."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Refusal:
    """A false answer with its reason, ready to be shown."""

    sentence: str | Promise

    def __bool__(self) -> Literal[False]:
        return False


Answer = Literal[True] | Refusal


class Refused(Exception):
    """Raised by an action that a rule refused; middleware answers 403 with the sentence."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal.sentence))
        self.refusal = refusal


def demand(answer: Answer) -> None:
    """Return where the answer is yes. Raises: Refused with the refusal otherwise."""
    if isinstance(answer, Refusal):
        raise Refused(answer)
