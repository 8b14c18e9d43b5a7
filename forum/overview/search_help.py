"""How one looks for something, in examples: shown where nothing was asked yet."""

from django.utils.translation import gettext_lazy as _

# What people of the county type; the forum is Polish, whatever language its pages speak.
EXAMPLES = (
    "dotacja na sprzęt",
    "wolna sala",
    "sprawozdanie",
    "wkład własny",
    "partner do projektu",
)
OPERATORS = (
    ("dotacja", _("Every form of the word is found: dotacji, dotacje.")),
    ("swietlica", _("Polish letters may be left out.")),
    ("„wkład własny”", _("Words in quotation marks stand next to each other.")),
    ("sala -sportowa", _("What stands behind a minus is left out.")),
    ("świetl", _("The last word need not be finished.")),
    (
        "art. 19a ust. 2",
        _("Numbers of provisions, resolutions and registers are found as they are."),
    ),
)
