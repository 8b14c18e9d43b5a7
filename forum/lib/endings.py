"""What is left of a Polish word without its ending, by rule: for words that no dictionary knows.

Rules of school grammar, for words in a–z: the ending of a noun, an adjective or a verb, then what
makes a verb of its stem, then what changes before an ending (moście, most; wniosek, wniosku). It
leaves too little rather than two beginnings: of unknown words some are taken for others.
"""

import re

from forum.lib.folding import fold

LEFT_MIN = 3  # letters
SOFT_MIN = 4  # letters of a beginning whose last letter is taken for the one it comes from
OF_NOUNS_AND_VERBS = (
    "a e i o u y ach am ami amy ecie emy ia iach iami icie ie iem ii imy iom iow iu om owi owie ow"
    " em um ej iej ego iego emu iemu ych ich ym im ymi imi ymy mi szy szego szej sza sze szych"
)
ENDINGS = sorted(OF_NOUNS_AND_VERBS.split(), key=len, reverse=True)
VERBAL = re.compile(
    r"(?:owa|ywa|iwa|awa|uj|aj|ej|iej|a|i|y|e|u|o|ia|ie)(?:c|l|n|ni|t|ac|wsz)$"
    r"|(?:uj|aj|ej|ac|an|en|on|uc|ow|(?<=[lmnrw])c)$"
)
MOBILE = re.compile(r"(?<=[^aeiouy])i?e(?=[^aeiouyj]$)")
SOFT = [("sc", "st"), ("dzi", "d"), ("dz", "d"), ("rz", "r"), ("sz", "s"), ("cz", "k"), ("ci", "k")]
SOFT += [("c", "k"), ("t", "k"), ("z", "g"), ("ni", "n"), ("si", "s"), ("zi", "g"), ("i", "")]
PERSONAL = re.compile(r"(?<=[aeiyou]l)(?:em|am|es|as|ismy|ysmy|iscie|yscie|bym|by|aby|iby|yby)$")


def stem(word: str) -> str:
    """The beginning that the forms of a word have in common, in a–z; the same with and without
    marks. Never empty."""
    small = fold(word).replace(" ", "") or word
    if not small.isalpha():
        return small
    left = _without(PERSONAL, small)
    left = next((_cut(left, each) for each in ENDINGS if _may_cut(left, each)), left)
    left = _without(VERBAL, left)
    left = MOBILE.sub("", left) if len(left) > LEFT_MIN else left
    return _hardened(left)


def _may_cut(word: str, ending: str) -> bool:
    return word.endswith(ending) and len(word) - len(ending) >= LEFT_MIN


def _cut(word: str, ending: str) -> str:
    return word[: len(word) - len(ending)]


def _without(pattern: re.Pattern[str], word: str) -> str:
    found = pattern.search(word)
    return word[: found.start()] if found and found.start() >= LEFT_MIN else word


def _hardened(word: str) -> str:
    """The last letter as it is before other endings."""
    for soft, hard in SOFT:
        if word.endswith(soft) and len(word) >= SOFT_MIN:
            return _cut(word, soft) + hard
    return word
