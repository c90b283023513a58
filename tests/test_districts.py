"""What districts are called."""

from django.utils import translation

from workflows import districts


def test_a_district_is_called_by_its_name_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert districts.called("310115") == "浦东新区"
    with translation.override("en"):
        assert districts.called("310115") == "Pudong New Area"


def test_a_district_nobody_named_keeps_its_code() -> None:
    assert districts.called("320508") == "320508"
