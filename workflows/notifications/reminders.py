"""The sentences of reminders and of ratings: what no act of today has caused (interface 4.10)."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from workflows.notifications.sentence import Sentence

REMINDERS: Mapping[str, Sentence] = {
    # --- to the applicant -----------------------------------------------------------------------
    "draft_idle": Sentence(
        _("Your draft is waiting"),
        _("Nobody has worked on draft %(reference)s for a week. The call closes on %(closes)s."),
    ),
    "round_closing": Sentence(
        _("The call closes soon"),
        _(
            "The call of draft %(reference)s closes on %(closes)s. "
            "What is not filed by then cannot be considered."
        ),
    ),
    "round_closes_soon": Sentence(
        _("The call closes tomorrow"),
        _("The call of draft %(reference)s closes on %(closes)s. Please file it in time."),
    ),
    "correction_due": Sentence(
        _("Correction due soon"),
        _(
            "The correction of application %(reference)s must arrive by %(due)s; "
            "otherwise the application counts as abandoned."
        ),
    ),
    "answer_due": Sentence(
        _("Your answer is due soon"),
        _("Application %(reference)s waits for your answer by %(due)s."),
    ),
    "title_expiring": Sentence(
        _("A title expires soon"),
        _("%(title)s %(number)s is valid until %(until)s. Please see to its renewal in time."),
    ),
    "evidence_expiring": Sentence(
        _("A paper of your library expires soon"),
        _(
            "“%(title)s” of %(organisation)s is valid until %(until)s. Please put the renewed "
            "paper into the library before you use it again."
        ),
    ),
    "mandate_ending": Sentence(
        _("A power of attorney ends soon"),
        _(
            "The power of attorney of %(person)s for %(organisation)s ends on %(until)s. "
            "Nobody signs by it after that day; please have a new one confirmed in time."
        ),
    ),
    "rating_answered": Sentence(
        _("Your rating was answered"),
        _("The head of the office has answered your rating on application %(reference)s."),
    ),
    # --- to anybody and to auditors -------------------------------------------------------------
    "new_device": Sentence(
        _("Sign-in on a new device"),
        _(
            "Your account was used on a device it was not used on before: %(moment)s, address "
            "%(place)s. If it was not you, change your password and end the other sessions."
        ),
    ),
    "trail_broken": Sentence(
        _("The trail does not agree"),
        _(
            "The check of the trail found: %(finding)s. "
            "Nothing should be exported until it is explained."
        ),
    ),
    "finding_made": Sentence(
        _("A finding of the audit"),
        _(
            "The auditor found the procedure of application %(reference)s broken. "
            "The office has to answer by %(due)s."
        ),
    ),
    "finding_answered": Sentence(
        _("A finding of the audit was answered"),
        _("The office has answered your finding on application %(reference)s."),
    ),
    "finding_unanswered": Sentence(
        _("A finding of the audit is not answered"),
        _("The finding on application %(reference)s had to be answered by %(due)s."),
    ),
    "intervention_asked": Sentence(
        _("An intervention waits for a second person"),
        _("Somebody asks for an intervention in application %(reference)s. Please decide it."),
    ),
    # --- to experts -----------------------------------------------------------------------------
    "sheet_due": Sentence(
        _("Evaluation due soon"),
        _("Your sheet for %(code)s is expected by %(due)s. Late marks cannot be counted."),
    ),
    # --- to the office --------------------------------------------------------------------------
    "task_due": Sentence(
        _("Task due soon"),
        _("A task on case %(reference)s is to be finished by %(due)s."),
    ),
    "task_overdue": Sentence(
        _("Task overdue"),
        _("A task on case %(reference)s was to be finished by %(due)s and is still open."),
    ),
    "nobody_may": Sentence(
        _("A step that nobody may do"),
        _(
            "Case %(reference)s waits at a step that nobody may do since %(since)s: the office is "
            "vacant, everybody is away, or did another part of the case. Appoint somebody or name "
            "a substitute."
        ),
    ),
    "rated_poorly": Sentence(
        _("A poor rating to answer"),
        _("A contact on case %(reference)s was rated poorly; please answer by %(due)s."),
    ),
    "registration_waits": Sentence(
        _("A registration waits"),
        _("%(organisation)s has filed evidence of its account; please confirm or refuse it."),
    ),
    "rating_due": Sentence(
        _("A poor rating waits for its answer"),
        _("The rating on case %(reference)s has to be answered by %(due)s."),
    ),
}
