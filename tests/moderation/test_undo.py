"""Every decision can be taken back, once; the case then waits again."""

import pytest

from forum.categories.models import Category
from forum.discussions import actions as discussing
from forum.discussions.models import Post, Thread
from forum.lib.answers import Refused
from forum.moderation import actions, rules
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Decision, Report
from tests.cast import logged_in
from tests.discussions.moving_world import assert_branch_counts, assert_dense
from tests.factories import a_category, a_reply, a_thread, opening_post
from tests.moderation.world import a_report, case_of, decide, found, fresh, state_of

pytestmark = pytest.mark.django_db


def test_undoing_shows_the_post_again_and_the_case_waits_with_its_reports(dana, carol, post):
    a_report(dana, post)
    decision = decide(carol, post)
    undone = actions.undo(moderator=carol, decision=decision, own_words="Pomyłka.")
    assert state_of(post) == Post.State.PUBLISHED
    assert (undone.number, undone.undoes, undone.measure) == (2, decision, Measure.RESTORE)
    case = case_of(post)
    assert case.state == Case.State.WAITING
    assert Case.Reason.UNDONE in case.reason_list
    assert Report.objects.get().outcome == Report.Outcome.OPEN
    assert fresh(decision).undone_by == undone


def test_a_second_undo_is_refused(carol, frank, post):
    decision = found(carol, post)
    actions.undo(moderator=carol, decision=decision)
    with pytest.raises(Refused):
        actions.undo(moderator=frank, decision=decision)
    assert Decision.objects.count() == 2


def test_an_undo_is_not_undone(carol, post):
    undone = actions.undo(moderator=carol, decision=found(carol, post))
    with pytest.raises(Refused):
        actions.undo(moderator=carol, decision=undone)


def test_who_does_not_moderate_undoes_nothing(bob, dana, carol, post):
    decision = found(carol, post)
    for each in (bob, dana):
        assert not rules.may_undo(each, decision)


def test_a_report_made_anew_meanwhile_is_not_doubled(dana, carol, post):
    a_report(dana, post)
    decision = decide(carol, post, Measure.LEAVE)
    a_report(dana, post)
    actions.undo(moderator=carol, decision=decision)
    assert Report.objects.open().count() == 1


def test_undoing_an_older_decision_leaves_what_a_newer_one_did(carol, post):
    first = found(carol, post, Measure.ASK_CORRECTION)
    actions.open_case(kind="post", subject_pk=post.pk, reason=Case.Reason.OWN_MOTION)
    decide(carol, post, Measure.HIDE)
    actions.undo(moderator=carol, decision=first)
    assert state_of(post) == Post.State.HIDDEN


def test_undoing_what_the_author_withdrew_meanwhile_brings_nothing_back(carol, post, bob):
    decision = found(carol, post, Measure.ASK_CORRECTION)
    discussing.withdraw(author=bob, post=fresh(post))
    actions.undo(moderator=carol, decision=decision)
    assert state_of(post) == Post.State.WITHDRAWN


def test_the_chosen_answer_is_chosen_again(alice, carol, post, thread):
    discussing.accept(author=alice, post=post, on=True)
    decision = found(carol, post)
    assert fresh(thread).accepted is None
    actions.undo(moderator=carol, decision=decision)
    assert fresh(thread).accepted == post


def test_another_answer_chosen_meanwhile_stays(alice, dana, carol, post, thread):
    discussing.accept(author=alice, post=post, on=True)
    decision = found(carol, post)
    other = a_reply(dana, thread)
    discussing.accept(author=alice, post=other, on=True)
    actions.undo(moderator=carol, decision=decision)
    assert fresh(thread).accepted == other


def test_the_answer_of_the_office_counts_again(alice, carol, frank, starostwo, thread):
    reply = a_reply(carol, thread, voice=starostwo)
    assert fresh(thread).has_official_answer
    decision = found(frank, reply)
    assert not fresh(thread).has_official_answer
    actions.undo(moderator=frank, decision=decision)
    assert fresh(thread).has_official_answer


# --- Threads --------------------------------------------------------------------------------------
def test_a_closed_thread_opens_again(carol, post, thread):
    decision = found(carol, post, Measure.LOCK)
    assert fresh(thread).is_closed
    actions.undo(moderator=carol, decision=decision)
    assert not fresh(thread).is_closed


def test_what_was_closed_before_stays_closed(carol, frank, post, thread):
    actions.look_into(moderator=carol, kind="post", subject_pk=post.pk)
    discussing.close(staff=carol, thread=thread, on=True)
    with pytest.raises(Refused):
        decide(carol, post, Measure.LOCK)


def test_a_thread_moves_and_comes_back(carol, post, thread, category):
    other = a_category("Ogłoszenia")
    decision = found(carol, post, Measure.MOVE, place={"category": other.pk})
    assert fresh(thread).category == other
    actions.undo(moderator=carol, decision=decision)
    assert fresh(thread).category == category


def test_a_thread_moved_on_meanwhile_stays_there(carol, post, thread):
    other, third = a_category("Ogłoszenia"), a_category("Inne")
    decision = found(carol, post, Measure.MOVE, place={"category": other.pk})
    discussing.move(staff=carol, thread=fresh(thread), category=third)
    actions.undo(moderator=carol, decision=decision)
    assert fresh(thread).category == third


@pytest.mark.parametrize("place", [{}, {"category": 10**9}, {"category": "x"}], ids=str)
def test_a_move_to_nowhere_is_refused(carol, post, place):
    actions.look_into(moderator=carol, kind="post", subject_pk=post.pk)
    with pytest.raises(Refused):
        decide(carol, post, Measure.MOVE, place=place)
    assert not Decision.objects.exists()


def test_a_post_is_split_off_and_comes_back(carol, post, thread, category):
    place = {"category": category.pk, "title": "O sąsiadach"}
    decision = found(carol, post, Measure.SPLIT, place=place)
    made = fresh(post).thread
    assert made.title == "O sąsiadach"
    assert case_of(post).subject_pk == post.pk
    actions.undo(moderator=carol, decision=decision)
    assert fresh(post).thread == thread
    assert fresh(made).merged_into == thread


def test_what_was_merged_elsewhere_meanwhile_stays_there(carol, alice, post, thread, category):
    elsewhere = a_thread(alice, a_category("Inne"))
    split = found(carol, post, Measure.SPLIT, place={"category": category.pk, "title": "Nowy"})
    made = fresh(post).thread
    discussing.merge(staff=carol, thread=made, into=elsewhere)
    actions.undo(moderator=carol, decision=split)
    assert fresh(post).thread == elsewhere
    moved = found(carol, opening_post(thread), Measure.MOVE, place={"category": a_category().pk})
    discussing.merge(staff=carol, thread=fresh(thread), into=elsewhere)
    actions.undo(moderator=carol, decision=moved)
    assert fresh(thread).merged_into == elsewhere
    assert category.threads.listed().count() == fresh(category).threads_count


def test_threads_are_merged_and_part_again(alice, bob, carol, post, thread):
    into = a_thread(alice, a_category("Inne"), title="Druga sala")
    decision = found(carol, post, Measure.MERGE, place={"into": into.pk})
    assert fresh(post).thread == into
    answer = a_reply(alice, into, "odpowiedź po połączeniu", parent=fresh(post))
    stays = a_reply(bob, into, "o czym innym")
    actions.undo(moderator=carol, decision=decision)
    again = fresh(thread)
    assert again.merged_into is None
    assert [p.number for p in (opening_post(again), fresh(post), fresh(answer))] == [1, 2, 5]
    assert fresh(post).path == post.path
    assert fresh(answer).path.startswith(post.path)
    assert {fresh(each).thread for each in (post, answer)} == {again}
    assert fresh(stays).thread == into
    assert again in Thread.objects.listed()
    assert again.category.threads_count == 1
    assert again.replies_count == 2
    for each in (again, into):
        assert_dense(each)
        assert_branch_counts(each)


def test_a_thread_that_had_lost_a_branch_parts_with_its_tree_as_it_was(bob, carol, dana, thread):
    first = a_reply(bob, thread, "pierwszy")
    below = a_reply(dana, thread, "pod pierwszym", parent=first)
    deep = a_reply(bob, thread, "głębiej", parent=below)
    gone = a_reply(dana, thread, "osobno", parent=first)
    discussing.split(
        staff=carol, thread=thread, numbers=[gone.number], title="X", category=thread.category
    )
    into = a_thread(dana, a_category("Inne"))
    stays = a_reply(dana, into, "zostaje")
    places = {each.pk: (each.number, each.path) for each in (first, below, deep)}
    decision = found(carol, first, Measure.MERGE, place={"into": into.pk})
    actions.undo(moderator=carol, decision=decision)
    for each in (first, below, deep):
        came = fresh(each)
        assert (came.thread, came.number, came.path) == (thread, *places[each.pk])
    assert fresh(below).parent == first
    assert fresh(gone).thread.title == "X"
    for each in (thread, into, fresh(gone).thread):
        assert_dense(each)
        assert_branch_counts(each)
    assert fresh(stays).number == 2
    assert fresh(into).last_post == stays
    page = logged_in(dana).get(f"/threads/{thread.pk}/?order=tree").content.decode()
    assert [page.index(f'id="post-{each.pk}"') for each in (first, below, deep)]


def test_a_merge_into_itself_or_nowhere_is_refused(carol, post, thread):
    actions.look_into(moderator=carol, kind="post", subject_pk=post.pk)
    for into in (thread.pk, 10**9):
        with pytest.raises(Refused):
            decide(carol, post, Measure.MERGE, place={"into": into})


def test_only_staff_manages_threads_from_the_desk(frank, carol, post):
    actions.look_into(moderator=carol, kind="post", subject_pk=post.pk)
    for measure in (Measure.LOCK, Measure.MOVE, Measure.SPLIT, Measure.MERGE):
        with pytest.raises(Refused):
            decide(frank, post, measure)


def test_an_elected_moderator_may_undo_what_staff_did_to_a_thread(frank, carol, post, thread):
    decision = found(carol, post, Measure.LOCK)
    actions.undo(moderator=frank, decision=decision)
    assert not fresh(thread).is_closed


def test_the_case_follows_a_moved_post_into_a_closed_category(carol, frank, dana, post, thread):
    a_report(dana, post)
    staff_only = a_category(readers=Category.Readers.STAFF)
    discussing.move(staff=carol, thread=thread, category=staff_only)
    assert not rules.may_see_case(frank, case_of(post))
    assert rules.may_see_case(carol, case_of(post))
