"""Every refusal of the house: one class a reason; the docstring is what the user reads.

Sentences are English msgids with ``%(name)s`` places for ``facts``; the pages translate them.
"""

from workflows.errors.belonging import *
from workflows.errors.choosing import *
from workflows.errors.deciding import *
from workflows.errors.entitlement import *
from workflows.errors.filing import *
from workflows.errors.intervening import *
from workflows.errors.papers import *
from workflows.errors.refusal import *
from workflows.errors.service import *
from workflows.errors.standing import *
from workflows.errors.writing import *
