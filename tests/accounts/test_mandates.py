from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import actions, plugs, rules
from accounts.actions import Afterwards, Term
from accounts.models import Invitation, Mandate
from tests.accounts.mandate_world import a_member_of, an_invitation, refused, steps
from tests.cast import SINCE, a_mandate, a_member, log_in

pytestmark = pytest.mark.django_db

Role = Mandate.Role
ADVISER_SENTENCE = str(rules.LAST_REPRESENTATIVE)


@pytest.fixture
def own(alice):
    return alice.mandates.get()


@pytest.fixture
def bobs(bob, fundacja):
    return a_member_of(fundacja, bob)


def term(role=Role.MEMBER, valid_from=SINCE, valid_to=None):
    return Term(role, valid_from, valid_to)


def people_url(organization):
    return reverse("accounts:people", args=[organization.pk])


# --- Granting, changing, ending ---
def test_a_representative_grants_and_it_is_written_down(alice, bob, fundacja):
    mandate = actions.grant(
        actor=alice,
        organization=fundacja,
        member=bob,
        term=term(Role.PROXY, valid_to=date(2099, 1, 1)),
        ground=Mandate.Ground.POWER_OF_ATTORNEY,
    )
    assert rules.may_speak(bob, fundacja)
    assert (mandate.granted_by, mandate.ground) == (alice, "power_of_attorney")
    assert steps(fundacja) == [("mandate_granted", alice)]


def test_nobody_gets_a_second_mandate(alice, bob, bobs, fundacja):
    given = {"organization": fundacja, "member": bob, "term": term(), "ground": ""}
    assert refused(actions.grant, actor=alice, **given)
    assert bob.mandates.count() == 1


def test_a_changed_mandate_counts_at_once_and_its_holder_is_told(alice, bob, bobs, fundacja):
    assert not rules.may_speak(bob, fundacja)
    actions.change_mandate(actor=alice, mandate=bobs, term=term(Role.REPRESENTATIVE))
    assert rules.may_speak(bob, fundacja)
    assert steps(fundacja) == [("mandate_changed", alice)]
    assert [letter.to for letter in mail.outbox] == [[bob.email]]
    assert "Alice Nowak" in mail.outbox[0].body


def test_a_change_that_changes_nothing_writes_nothing(alice, bobs, fundacja):
    actions.change_mandate(actor=alice, mandate=bobs, term=term())
    assert (steps(fundacja), mail.outbox) == ([], [])


def test_an_open_end_waits_until_the_other_mandate_has_one(alice, bob, bobs, fundacja):
    later = a_mandate(bob, fundacja, Role.PROXY, valid_to=date(2099, 1, 1))
    assert "bez końca" in refused(
        actions.change_mandate, actor=alice, mandate=later, term=term(Role.PROXY)
    )


def test_an_ended_mandate_is_history(alice, bob, bobs, fundacja):
    actions.end_mandate(actor=alice, mandate=bobs)
    bobs.refresh_from_db()
    assert bobs.standing == Mandate.Standing.REVOKED
    assert steps(fundacja) == [("mandate_ended", alice)]
    assert mail.outbox[0].to == [bob.email]
    assert refused(actions.end_mandate, actor=alice, mandate=bobs)
    assert refused(actions.change_mandate, actor=alice, mandate=bobs, term=term())


def test_whoever_is_put_out_does_not_come_back_by_letters_sent_before(alice, bob, bobs, fundacja):
    actions.change_mandate(actor=alice, mandate=bobs, term=term(Role.REPRESENTATIVE))
    theirs, _ = an_invitation(bob, fundacja, "bob.drugi@example.org")
    hers, _ = an_invitation(alice, fundacja, "ola@example.org")
    actions.end_mandate(actor=alice, mandate=bobs)
    assert list(Invitation.objects.usable()) == [hers]
    theirs.refresh_from_db()
    assert theirs.revoked_at
    assert ("invitation_revoked", alice) in steps(fundacja)


@pytest.mark.parametrize("name", ["bob", "dana", "erin"])
def test_others_manage_nothing(request, name, alice, own, fundacja):
    stranger = request.getfixturevalue(name)
    for action, given in (
        (actions.change_mandate, {"term": term(Role.REPRESENTATIVE)}),
        (actions.end_mandate, {}),
        (actions.confirm_mandate, {}),
    ):
        assert refused(action, actor=stranger, mandate=own, **given)
    assert refused(actions.show_name, member=stranger, mandate=own, on=True)
    own.refresh_from_db()
    assert own.is_current
    assert not own.is_public


def test_every_change_of_rights_is_told_to_open_pages(alice, bob, bobs, monkeypatch):
    told = []
    monkeypatch.setattr(plugs, "rights_changed", [lambda: told.append(1)])
    actions.change_mandate(actor=alice, mandate=bobs, term=term(Role.PROXY))
    actions.leave(member=bob, mandate=bobs)
    assert told == [1, 1]


def test_the_live_room_is_plugged_in():
    from forum.live.announcing import recheck  # noqa: PLC0415

    assert recheck in plugs.rights_changed


# --- The last representative ---
def test_the_last_representative_cannot_leave_or_be_lowered(alice, own, bobs, fundacja):
    assert refused(actions.leave, member=alice, mandate=own) == ADVISER_SENTENCE
    assert refused(actions.end_mandate, actor=alice, mandate=own) == ADVISER_SENTENCE
    assert (
        refused(actions.change_mandate, actor=alice, mandate=own, term=term()) == ADVISER_SENTENCE
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = term(Role.REPRESENTATIVE, tomorrow)
    assert refused(actions.change_mandate, actor=alice, mandate=own, term=later)
    assert steps(fundacja) == []
    assert rules.may_speak(alice, fundacja)


def test_a_suspended_representative_does_not_count(alice, own, erin, fundacja):
    assert fundacja.mandates.count() == 2
    assert rules.is_last_representative(own)


def test_one_of_two_representatives_may_leave(alice, bob, own, fundacja):
    a_mandate(bob, fundacja)
    actions.leave(member=alice, mandate=own)
    assert not rules.may_speak(alice, fundacja)
    assert steps(fundacja) == [("mandate_ended", alice)]
    fundacja.refresh_from_db()
    assert fundacja.needs_succession_since is None


def test_the_last_one_may_leave_it_to_the_adviser(alice, carol, own, fundacja):
    actions.leave_to_adviser(member=alice, mandate=own, words="Pani Ewa, tel. 22 000.")
    fundacja.refresh_from_db()
    assert fundacja.needs_succession_since
    assert steps(fundacja) == [("mandate_ended", alice), ("succession_needed", alice)]
    assert [letter.to for letter in mail.outbox] == [[carol.email]]
    assert "Pani Ewa" in mail.outbox[0].body


def test_the_adviser_is_not_asked_where_others_represent(alice, bob, own, fundacja):
    a_mandate(bob, fundacja)
    assert refused(actions.leave_to_adviser, member=alice, mandate=own)


def test_the_adviser_may_end_the_last_one_and_the_organization_is_marked(alice, carol, fundacja):
    actions.end_mandate(actor=carol, mandate=alice.mandates.get())
    fundacja.refresh_from_db()
    assert fundacja.needs_succession_since
    assert type(fundacja).objects.needing_succession().get() == fundacja


def test_the_next_representative_takes_the_mark_away(alice, bob, carol, own, fundacja):
    actions.leave_to_adviser(member=alice, mandate=own)
    actions.grant(
        actor=carol,
        organization=fundacja,
        member=bob,
        term=term(Role.REPRESENTATIVE),
        ground=Mandate.Ground.ADVISER,
    )
    fundacja.refresh_from_db()
    assert fundacja.needs_succession_since is None


# --- Handing over ---
@pytest.mark.parametrize(
    ("afterwards", "role"),
    [(Afterwards.STAYS, "representative"), (Afterwards.MEMBER, "member"), (Afterwards.LEAVES, "")],
)
def test_handing_over_is_one_step(alice, bob, own, bobs, fundacja, afterwards, role):
    actions.hand_over(actor=alice, mandate=own, to=bobs, afterwards=afterwards)
    standing = Mandate.objects.current().filter(organization=fundacja)
    roles = {mandate.user: mandate.role for mandate in standing}
    assert roles.pop(bob) == "representative"
    assert roles.pop(alice, "") == role
    assert ("handed_over", alice) in steps(fundacja)
    assert [letter.to for letter in mail.outbox] == [[bob.email]]


def test_the_new_representative_ends_when_the_old_one_would_have(alice, bob, bobs, fundacja):
    last = date(2099, 6, 30)
    alice.mandates.update(valid_to=last)
    own = alice.mandates.get()
    given = {"mandate": own, "to": bobs, "afterwards": Afterwards.LEAVES}
    assert actions.hand_over(actor=alice, **given).valid_to == last


def test_nothing_is_handed_to_strangers(alice, bob, dana, own, fundacja, orlik):
    stays = Afterwards.STAYS
    theirs = dana.mandates.get()
    assert refused(actions.hand_over, actor=alice, mandate=own, to=theirs, afterwards=stays)
    over = a_mandate(bob, fundacja, Role.MEMBER, valid_to=SINCE)
    assert refused(actions.hand_over, actor=alice, mandate=own, to=over, afterwards=stays)
    assert refused(actions.hand_over, actor=alice, mandate=own, to=own, afterwards=stays)


def test_a_proxy_hands_nothing_over(dana, bob, orlik):
    to = a_member_of(orlik, bob)
    given = {"mandate": dana.mandates.get(), "to": to, "afterwards": Afterwards.LEAVES}
    assert refused(actions.hand_over, actor=dana, **given)


# --- Consent and yearly confirmation ---
def test_the_name_is_shown_by_its_holder_only(alice, carol, own, fundacja):
    assert refused(actions.show_name, member=carol, mandate=own, on=True)
    for on in (True, True, False):
        actions.show_name(member=alice, mandate=own, on=on)
    assert steps(fundacja) == [("name_shown", alice), ("name_hidden", alice)]


def test_a_mandate_is_confirmed_for_a_year(alice, own, fundacja, time_machine):
    time_machine.move_to("2026-05-04 10:00:00+00:00", tick=False)
    assert own.awaits_confirmation  # since 2020
    for _ in range(2):
        actions.confirm_mandate(actor=alice, mandate=own)
    own.refresh_from_db()
    assert not own.awaits_confirmation
    assert own.confirm_by == date(2027, 5, 4)
    assert steps(fundacja) == [("mandate_confirmed", alice)]


# --- Pages ---
def test_the_people_page_is_for_representatives_and_staff(
    client, alice, bob, carol, dana, bobs, fundacja
):
    url = people_url(fundacja)
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"
    for member, status in ((alice, 200), (carol, 200), (bob, 403), (dana, 403)):
        log_in(client, member)
        assert client.get(url).status_code == status, member
    assert client.get(people_url(type(fundacja)(pk=10**9))).status_code == 404


def test_the_people_page_costs_the_same_for_many(
    client, alice, fundacja, django_assert_num_queries, django_assert_max_num_queries
):
    log_in(client, alice)
    a_member_of(fundacja, a_member("Ewa", "Lis"))
    an_invitation(alice, fundacja, "a0@example.org")
    with django_assert_max_num_queries(14) as first:
        client.get(people_url(fundacja))
    for number in range(5):
        a_member_of(fundacja, a_member(f"Ewa{number}", "Lis"))
        an_invitation(alice, fundacja, f"b{number}@example.org")
    with django_assert_num_queries(len(first)):
        page = client.get(people_url(fundacja)).content.decode()
    assert "Ewa4 Lis" in page
    assert "b4@example.org" in page


def test_a_mandate_is_changed_by_the_form(client, alice, bob, bobs, fundacja):
    log_in(client, alice)
    url = reverse("accounts:change_mandate", args=[bobs.pk])
    form = {"role": "proxy", "valid_from": "2026-01-01", "valid_to": "2099-01-01"}
    form["valid_to"] = str(timezone.localdate() + timedelta(days=300))
    scan = SimpleUploadedFile("pełnomocnictwo.png", a_png())
    assert client.post(url, {**form, "document": scan}).url == people_url(fundacja)
    bobs.refresh_from_db()
    assert bobs.role == "proxy"
    assert "pełnomocnictwo" not in bobs.document.name
    document = client.get(reverse("accounts:mandate_document", args=[bobs.pk]))
    assert b"".join(document.streaming_content) == a_png()
    assert document["Content-Disposition"].startswith("attachment")
    assert document["Content-Security-Policy"] == "sandbox; default-src 'none'"
    document.close()


@pytest.mark.parametrize(
    "bad",
    [
        {"role": "proxy", "valid_to": ""},
        {"role": "king"},
        {"valid_to": "2020-01-01"},
        {"valid_to": "2500-01-01"},
        {"valid_from": "wczoraj"},
        {"document": SimpleUploadedFile("a.pdf", b"<html>")},
    ],
)
def test_bad_input_is_a_sentence(client, alice, bobs, bad):
    log_in(client, alice)
    url = reverse("accounts:change_mandate", args=[bobs.pk])
    good = {"role": "member", "valid_from": "2026-01-01", "valid_to": ""}
    answer = client.post(url, good | bad)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    bobs.refresh_from_db()
    assert bobs.role == "member"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "name", ["change_mandate", "end_mandate", "leave", "hand_over", "mandate_document"]
)
def test_a_forged_mandate_is_not_found(client, dana, own, name, method):
    log_in(client, dana)
    for pk in (own.pk, 10**9):
        answer = getattr(client, method)(reverse(f"accounts:{name}", args=[pk]))
        assert answer.status_code in (404, 405)
    own.refresh_from_db()
    assert own.is_current


def test_ending_asks_first(client, alice, bob, bobs, fundacja):
    log_in(client, alice)
    url = reverse("accounts:end_mandate", args=[bobs.pk])
    assert "Bob Kowalski" in client.get(url).content.decode()
    assert Mandate.objects.current().filter(user=bob).exists()
    assert client.post(url).url == people_url(fundacja)
    assert not Mandate.objects.current().filter(user=bob).exists()


def test_the_last_representative_is_shown_the_two_ways(client, alice, own, bobs):
    log_in(client, alice)
    page = client.get(reverse("accounts:leave", args=[own.pk])).content.decode()
    assert ADVISER_SENTENCE in page
    assert reverse("accounts:hand_over", args=[own.pk]) in page
    assert reverse("accounts:leave_to_adviser", args=[own.pk]) in page
    assert client.post(reverse("accounts:leave", args=[own.pk])).status_code == 403


def test_handing_over_by_the_form(client, alice, bob, own, bobs, fundacja):
    log_in(client, alice)
    url = reverse("accounts:hand_over", args=[own.pk])
    assert "Bob Kowalski" in client.get(url).content.decode()
    bad = client.post(url, {"to": own.pk, "afterwards": "leaves"})
    assert bad.status_code == 422
    client.post(url, {"to": bobs.pk, "afterwards": "leaves"})
    assert list(rules.representatives_of(fundacja)) == [bob]


def test_the_own_page_shows_everything_that_joins(client, alice, bob, own, fundacja, orlik):
    log_in(client, alice)
    a_mandate(alice, orlik, valid_to=SINCE)
    page = client.get(reverse("accounts:own_organizations")).content.decode()
    assert fundacja.name in page
    assert orlik.name in page
    client.post(reverse("accounts:show_name", args=[own.pk]), {"on": "1"})
    own.refresh_from_db()
    assert own.is_public
    client.post(reverse("accounts:confirm_mandate", args=[own.pk]))
    own.refresh_from_db()
    assert own.confirmed_on == timezone.localdate()


def test_the_adviser_leads_nobody_out_by_surprise(client, carol, alice, own, fundacja):
    """Staff may end the last mandate; the page then tells everybody of it."""
    log_in(client, carol)
    client.post(reverse("accounts:end_mandate", args=[own.pk]))
    assert "notice" in client.get(people_url(fundacja)).content.decode()


def test_the_log_is_read_page_by_page(client, alice, bob, bobs, fundacja):
    for on in [True, False] * 30:
        actions.show_name(member=bob, mandate=bobs, on=on)
    log_in(client, alice)
    url = reverse("accounts:people_log", args=[fundacja.pk])
    first = client.get(url).context["page"]
    second = client.get(first.later_url).context["page"]
    shown = [step.event.pk for page in (first, second) for step in page.items]
    assert len(shown) == len(set(shown)) == 60
    assert client.get(url, {"before": "x_y"}).status_code == 200


def a_png():
    file = BytesIO()
    Image.new("L", (4, 4)).save(file, "PNG")
    return file.getvalue()
