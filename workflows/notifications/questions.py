"""The sentences of what applicants are asked after acceptance, and of the days to answer it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from workflows.notifications.sentence import Sentence

QUESTIONS: Mapping[str, Sentence] = {
    "refusal_intended": Sentence(
        _("Refusal intended: you may state your defence"),
        _(
            "The office intends to refuse application %(reference)s and has told you why. You may "
            "state your defence by %(due)s; the decision answers it."
        ),
    ),
    "defence_answered": Sentence(
        _("Your defence was answered"),
        _("The office has answered your defence on application %(reference)s."),
    ),
    "supplement_asked": Sentence(
        _("Supplementary material asked for"),
        _(
            "The office needs more material to decide on application %(reference)s. Please send it "
            "by %(due)s. This time does not count towards the decision."
        ),
    ),
    "supplement_lapsed": Sentence(
        _("Time for supplementary material is over"),
        _(
            "No supplementary material on application %(reference)s arrived in time. "
            "It is decided on what is there."
        ),
    ),
    "supplement_recalled": Sentence(
        _("Supplementary material no longer needed"),
        _("The office no longer needs the material on application %(reference)s: %(reason)s"),
    ),
    "deadline_moved": Sentence(
        _("One day more"),
        _(
            "The service failed on your last day. You may answer for application %(reference)s "
            "until %(due)s."
        ),
    ),
    "answer_recounted": Sentence(
        _("More time to answer"),
        _(
            "The holidays are published now. You may answer for application %(reference)s "
            "until %(due)s."
        ),
    ),
    "renewal_asked": Sentence(
        _("Hand in the renewed licence"),
        _(
            "The licence named in application %(reference)s has ended. Please hand in the renewed "
            "one by %(due)s: the decision is sealed after that, and refused without it."
        ),
    ),
    "renewal_lapsed": Sentence(
        _("No renewed licence arrived"),
        _(
            "No renewed licence for application %(reference)s arrived in time, "
            "so it is to be refused."
        ),
    ),
}
