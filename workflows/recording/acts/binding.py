"""What binds the parties of a project on an ordinary day: the task book, the project register."""

from workflows import demo
from workflows.models import Organisation
from workflows.recording.driver import Drive
from workflows.stages import standby, task_book


def sign_task_book(drive: Drive) -> None:
    """The lead, every partner and the issuer sign, each through its own account."""
    for party in task_book.unsigned(drive.case):
        if party.organisation is None:
            signer = drive.cast.issuer
        else:
            signer = demo.signer(Organisation.objects.get(pk=party.organisation))
        task_book.sign(drive.case, by=signer)


def call_up(drive: Drive) -> None:
    """Money came free: the officer proposes the next project of the register again."""
    standby.call_up(drive.case, by=drive.cast.officer)
