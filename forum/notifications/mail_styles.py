"""How our HTML mails look: mail programs know no style sheets, so each element carries its own.

Templates name classes as pages do; here they become styles. No picture, no font and nothing else
is fetched from anywhere: a mail tells nobody that it was opened.
"""

import re

INK = "color:#1c2226;"
SOFT = "color:#4d565c;"
GREEN = "#0b5d4e"
FONT = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
READ = f"{INK}{FONT}font-size:16px;line-height:1.5;"
SMALL = f"{SOFT}font-size:14px;line-height:1.5;"
TABLE = "width:100%;border-collapse:collapse;"

STYLES = {
    "sheet": f"margin:0;padding:0;background-color:#f6f5f1;{READ}",
    "outer": f"{TABLE}background-color:#f6f5f1;",
    "outer__cell": "padding:16px 8px;",
    "card": f"{TABLE}max-width:600px;margin:0 auto;background-color:#ffffff;",
    "card__cell": f"padding:20px 20px 8px 20px;text-align:left;{READ}",
    "foot__cell": f"padding:12px 20px;border-top:1px solid #d9d5cb;text-align:left;{FONT}{SMALL}",
    "reply": f"margin:0 0 16px 0;{SMALL}",
    "site": f"margin:0 0 4px 0;{SMALL}",
    "heading": f"margin:0 0 16px 0;{INK}font-size:20px;line-height:1.3;font-weight:bold;",
    "chapter": f"margin:24px 0 8px 0;{INK}font-size:17px;line-height:1.3;font-weight:bold;",
    "line": "margin:0 0 20px 0;",
    "line__title": f"margin:0 0 4px 0;{INK}font-size:16px;font-weight:bold;",
    "line__when": f"margin:0 0 4px 0;{SMALL}",
    "words": f"margin:0 0 8px 0;padding:0 0 0 12px;border-left:3px solid #c9d8d3;{INK}",
    "plain": f"margin:0 0 12px 0;{INK}",
    "soft": f"margin:0 0 8px 0;{SMALL}",
    "link": f"color:{GREEN};text-decoration:underline;",
    "act": f"color:{GREEN};text-decoration:underline;margin-right:16px;",
    "button": (
        f"display:inline-block;padding:10px 18px;background-color:{GREEN};color:#ffffff;"
        "text-decoration:none;font-weight:bold;border-radius:6px;"
    ),
}
CLASSES = re.compile(r'\sclass="([^"]*)"')


def inline(html: str) -> str:
    """The mail with each class of ours as the style it stands for."""
    return CLASSES.sub(_styled, html)


def _styled(found: re.Match[str]) -> str:
    styles = "".join(STYLES[name] for name in found[1].split() if name in STYLES)
    return f' style="{styles}"' if styles else ""
