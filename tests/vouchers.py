"""Vouchers of one's own: recorded payments filed again by others, for each counts once a round."""

from collections.abc import Mapping
from typing import Any


def own(form: Mapping[str, Any], mark: object) -> dict[str, Any]:
    """The recorded investments of ``form`` under voucher numbers that end with ``mark``."""
    rows = form.get("c5_investments") or []
    told = [row | {"voucher_no": f"{row['voucher_no']}-{mark}"} for row in rows]
    return {"c5_investments": told} if told else {}
