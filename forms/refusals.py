"""What the file gate says: for each thing wrong with a file, a sentence that tells what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    # the name
    "invisible": _(
        "The file name contains invisible characters; rename the file and upload it again"
    ),
    "long_name": _(
        "The file name has %(count)d characters and the limit is %(most)d; "
        "shorten it and upload the file again"
    ),
    "bad_name": _(
        'The file name “%(name)s” cannot be used; leave out < > : " / \\ | ? * '
        "and upload the file again"
    ),
    "extension": _(
        "“%(name)s” must end in one extension: .pdf, .jpg, .png, .docx or .xlsx; "
        "rename it and upload it again"
    ),
    "archive": _(
        "Archives are not accepted; upload each document in “%(name)s” by itself as a PDF"
    ),
    "old_word": _(
        "“%(name)s” is in the old Word format; save it as DOCX or PDF and upload it again"
    ),
    "old_excel": _(
        "“%(name)s” is in the old Excel format; save it as XLSX or PDF and upload it again"
    ),
    "heic": _("“%(name)s” is a HEIC photo; save it as JPG and upload it again"),
    "ofd": _("“%(name)s” is an OFD file; save it as PDF and upload it again"),
    "not_accepted": _("“%(name)s” is not accepted; save it as PDF, JPG, PNG, DOCX or XLSX"),
    # the size
    "empty": _("“%(name)s” is empty; check that the right file was saved"),
    "large": _(
        "“%(name)s” has %(size)s MB and the limit is %(most)d MB; "
        "compress or split it and upload it again"
    ),
    # the inside
    "other_kind": _(
        "“%(name)s” is not what its extension says; save it in its own format and upload it again"
    ),
    "password": _(
        "“%(name)s” is protected by a password; remove the protection and upload it again"
    ),
    "damaged": _(
        "“%(name)s” is damaged and cannot be read; "
        "open it, save it as a new file and upload that one"
    ),
    "two_in_one": _(
        "“%(name)s” is two kinds of file in one; print it to a new PDF and upload that one"
    ),
    "heavy": _("“%(name)s” is too complicated to check; print it to a new PDF and upload that one"),
    "no_pages": _("“%(name)s” has no pages; check that the right file was saved"),
    "too_many_pages": _(
        "“%(name)s” has %(pages)d pages and the limit is %(most)d; split it and upload the parts"
    ),
    "too_many_pixels": _(
        "“%(name)s” has more than %(most)d million pixels; "
        "make the picture smaller and upload it again"
    ),
    "script": _("“%(name)s” contains a program; print it to a new PDF and upload that one"),
    "actions": _(
        "“%(name)s” contains actions that start by themselves; "
        "print it to a new PDF and upload that one"
    ),
    "dynamic_form": _("“%(name)s” is a dynamic form; print it to a new PDF and upload that one"),
    "embedded": _(
        "“%(name)s” has other files inside or linked to it; "
        "take them out and upload each one by itself"
    ),
}
