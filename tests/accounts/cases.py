"""What the tests of verification share: profiles, documents, cases, and decisions on them."""

import threading

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts import actions
from accounts.models import Organization, VerificationCase
from forum.lib.answers import Refused

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
KRS = "0009900001"
QUEUE = "/desk/organizations/"
State = VerificationCase.State


def a_document(name="uchwala.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def a_profile(name="Stowarzyszenie „Nowy Most”", **fields):
    """A profile from a public list, which nobody has claimed."""
    given = {
        "kind": Organization.Kind.ASSOCIATION,
        "gmina": Organization.Gmina.PIASTOW,
        "register": Organization.Register.KRS,
        "register_number": KRS,
        "is_claimed": False,
    }
    return Organization.objects.create(name=name, **given | fields)


def standing(**fields):
    return actions.Standing(**{"position": "sekretarz zarządu"} | fields)


def a_claim(member, organization=None, **fields):
    return actions.claim(
        member=member,
        organization=organization or a_profile(),
        standing=standing(**fields),
    )


def a_new_one(member, name="Klub Robótek „Oczko”", *, is_another=False, **fields):
    given = {"kind": Organization.Kind.INFORMAL, "gmina": Organization.Gmina.RASZYN} | fields
    return actions.create_organization(
        member=member,
        new=actions.NewOrganization(name=name, **given),
        standing=standing(),
        is_another=is_another,
    )


def decide(staff, case, state, reason="", *, version=None, ends_others=False):
    return actions.decide(
        staff=staff,
        case=case,
        version=fresh(case).version if version is None else version,
        verdict=actions.Verdict(state, reason, ends_others),
    )


def accept(staff, case, **more):
    return decide(staff, case, State.ACCEPTED, **more)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def log_of(organization):
    """The kinds of the steps, the first one first."""
    return list(organization.events.order_by("pk").values_list("kind", flat=True))


def at_once(*deeds):
    """All of them in the same moment, a connection each; gives the refusals."""
    refused, failures = [], []
    start = threading.Barrier(len(deeds))

    def run(deed):
        try:
            start.wait()
            deed()
        except Refused as refusal:
            refused.append(refusal)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert failures == []
    return refused


def desk(case, verb=""):
    """The adviser's page of the case, or the address of a decision."""
    return f"{QUEUE}{case.pk}/{verb and verb + '/'}"


def own(case, verb=""):
    """The page of whoever opened the case."""
    return f"/account/verification/{case.pk}/{verb and verb + '/'}"


def text_of(answer):
    return answer.content.decode()
