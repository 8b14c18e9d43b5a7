"""Short and long forms of what organizations are called, so that either finds the other."""

# Both as `forum.lib.folding.fold` writes them.
ABBREVIATIONS = {
    "osp": "ochotnicza straz pozarna",
    "kgw": "kolo gospodyn wiejskich",
    "uks": "uczniowski klub sportowy",
    "luks": "ludowy uczniowski klub sportowy",
    "mks": "miejski klub sportowy",
    "ks": "klub sportowy",
    "utw": "uniwersytet trzeciego wieku",
    "lgd": "lokalna grupa dzialania",
    "pck": "polski czerwony krzyz",
    "zhp": "zwiazek harcerstwa polskiego",
    "zhr": "zwiazek harcerstwa rzeczypospolitej",
    "pzn": "polski zwiazek niewidomych",
    "pzerii": "polski zwiazek emerytow rencistow i inwalidow",
    "tpd": "towarzystwo przyjaciol dzieci",
    "pttk": "polskie towarzystwo turystyczno krajoznawcze",
    "psoni": "polskie stowarzyszenie na rzecz osob z niepelnosprawnoscia intelektualna",
    "wopr": "wodne ochotnicze pogotowie ratunkowe",
}


def with_other_forms(folded: str) -> str:
    """The words, then the long forms of the short ones in them, and the other way round."""
    words = set(folded.split())
    others = [long for short, long in ABBREVIATIONS.items() if short in words]
    others += [short for short, long in ABBREVIATIONS.items() if long in folded]
    return " ".join([folded, *others])
