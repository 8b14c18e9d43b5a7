"""A question that nobody answered: offered, passed on, answered, as people do it on their pages."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

AGAIN = """
from forum.duty.models import Offer
Offer.objects.all().delete()
"""
OFFERED = """
from tests.duty import world as duty
fundacja = cast.make_fundacja()
duty.willing(fundacja, member("alice"))
for title in ("Kto pożyczy namiot?", "Jak rozliczyć dotację?"):
    duty.asked(member("bob"), days=5, title=title)
duty.look_after()
print(fundacja.pk)
"""
LEFT = """
from forum.duty.models import Offer
offers = Offer.objects.standing().order_by("thread__title")
print(json.dumps(list(offers.values_list("thread__title", "organization__name"))))
"""
NARROW = {"width": 320, "height": 700}


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_secretary_answers_one_and_passes_the_other_on(visit, make, has_scripts):
    pk = make(AGAIN + OFFERED).strip()
    address = f"/organizations/{pk}/duty/"
    page = visit("alice", address, java_script_enabled=has_scripts, viewport=NARROW)
    rows = page.locator(".duty__question")
    waiting = rows.count()
    assert waiting >= 2
    tent = rows.filter(has_text="Kto pożyczy namiot?").first
    tent.locator("form button").click()
    expect(rows).to_have_count(waiting - 1)
    grant = rows.filter(has_text="Jak rozliczyć dotację?").first
    grant.locator("a.primary").click()
    field = page.locator("rich-text [contenteditable], textarea[name=body]").first
    field.fill("Sprawozdanie do 31 stycznia.")
    page.locator("main form[action$='/replies/'] button[type=submit].primary").first.click()
    # The words stand in the field already: only the thread shows that they were sent.
    page.wait_for_url("**/threads/**")
    expect(page.locator(".post").last).to_contain_text("Sprawozdanie do 31 stycznia.")
    page.goto(address)
    expect(rows).to_have_count(waiting - 2)
    left = make(LEFT)
    assert '"Kto po' in left
    assert left.count("null") >= 1  # nobody else is willing: the adviser has it


def test_joining_and_leaving_by_the_keyboard_alone(visit, make):
    pk = make("print(cast.make_fundacja().pk)").strip()
    make("from forum.duty.models import Entry; Entry.objects.all().delete()")
    page = visit("alice", f"/organizations/{pk}/duty/")
    page.locator("input[name=every_weeks]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".notice[data-tone=success]").first).to_be_visible()
    expect(page.locator("input[name=every_weeks]").nth(1)).to_be_checked()
    page.locator("form[action$='/duty/leave/'] button").press("Enter")
    expect(page.locator("form[action$='/duty/leave/']")).to_have_count(0)


def test_how_it_is_counted_opens_on_demand(visit):
    page = visit(None, "/answers/", viewport=NARROW)
    rules = page.locator(".duty__rules")
    expect(rules).to_be_hidden()
    page.locator(".duty__how summary").press("Enter")
    expect(rules).to_be_visible()
