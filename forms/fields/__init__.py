"""One class for each kind of question: what it accepts, how it is shown, what CEL sees."""

from collections.abc import Mapping
from types import MappingProxyType

from forms.fields.choice import Enum, YesNo
from forms.fields.contact import Email, Phone, Url
from forms.fields.credit_code import CreditCode
from forms.fields.dates import Date, Period, Year
from forms.fields.kind import Kind
from forms.fields.number import Money, Number, Percent, Whole
from forms.fields.table import Table
from forms.fields.text import Line, Prose
from forms.fields.yearly import Yearly
from forms.schema import Field

PLAIN: Mapping[str, Kind] = MappingProxyType(
    {
        "text": Line(),
        "longtext": Prose(),
        "int": Whole(),
        "decimal": Number(),
        "money": Money(),
        "percent": Percent(),
        "date": Date(),
        "bool": YesNo(),
        "enum": Enum(),
        "uscc": CreditCode(),
        "phone": Phone(),
        "email": Email(),
        "url": Url(),
        "period": Period(),
        "year": Year(),
        "yearly": Yearly(),
    }
)
KINDS: Mapping[str, Kind] = MappingProxyType({**PLAIN, "table": Table(PLAIN)})


def kind_of(field: Field) -> Kind:
    """Give the behaviour of a field's kind."""
    return KINDS[field.kind]
