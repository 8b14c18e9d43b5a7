"""Every page: axe finds nothing, nothing overflows.

In Polish where the tests run on SQLite, in English where they run on PostgreSQL, so that the whole
proof looks at both languages and at each page once.
"""

import json
from itertools import chain

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection

pytestmark = pytest.mark.browser

PLACES = """
from forum.discussions.actions import drafting
thread = factories.a_thread(member("bob"), title="Sala we wtorki")
category = thread.category
text = "Jest **podjazd**, a nawet [winda](https://example.org)."
root = factories.a_reply(member("alice"), thread, text)
for number in range(7):
    nested = factories.a_reply(member("bob"), thread, "> Cytat\\n\\nA kiedy?", parent=root)
    root = nested if number < 4 else root
factories.a_reply(member("carol"), thread, "Stanowisko.", voice=cast.make_starostwo())
factories.a_reaction(member("dana"), root)
opening = factories.opening_post(thread)
drafting.keep(
    user=member("bob"), context=f"thread-{thread.pk}", version=0,
    text=drafting.Text(body="Pisane " * 60),
)
factories.an_attachment(member("bob"), opening)
factories.a_waiting_picture(member("bob"), f"post-{opening.pk}")
empty = factories.a_category()
fundacja = cast.make_fundacja()
fundacja.register, fundacja.register_number = "krs", "0009900002"
fundacja.verified_name, fundacja.verified_at = fundacja.name, fundacja.created_at
fundacja.verified_register, fundacja.verified_number = "krs", "0009900002"
fundacja.description_html, fundacja.is_opp = "<p>Uczymy <strong>razem</strong>.</p>", True
fundacja.website, fundacja.email = "https://dobry-start.example.org", "biuro@example.org"
fundacja.save()
fundacja.spheres.create(sphere="14")
factories.a_thread(member("alice"), category, title="Wspólna sala", voice=fundacja)
factories.a_reply(member("alice"), thread, "Pomożemy.", voice=fundacja)
profile = fundacja.get_absolute_url()
from tests.accounts import cases
claimable = cases.a_profile()
claim = cases.a_claim(
    member("bob"), claimable, message="Wybrano nas w maju.", document=cases.a_document()
)
cases.a_claim(member("dana"), claimable)
facts = {"outcome": "found", "name": "INNA NAZWA", "number": cases.KRS, "as_of": "20.11.2026"}
type(claim).objects.filter(pk=claim.pk).update(register_facts=facts)
cases.decide(member("carol"), claim, "asked", "Prosimy o uchwałę.")
from accounts import actions
from accounts.models import Mandate
ewa = cast.a_member("Ewa", "Lis")
ewas = cast.a_mandate(ewa, fundacja, "member")
own = Mandate.objects.get(user=member("alice"), organization=fundacja)
term = actions.Term.from_today("member")
actions.invite(
    actor=member("alice"), organization=fundacja, term=term,
    emails=["bob@example.org", "bardzo.dlugi.adres.stowarzyszenia@poczta.example.org"],
)
from accounts.models import Invitation
from accounts.tokens import hash_of
link = "a-link-of-a-letter"
Invitation.objects.filter(email="bob@example.org").update(token_hash=hash_of(link))
asked = actions.ask_to_join(
    member=member("dana"), organization=fundacja, role="proxy", message="Prowadzę księgowość."
)
from tests.mailbox import letters
posted, refused, linked = letters.for_pages(member("alice"), member("bob"), thread)
from forum.notifications.links import change_url_of
from forum.notifications.models import Channels
from forum.notifications.stop_links import letter_url
dana = member("dana")
Channels.objects.create(user=dana, dead_address=dana.email, dead_since=dana.date_joined)
from tests.notifications.world import work
work()
change = change_url_of(member("bob").pk, f"thread.{thread.pk}")
offering = factories.a_category(templates=["practice", "partner"])
from forum.moderation import actions as moderating
from forum.moderation.actions.rulebook import publish_first_rules
publish_first_rules()
told = dict(reason="spam", words="To reklama, nie odpowiedź.")
said = [factories.a_reply(member("bob"), thread, f"Bardzo tanie krzesła {n}") for n in range(4)]
reviewed = [
    moderating.report(
        reporter=member("alice"), kind="post", subject_pk=post.pk,
        says_about_office=number == 1, **told
    ).case
    for number, post in enumerate(said)
]
def decided(number, measure):
    case = type(reviewed[number]).objects.get(pk=reviewed[number].pk)
    verdict = moderating.Verdict(
        measure=measure, rule_version=1, section="advertising", facts="Wpis jest reklamą."
    )
    return moderating.decide(
        moderator=member("carol"), case=case, case_version=case.version, verdict=verdict
    )
decided(1, "hide")
moderating.appeal(member=member("bob"), decision=decided(2, "warn"), words="To nie reklama.")
decided(3, "leave")
moderating.note(moderator=member("carol"), case=reviewed[0], words="Druga taka w tym tygodniu.")
from forum.moderation import actions as moderation
from forum.moderation.actions import rulebook
from forum.moderation.models import Report
from tests.moderation import world
hidden = factories.a_reply(member("dana"), factories.a_thread(member("alice")), "Ukryty wpis.")
world.a_report(member("bob"), hidden)
by_rule = {"rule_version": 1, "section": "respect"}
decision = world.decide(member("carol"), hidden, **by_rule)
moderation.appeal(member=member("dana"), decision=decision, words="To był cytat.")
suspended = world.found(member("carol"), root, "suspend", **by_rule)
moderation.undo(moderator=member("carol"), decision=suspended, own_words="Pomyłka.")
notice = moderation.give_notice(
    kind="post", subject_pk=opening.pk, reason=Report.Kind.UNLAWFUL, words="Zniesławia."
)
world.an_elected()
reply = moderation.save_reply(moderator=member("carol"), title="Ton", words="O sprawie, proszę.")
carol, words = member("carol"), rulebook.Words("Zdjęcia", "Podaj autora.", is_ground=True)
rulebook.write_section(editor=carol, edition=0, anchor="topic", words=words)
rulebook.write_section(editor=carol, edition=1, anchor="", words=words)
from datetime import timedelta
day = rulebook.timezone.localdate() + timedelta(days=14)
announced = rulebook.Announcement(day, "Nowy paragraf.", "A new section.")
rulebook.publish_rules(editor=carol, edition=2, announcement=announced)
rulebook.remove_section(editor=carol, edition=0, anchor="about")
from forum.discussions.actions.managing import set_pace
from forum.discussions.models import HeldText
from forum.moderation.actions.guarding import list_word
list_word(staff=member("carol"), words="pożycz*", note="lichwa")
set_pace(staff=member("carol"), thread=thread, slow_minutes=15, quiet=None)
factories.a_reply(member("dana"), thread, "Pożyczki **bez** końca")
held = HeldText.objects.get()
from tests.duty import world as duty
duty.for_pages(member("alice"), member("carol"), fundacja)
from forum.saved_searches import actions as searching
for text, narrowed in (("sala", {"category": category}), ("Bardzo długie słowa " * 9, {})):
    kept = searching.keep(
        member=member("bob"), question=searching.Question(text=text.strip(), **narrowed)
    )
searching.pause(member=member("bob"), search=kept)
factories.a_thread(member("alice"), category, title="Nowa sala", body="Sala do oddania.")
print(json.dumps({
    "/answers/": "guest alice",
    f"/organizations/{fundacja.pk}/duty/": "alice",
    "/desk/unanswered/": "carol",
    "/rules/": "guest",
    "/rules/?text=both": "guest",
    "/rules/versions/": "guest",
    "/rules/versions/2/changes/": "guest",
    "/moderation/": "guest carol",
    "/notice/": "guest",
    f"/notice/{notice.receipt}/": "guest",
    f"/report/post/{opening.pk}/": "alice",
    f"/decisions/{decision.number}/": "dana bob",
    f"/decisions/{suspended.number}/": "bob",
    "/account/moderation/": "dana bob",
    "/desk/rules/": "carol",
    "/desk/rules/sections/respect/": "carol",
    "/desk/rules/preview/": "carol",
    "/desk/replies/": "carol",
    f"/desk/replies/{reply.pk}/": "carol",
    "/desk/moderators/": "carol",
    "/organizations/new/": "bob",
    f"/organizations/{claimable.pk}/claim/": "alice",
    "/account/verification/": "alice bob",
    f"/account/verification/{claim.pk}/": "bob",
    f"/account/verification/{claim.pk}/withdraw/": "bob",
    "/desk/": "carol",
    "/desk/?show=held": "carol",
    "/desk/decisions/": "carol",
    f"/desk/cases/{reviewed[0].pk}/": "carol",
    f"/desk/cases/{reviewed[0].pk}/contact/": "carol",
    f"/desk/cases/{reviewed[1].pk}/": "carol",
    f"/desk/cases/{reviewed[2].pk}/": "carol",
    f"/desk/cases/{reviewed[3].pk}/?done=3": "carol",
    "/desk/organizations/": "carol",
    f"/desk/organizations/{claim.pk}/": "carol",
    "/accounts/signup/?organization=klub": "guest",
    "/": "guest bob",
    "/threads/": "guest bob",
    "/threads/unread/": "bob",
    "/threads/unanswered/": "guest",
    "/threads/official/": "guest bob",
    "/answers-owed/": "alice bob",
    "/search/": "guest",
    "/search/?q=sala": "guest bob",
    "/search/?q=salla": "guest",
    "/search/?q=sala&official=on&time=year&gmina=x": "bob",
    "/searches/": "alice bob",
    f"/categories/{category.pk}/": "guest bob",
    f"/categories/{empty.pk}/": "guest bob",
    f"/categories/{category.pk}/threads/new/": "bob alice",
    f"/categories/{offering.pk}/?template=partner": "guest",
    f"/categories/{offering.pk}/threads/new/": "bob",
    f"/categories/{offering.pk}/threads/new/?template=partner": "bob",
    f"/threads/{thread.pk}/": "guest bob alice dana",
    f"/threads/{thread.pk}/?order=time": "guest bob",
    f"/threads/{thread.pk}/branches/2/": "guest bob",
    f"/posts/{root.pk}/": "guest bob",
    f"/posts/{opening.pk}/": "bob",
    f"/posts/{opening.pk}/reply/": "alice",
    f"/posts/{opening.pk}/edit/": "bob alice",
    f"/posts/{opening.pk}/withdraw/": "bob",
    "/drafts/": "alice bob dana",
    f"/drafts/thread-{thread.pk}/text/": "bob",
    f"/posts/{root.pk}/history/": "guest",
    f"/threads/{thread.pk}/manage/": "carol",
    "/saved/": "alice",
    f"/held/{held.pk}/": "dana",
    "/desk/guards/": "carol",
    "/mailbox/": "alice bob",
    f"/mailbox/{posted.pk}/": "alice",
    f"/mailbox/{refused.pk}/": "alice",
    linked: "guest",
    f"{linked}done/": "guest",
    "/mailbox/acts/x/": "guest",
    "/notifications/": "alice carol",
    "/notifications/?filter=unread": "bob",
    "/notifications/settings/": "alice dana",
    change: "guest",
    "/notifications/change/x/": "guest",
    "/notifications/desk/letter/": "carol",
    letter_url(member("bob")): "guest",
    "/organizations/": "guest bob",
    "/organizations/?q=dobry": "guest",
    "/organizations/?q=hospicjum": "guest",
    profile: "guest alice",
    f"{profile}posts/": "guest",
    f"{profile}threads/": "guest",
    f"{profile}edit/": "alice",
    "/account/": "alice",
    "/account/confirm/": "bob",
    "/account/second-factor/": "carol",
    "/account/erase/": "bob",
    "/personal-data/": "guest",
    "/accounts/sessions/": "bob",
    "/accounts/2fa/": "bob",
    "/accounts/2fa/totp/activate/": "bob",
    "/accounts/2fa/webauthn/add/": "bob",
    "/account/organizations/": "alice bob dana",
    f"/organizations/{fundacja.pk}/people/": "alice",
    f"/organizations/{fundacja.pk}/people/log/": "alice",
    f"/organizations/{fundacja.pk}/join/": "bob",
    f"/mandates/{ewas.pk}/": "alice",
    f"/mandates/{ewas.pk}/end/": "alice",
    f"/mandates/{own.pk}/leave/": "alice",
    f"/mandates/{own.pk}/hand-over/": "alice",
    f"/join-requests/{asked.pk}/": "alice",
    f"/invitations/{link}/": "guest dana",
    "/invitations/x/": "guest",
    "/accounts/login/": "guest",
    "/accounts/signup/": "guest",
    "/accounts/logout/": "bob",
    "/accounts/login/code/": "guest",
    "/accounts/password/reset/": "guest",
    "/accounts/password/set/": "bob",
    "/accounts/email/": "bob",
    "/accounts/inactive/": "guest",
    "/dev/mail/": "guest",
    "/no/such/page/": "guest",
}))
"""
# In both themes, and each language with the widths the other way round. In the dark only colours
# can differ: every other rule is tried at both widths in the light.
LOOKS = {
    "pl": [("light", 1280), ("dark", 390)],
    "en": [("light", 390), ("dark", 1280)],
}
LANGUAGE = "en" if connection.vendor == "postgresql" else "pl"
COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = "async (options) => (await axe.run(options)).violations"
TEXT_SIZES = {320: "", 640: "200%"}  # width in px: size of the root's text


@pytest.fixture(scope="module")
def places(make):
    return json.loads(make(PLACES))


def pages(visit, places, language, **options):
    """Every page as every visitor it is for, opened in one window a visitor."""
    for member in sorted({name for names in places.values() for name in names.split()}):
        window = visit(None if member == "guest" else member, "/", **options)
        window.context.add_cookies(
            [{"name": "django_language", "value": language, "url": window.url}]
        )
        if member != "guest":
            choose_language(window, language)
        for path, members in places.items():
            if member in members.split():
                window.goto(path)
                assert window.locator("html").get_attribute("lang") == language, path
                yield f"{path} for {member}", window


def page_for_a_code(visit, language, **options):
    """Where a guest types the code from the e-mail."""
    window = visit(None, "/", **options)
    window.context.add_cookies([{"name": "django_language", "value": language, "url": window.url}])
    window.goto("/accounts/login/code/")
    window.locator("main input[type=email]").fill("bob@example.org")
    window.locator("main form button[type=submit]").first.click()
    window.wait_for_url("**/confirm/**")
    return "the page for a code", window


def choose_language(window, language):
    """Members carry their language in their account."""
    window.evaluate(
        """async (language) => {
            const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const body = new URLSearchParams({language, next: "/"});
            await fetch("/language/", {method: "POST", headers: {"X-CSRFToken": token}, body});
        }""",
        language,
    )


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, places):
    """In both themes; at 320 px, and at 640 px with text twice as large."""
    found = []
    code = page_for_a_code(visit, LANGUAGE)
    for name, window in chain([code], pages(visit, places, LANGUAGE)):
        if window.locator("rich-text").count():
            window.locator("rich-text[data-state=ready]").first.wait_for(state="attached")
        window.evaluate(Axe().axe_script)
        for theme, width in LOOKS[LANGUAGE]:
            look_at(window, theme, width)
            found += [(name, theme, *violation) for violation in violations(window, theme)]
        found += [(name, width) for width in too_wide(window)]
    assert found == []


def look_at(window, theme, width):
    window.emulate_media(color_scheme=theme, reduced_motion="reduce")
    window.set_viewport_size({"width": width, "height": 900})


def violations(window, theme):
    """What axe finds: the rule, and the first elements that break it."""
    rules = {"runOnly": COLOURS} if theme == "dark" else {}
    found = window.evaluate(RUN_AXE, {"resultTypes": ["violations"], "preload": False, **rules})
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in found
    ]


def too_wide(window):
    """The widths at which the page would scroll sideways."""
    for width, size in TEXT_SIZES.items():
        window.set_viewport_size({"width": width, "height": 700})
        window.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
        if window.evaluate("() => document.documentElement.scrollWidth") > width:
            yield width
