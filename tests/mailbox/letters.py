"""Letters as members send them, and what becomes of them."""

from email import policy
from email.message import EmailMessage
from itertools import count
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import User
from forum.discussions.models import Post, Thread
from forum.jobs import worker
from forum.mailbox.actions import settling
from forum.mailbox.actions.taking import Fate, take_in
from forum.mailbox.acts import Act, act_url
from forum.mailbox.addresses import reply_address
from forum.mailbox.models import Inbound

ADDRESS = "odpowiedz+{token}@forum.example.org"
TEXT = "Klucze mam ja.\n"

_numbers = count(1)


def a_letter(
    member: User,
    recipient: str,
    text: str = TEXT,
    *,
    sender: str = "",
    subject: str = "Re: Lokal na spotkania",
    message_id: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A letter of the member; headers are named with underscores, as Auto_Submitted."""
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = sender or f"{member.display_name} <{member.email}>"
    letter["To"] = recipient
    letter["Subject"] = subject
    letter["Message-ID"] = message_id or f"<{next(_numbers)}@mail.example.net>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    for name, content in files:
        letter.add_attachment(content, "application", "octet-stream", filename=name)
    return letter.as_bytes()


def sent(member: User, place: Thread | Post, text: str = TEXT, **options: object) -> Inbound:
    """A letter of the member that answers the place, taken in and settled by a worker."""
    address = reply_address(member, place)
    raw = a_letter(member, address, text, **options)
    assert take_in(raw, address) is Fate.TAKEN
    settle_all()
    return Inbound.objects.order_by("-pk")[0]


def for_pages(alice: User, bob: User, thread: Thread) -> tuple[Inbound, Inbound, str]:
    """A letter of Alice that was published, one that was not, and the path of a link for her."""
    settings.REPLY_ADDRESS = ADDRESS
    asked = thread.posts.filter(author=bob).order_by("-number")[0]
    found = []
    for sender, text in ((alice.email, TEXT), ("alice@poczta.example.net", f"{TEXT}\n> Kto?")):
        address = reply_address(alice, asked)
        take_in(a_letter(alice, address, text, sender=sender), address)
        found.append(Inbound.objects.order_by("-pk")[0])
        settling.settle.call(pk=found[-1].pk)
    return found[0], found[1], urlsplit(act_url(Act.SUPPORT, alice, asked)).path


def settle_all() -> None:
    """Run what a worker has to do now, also the sending of mails."""
    while worker.work_once("test"):
        pass
