"""Notes of the office beside a case: who writes, who is told, what the trail keeps."""

import json

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic

from tests.guards import lifted
from tests.stages.test_absences import colleague, last
from workflows import clock
from workflows.errors import (
    MentionAmbiguous,
    MentionUnknown,
    NoteEmpty,
    NotEntitled,
    NoteTooLong,
)
from workflows.models import Membership, Message, Note, User
from workflows.notifications.sentences import words
from workflows.stages import acceptance, notes, suspension

pytestmark = pytest.mark.django_db


def write(course, text: str, by: User | None = None) -> Note:
    """The case officer writes, unless somebody else does."""
    return notes.write(course.case, text, by=by or course.cast.officer)


def told(course) -> set[User]:
    """Who was told of a mention."""
    course.timers()
    return {each.recipient for each in Message.objects.filter(kind="mentioned")}


# --- what stays -----------------------------------------------------------------------------------
def test_the_trail_tells_who_wrote_with_the_digest_and_never_the_words(pool_entry):
    officer = pool_entry.cast.officer

    note = write(pool_entry, "  企业来电解释了人数。 ")

    entry = last(pool_entry)
    assert note.text == "企业来电解释了人数。"
    assert (entry["kind"], entry["actor"]["id"]) == ("noted", officer.pk)
    assert entry["facts"] == {"digest": notes.digest(note), "mentioned": []}
    assert "来电" not in json.dumps(entry, ensure_ascii=False)
    assert notes.proven(pool_entry.case) == {notes.digest(note)}


def test_a_note_changed_behind_the_law_does_not_agree_with_the_trail(pool_entry):
    note = write(pool_entry, "材料不实。")

    with lifted():  # as whoever owns the database could
        Note.objects.filter(pk=note.pk).update(text="材料属实。")
        note.refresh_from_db()

        assert notes.digest(note) not in notes.proven(pool_entry.case)


def test_the_database_refuses_a_note_changed_or_taken_away(pool_entry):
    note = Note.objects.filter(pk=write(pool_entry, "材料不实。").pk)

    with pytest.raises(IntegrityError, match="an entry of note never changes"), atomic():
        note.update(text="材料属实。")
    with pytest.raises(IntegrityError, match="a row of note is never deleted"), atomic():
        note.delete()

    assert note.get().text == "材料不实。"


def test_notes_are_written_while_a_case_stands_still_and_after_it_ended(pool_entry):
    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)
    leader = pool_entry.cast.leader

    suspension.suspend(pool_entry.case, ground="litigation", reason="诉讼", by=leader)
    write(pool_entry, "等法院。")
    suspension.terminate(pool_entry.case, reason="单位注销", by=leader)
    write(pool_entry, "归档。")

    assert pool_entry.case.notes.count() == 2
    assert pool_entry.case.state == "terminated"


def test_an_empty_and_an_endless_note_are_refused(pool_entry):
    with pytest.raises(NoteEmpty):
        write(pool_entry, " \n ")
    with pytest.raises(NoteTooLong):
        write(pool_entry, "长" * (notes.LONGEST + 1))

    assert not Note.objects.exists()


# --- who may --------------------------------------------------------------------------------------
def test_only_the_office_writes_and_nobody_who_acts_for_the_applicant(pool_entry):
    cast, applicant = pool_entry.cast, pool_entry.case.applicant
    clerk = pool_entry.clerk
    double = colleague(pool_entry, "case_officer")
    Membership.objects.create(
        user=double, organisation=applicant, role="clerk", valid_from=clock.today()
    )
    strangers = [
        clerk, pool_entry.signer, cast.experts[0], cast.members[0][0], cast.convenor,
        cast.auditor, cast.operator, cast.agency, User.objects.get(pk=double.pk),
        colleague(pool_entry, "window", "999999"),
    ]  # fmt: skip

    for stranger in strangers:
        with pytest.raises(NotEntitled):
            write(pool_entry, "说明。", stranger)

    assert not Note.objects.exists()


def test_the_auditor_reads_and_no_party_and_no_evaluator_does(pool_entry):
    cast, case = pool_entry.cast, pool_entry.case

    readers = [
        name
        for name, user in {
            "officer": cast.officer, "window": cast.window, "auditor": cast.auditor,
            "agency": cast.agency, "expert": cast.experts[0], "member": cast.members[0][0],
            "clerk": pool_entry.clerk,
        }.items()
        if notes.open_to(user, case)
    ]  # fmt: skip

    assert readers == ["officer", "window", "auditor"]


# --- mentions -------------------------------------------------------------------------------------
def test_whoever_is_mentioned_by_name_is_told_once_and_oneself_is_not(pool_entry):
    cast = pool_entry.cast

    note = write(
        pool_entry, f"@{cast.leader.name}请看，@{cast.leader.name} @{cast.officer.username}。"
    )

    assert list(note.mentioned.order_by("pk")) == sorted(
        [cast.leader, cast.officer], key=lambda user: user.pk
    )
    assert told(pool_entry) == {cast.leader}
    message = Message.objects.get(kind="mentioned")
    assert "请看" not in words(message.kind, message.facts).text


def test_the_longest_name_is_meant_and_an_address_of_mail_mentions_nobody(pool_entry):
    short, long = (colleague(pool_entry, "case_officer", scope) for scope in ("", "x"))
    User.objects.filter(pk=short.pk).update(name="张三")
    User.objects.filter(pk=long.pk).update(name="张三丰")
    User.objects.filter(pk=pool_entry.cast.leader.pk).update(username="li")

    note = write(pool_entry, "@张三丰看过；写信到a@li.cn。")

    assert list(note.mentioned.all()) == [long]
    with pytest.raises(MentionUnknown):
        write(pool_entry, "@lisa")


def test_an_ambiguous_name_is_told_apart_by_the_name_one_signs_in_with(pool_entry):
    first, second = (colleague(pool_entry, role) for role in ("case_officer", "finance"))

    with pytest.raises(MentionAmbiguous) as refused:
        write(pool_entry, "@新同事请核对。")
    note = write(pool_entry, f"@{second.username} 请核对。")

    assert first.username in str(refused.value)
    assert list(note.mentioned.all()) == [second]
    assert Note.objects.count() == 1


def test_only_those_who_may_read_the_case_can_be_mentioned(pool_entry):
    elsewhere = colleague(pool_entry, "window", "999999")
    cast = pool_entry.cast

    for name in ("查无此人", elsewhere.name, cast.experts[0].name, pool_entry.clerk.username):
        with pytest.raises(MentionUnknown):
            write(pool_entry, f"请 @{name} 看。")

    assert not Note.objects.exists()
    assert told(pool_entry) == set()


def test_the_same_words_sent_twice_at_once_are_one_note(begin):
    course = begin("P1-001").file()

    first, second = (notes.write(course.case, "请核对。", by=course.cast.officer) for _ in range(2))
    course.clock.pass_(minutes=2)
    third = notes.write(course.case, "请核对。", by=course.cast.officer)

    assert first == second != third
    assert course.kinds.count("noted") == 2
