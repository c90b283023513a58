"""Files of a plain form on their way to the disk: never more of them than may be kept."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from forms import gate


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes no more than the gate lets in, and counts the rest: the size tells what came."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the next bytes while they may count."""
        if start <= gate.LARGEST:
            self.file.write(raw_data)
