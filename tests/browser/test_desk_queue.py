"""The queue of an open desk equals a fresh one after anything that happens to it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WORLD = """
from forum.moderation import actions
from forum.moderation.models import Case, Desk
thread = factories.a_thread(member("bob"), title="Sala w czwartki")
"""
SEEN = """() => ({
    rows: [...document.querySelectorAll(".queue > .case-row:not([hidden])")].map((row) => [
        row.id, row.dataset.seq, row.dataset.waits, row.querySelector("h3").innerText]),
    counts: [...document.querySelectorAll("[data-waiting]")].map((each) => each.textContent),
    line: document.querySelector("[data-counted]").textContent,
    done: document.querySelector(".all-done, .empty").checkVisibility(),
})"""
# Each step is made in another process, as other people's browsers would.
STEPS = [
    """
for number, reason in enumerate(["off_topic", "unlawful", "spam"]):
    post = factories.a_reply(member("bob"), thread, f"Wpis {number}")
    actions.report(
        reporter=member("alice"), kind="post", subject_pk=post.pk, reason=reason, words="x"
    )
""",
    """
case = Case.objects.open().order_by("due_at").last()
actions.report(
    reporter=member("dana"), kind="post", subject_pk=case.subject_pk, reason="unlawful", words="x"
)
""",
    """
case = Case.objects.open().order_by("due_at").first()
actions.decide(
    moderator=member("carol"), case=case, case_version=case.version,
    verdict=actions.Verdict(measure="leave", own_words="Zostaje."),
)
""",
    """
closed = factories.a_category(readers="staff")
secret = factories.a_thread(member("carol"), closed, title="Tajny tytuł")
actions.look_into(
    moderator=member("carol"), kind="post", subject_pk=factories.opening_post(secret).pk
)
""",
    """
from forum.moderation.models import Decision
actions.undo(moderator=member("carol"), decision=Decision.objects.latest("number"))
""",
    """
from tests.accounts import cases
cases.a_claim(member("bob"), cases.a_profile())
""",
    """
for case in Case.objects.open().exclude(kind="verification"):
    actions.decide(
        moderator=member("carol"), case=case, case_version=case.version,
        verdict=actions.Verdict(measure="leave", own_words="Zostaje."),
    ) if case.author_id != member("carol").pk else None
""",
]


def test_the_live_queue_equals_a_fresh_one(visit, make):
    filtered = "/desk/?show=reported"
    addresses = {"/desk/": visit("carol", "/desk/"), filtered: visit("carol", filtered)}
    fresh = visit("carol", "/desk/")
    fresh.goto("about:blank")
    for step in STEPS:
        seq = make(WORLD + step + "print(Desk.objects.get().seq)")
        for page in addresses.values():
            expect(page.locator("#desk-counts")).to_have_attribute("data-seq", seq.strip())
        # Opened only then: without Redis its join would make the hub think that all were told.
        for address, page in addresses.items():
            fresh.goto(address)
            assert page.evaluate(SEEN) == fresh.evaluate(SEEN), step
            assert "Tajny" not in page.content()
        fresh.goto("about:blank")
