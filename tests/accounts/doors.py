"""What the tests of the account pages share: the code from a mail, and the steps up to it."""

import re
from html.parser import HTMLParser

from django.core import mail
from django.test import Client
from django.urls import reverse

CODE = re.compile(r"\b\d{4}-\d{4}\b")


def newest_code() -> str:
    found = CODE.search(mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[0]


def wrong_code() -> str:
    code = newest_code()
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def sign_up(client: Client, email: str = "ewa@example.org", name: str = "Ewa Lis"):
    return client.post(reverse("account_signup"), {"email": email, "display_name": name})


def ask_for_code(client: Client, email: str, **more: str):
    return client.post(reverse("account_login"), {"login": email, "way": "code", **more})


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class ForbiddenByCsp(HTMLParser):
    """Collects what the Content-Security-Policy would refuse to run or to apply."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.headings = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.headings += tag == "h1"
        if tag == "style" or "style" in names:
            self.found.append(f"style in <{tag}>")
        if tag == "script" and "src" not in names and not names.get("nonce"):
            self.found.append("inline script")
        self.found += [f"{name} in <{tag}>" for name in names if name.startswith("on")]
