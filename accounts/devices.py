"""Browsers and devices in plain words, as far as the browser says."""

from django.utils.translation import gettext as _

# The first that is found counts: Edge, Opera and Samsung also say Chrome, and Chrome says Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
# Android also says Linux, and telephones of Apple say Mac OS X.
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def described(user_agent: str) -> str:
    """The browser and the system, such as "Firefox, Windows"; a sentence where neither is known."""
    named = [_found(user_agent, BROWSERS), _found(user_agent, SYSTEMS)]
    return ", ".join(filter(None, named)) or _("An unknown device")


def _found(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
