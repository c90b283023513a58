"""The sentences of every message (interface 4.10): kept as facts, said in the reader's language."""

from collections.abc import Mapping

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workflows.notifications.questions import QUESTIONS
from workflows.notifications.reminders import REMINDERS
from workflows.notifications.sentence import Sentence, Words

SENTENCES: Mapping[str, Sentence] = {
    **QUESTIONS,
    **REMINDERS,
    # --- to the applicant -----------------------------------------------------------------------
    "received": Sentence(
        _("Application received"),
        _(
            "Your application %(reference)s has arrived. "
            "By %(due)s you hear whether it is complete."
        ),
    ),
    "accepted": Sentence(
        _("Application accepted"),
        _("Your application %(reference)s is accepted. It will be decided by %(due)s."),
    ),
    "file_infected": Sentence(
        _("Virus found in a file"),
        _(
            "“%(name)s”, attached to application %(reference)s, has a virus in it, so nobody can "
            "open it. Have the computer it comes from cleaned and attach the file anew."
        ),
    ),
    "paper_infected": Sentence(
        _("Virus found in a paper"),
        _(
            "“%(name)s” has a virus in it. Nobody can open it any more; tell whoever may have "
            "opened it, and ask its sender for another."
        ),
    ),
    "evidence_infected": Sentence(
        _("Virus found in a paper of your library"),
        _(
            "“%(name)s” has a virus in it and was taken out of the library. "
            "Have the computer it comes from cleaned and upload the paper anew."
        ),
    ),
    "returned": Sentence(
        _("Correction needed"),
        _(
            "Your application %(reference)s needs correction. Everything to correct is listed; "
            "please hand it in by %(due)s."
        ),
    ),
    "newer_edition_applied": Sentence(
        _("Newer rules apply"),
        _(
            "Your application %(reference)s goes on under the newer rules, version %(version)s, "
            "since they are better for you. You need not do anything."
        ),
    ),
    "correction_extended": Sentence(
        _("More time to correct"),
        _("You may hand in the correction of application %(reference)s until %(due)s."),
    ),
    "not_accepted": Sentence(
        _("Application not accepted"),
        _(
            "Your application %(reference)s was not accepted. "
            "The notice names the reason and your remedies."
        ),
    ),
    "abandoned": Sentence(
        _("Application deemed abandoned"),
        _(
            "No correction of application %(reference)s arrived in time, "
            "so it counts as abandoned. You may apply again."
        ),
    ),
    "step_repeated": Sentence(
        _("A step is done again"),
        _(
            "The office does a step of your application %(reference)s again, to put its own "
            "procedure right. You need not do anything."
        ),
    ),
    "forwarded": Sentence(
        _("Application forwarded"),
        _(
            "Your application %(reference)s was handed to the desk of area %(district)s. "
            "The time already used is kept."
        ),
    ),
    "visit_ordered": Sentence(
        _("On-site check planned"),
        _(
            "The place named in your application %(reference)s will be visited by two people by "
            "%(planned)s. Please have the originals ready. This time is not counted."
        ),
    ),
    "evaluating": Sentence(
        _("Expert evaluation begins"),
        _(
            "Application %(reference)s goes to expert evaluation, planned for %(days)s working "
            "days until %(planned)s. This time does not count towards the decision."
        ),
    ),
    "due_recounted": Sentence(
        _("Day of decision confirmed"),
        _(
            "The holidays of the year are now published. "
            "Application %(reference)s will be decided by %(due)s."
        ),
    ),
    "suspended": Sentence(
        _("Application suspended"),
        _("Application %(reference)s is suspended and its clock stands still: %(reason)s"),
    ),
    "resumed": Sentence(
        _("Application resumed"),
        _("Application %(reference)s goes on where it stood."),
    ),
    "extended": Sentence(
        _("Time limit extended"),
        _("The time for deciding on %(reference)s is extended to %(due)s: %(reason)s"),
    ),
    "resolved": Sentence(
        _("Joint conference held"),
        _("The joint conference has dealt with application %(reference)s."),
    ),
    "amount_offered": Sentence(
        _("A smaller amount is offered"),
        _(
            "The money left would fund application %(reference)s with %(amount)s × 10,000 yuan. "
            "Please take it, or wait for more; without an answer by the end of %(due)s it waits."
        ),
    ),
    "notice_opened": Sentence(
        _("Public notice opened"),
        _("Application %(reference)s is in public notice until the end of %(closes)s."),
    ),
    "notice_closed": Sentence(
        _("Public notice ended"),
        _("The public notice of %(reference)s has ended; the decision is being signed."),
    ),
    "objected": Sentence(
        _("Objection received"),
        _("An objection to application %(reference)s was filed and is under review."),
    ),
    "objection_answered": Sentence(
        _("Objection answered"),
        _("The objection to application %(reference)s has been answered."),
    ),
    "document_issued": Sentence(
        _("Paper issued"),
        _("“%(title)s” was issued on application %(reference)s and is ready for download."),
    ),
    "decided": Sentence(
        _("Decision delivered"),
        _(
            "Application %(reference)s is decided (%(number)s). "
            "The decision is ready for download; please confirm that you received it."
        ),
    ),
    "withdrawn": Sentence(
        _("Application withdrawn"),
        _("Application %(reference)s was withdrawn. You may apply again."),
    ),
    "review_answered": Sentence(
        _("Review of the mark answered"),
        _("The office has checked the mark of application %(reference)s again; read its answer."),
    ),
    "withdrawal_refused": Sentence(
        _("Withdrawal refused"),
        _("The office keeps application %(reference)s in public notice: %(reason)s"),
    ),
    "partners_confirmed": Sentence(
        _("All partners have confirmed"),
        _("Every partner has confirmed application %(reference)s. It can be signed and filed now."),
    ),
    "partner_refused": Sentence(
        _("A partner does not agree"),
        _("%(name)s does not agree with application %(reference)s: %(reason)s"),
    ),
    "partner_left": Sentence(
        _("A partner has left"),
        _(
            "%(name)s no longer takes part in application %(reference)s. A substitute of the "
            "same kind must be approved by %(due)s; otherwise the application ends."
        ),
    ),
    "partner_replaced": Sentence(
        _("Substitute approved"),
        _("%(name)s now takes part in application %(reference)s."),
    ),
    "called_up": Sentence(
        _("Called up from the project register"),
        _(
            "Money has come free for project %(reference)s: %(amount)s (10 000 yuan) will be "
            "proposed to the joint conference."
        ),
    ),
    # --- to the parties of a task book ----------------------------------------------------------
    "task_book_opened": Sentence(
        _("Please sign the task book"),
        _(
            "Project %(reference)s is approved. Please sign its task book by %(due)s; "
            "without every signature the funding lapses."
        ),
    ),
    "task_book_lapsed": Sentence(
        _("Funding lapsed"),
        _(
            "The task book of project %(reference)s was not signed by every party, so its funding "
            "has lapsed. The next project of the register may be called up."
        ),
    ),
    # --- to a partner ---------------------------------------------------------------------------
    "partner_asked": Sentence(
        _("Please confirm a joint application"),
        _(
            "%(lead)s names you as a partner of application %(reference)s. "
            "Please read it and say whether you agree."
        ),
    ),
    "terminated": Sentence(
        _("Application terminated"),
        _("The handling of application %(reference)s has ended: %(reason)s"),
    ),
    "figures_set": Sentence(
        _("Checked figures to confirm"),
        _(
            "The figures of application %(reference)s were checked; %(changed)s differ from yours. "
            "Please confirm or contest them by %(due)s."
        ),
    ),
    "figures_deemed_confirmed": Sentence(
        _("Figures count as confirmed"),
        _("The time to contest the checked figures of application %(reference)s has passed."),
    ),
    "contest_settled": Sentence(
        _("Contested figures settled"),
        _(
            "The agency has answered what you contested in application %(reference)s; "
            "%(changed)s figures were changed."
        ),
    ),
    "round_joined": Sentence(
        _("Compared in the next round"),
        _(
            "Too few take part in the group of application %(reference)s; "
            "it goes on in “%(title)s” and need not be filed again."
        ),
    ),
    "figure_corrected": Sentence(
        _("A figure was corrected"),
        _(
            "The head of the office ordered a figure of application %(reference)s corrected: "
            "%(reason)s The group is scored again."
        ),
    ),
    # --- to the office --------------------------------------------------------------------------
    "defence_stated": Sentence(
        _("Defence to answer"),
        _("The applicant of %(reference)s has stated its defence; please answer it."),
    ),
    "objection_replied": Sentence(
        _("Reply to an objection"),
        _("The applicant of %(reference)s has replied to an objection against its entry."),
    ),
    "filed_file_infected": Sentence(
        _("Virus found in a filed paper"),
        _(
            "“%(name)s” of case %(reference)s has a virus in it, so nobody can open it any more. "
            "Have every computer it was opened on looked at, and ask for the paper anew."
        ),
    ),
    "supplement_answered": Sentence(
        _("Supplementary material arrived"),
        _("The material you asked for in case %(reference)s has arrived; the clock goes on."),
    ),
    "supplement_unanswered": Sentence(
        _("No supplementary material came"),
        _("The applicant of case %(reference)s sent nothing in time; decide on what is there."),
    ),
    "correction_in": Sentence(
        _("Correction has come in"),
        _("The correction of case %(reference)s has come in; check it by %(due)s."),
    ),
    "scores_in": Sentence(
        _("All sheets are in"),
        _("Every expert has reported on case %(reference)s; the mark can be read."),
    ),
    "scores_apart": Sentence(
        _("All sheets are in, marks far apart"),
        _(
            "Every expert has reported on case %(reference)s. Some marks lie far from the others: "
            "read the reasons before you propose."
        ),
    ),
    "objection_filed": Sentence(
        _("Objection to answer"),
        _("An objection to case %(reference)s was filed; answer it by %(due)s."),
    ),
    "figures_contested": Sentence(
        _("Figures contested"),
        _("The school contests checked figures of case %(reference)s; please settle them."),
    ),
    "correction_asked": Sentence(
        _("Correction of a frozen figure"),
        _("A frozen figure of case %(reference)s is to be corrected; it needs your order."),
    ),
    "assigned": Sentence(
        _("Task assigned"),
        _("Case %(reference)s was assigned to you; please deal with it by %(due)s."),
    ),
    "mentioned": Sentence(
        _("%(person)s mentions you"),
        _("%(person)s mentions you in a note on case %(reference)s. Read it at the desk."),
    ),
    "watched_moved": Sentence(
        _("A case you watch has moved"),
        _("Case %(reference)s is now: %(state)s."),
    ),
    "intent_refused": Sentence(
        _("Your decision was not carried out"),
        _(
            "What you decided on case %(reference)s, %(name)s, could not be carried out: "
            "%(reason)s Your text is kept with the task."
        ),
    ),
    "opinion_requested": Sentence(
        _("Opinion requested"),
        _("Your department's opinion on case %(reference)s is asked for by %(due)s."),
    ),
    "reminder": Sentence(
        _("Opinion still outstanding"),
        _("Your department has not answered on case %(reference)s yet; the time ends on %(due)s."),
    ),
    "withdrawal_asked": Sentence(
        _("Withdrawal asked for"),
        _("The applicant asks to take back case %(reference)s, which the public knows already."),
    ),
    "review_requested": Sentence(
        _("Review of a mark asked for"),
        _("The applicant of case %(reference)s asks for a review of its mark; answer by %(due)s."),
    ),
    # --- to experts: nothing that names the applicant -------------------------------------------
    "panel_seat": Sentence(
        _("Evaluation assigned"),
        _("You were drawn for an evaluation. Please declare your interests; then the file opens."),
    ),
    "visit_to_sign": Sentence(
        _("On-site record to be signed"),
        _("You are the second person of the on-site check of case %(reference)s. Please sign it."),
    ),
    "visit_reopened": Sentence(
        _("On-site record came back"),
        _("The on-site record of case %(reference)s was taken back and has to be written anew."),
    ),
    # --- to the conference ----------------------------------------------------------------------
    "meeting_called": Sentence(
        _("On the agenda"),
        _("Case %(reference)s is on the agenda of the joint conference; the papers are ready."),
    ),
}


def words(kind: str, facts: Mapping[str, object]) -> Words:
    """Say a message in the active language; days among the facts are written out.

    A fact may be said in several languages: {"zh-hans": …, "en": …}.

    Its title is one line whatever the facts hold: it becomes the subject of a letter.
    """
    sentence = SENTENCES[kind]
    places = {name: _readable(value) for name, value in facts.items()}
    title = " ".join((str(sentence.title) % places).split())
    return Words(title, str(sentence.text) % places)


def _readable(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get(get_language()) or next(iter(value.values())))
    try:
        day = parse_date(str(value))
    except ValueError:  # looks like a day, but no calendar has it
        day = None
    return date_format(day) if day else str(value)
