"""Units behind figures: editions name them in Chinese, English pages write them in English."""

from django.utils.translation import get_language

ENGLISH = {  # counting words have no English; the question itself says what it counts
    **dict.fromkeys("个项门种次所家份", ""),
    "万元": "ten thousand yuan",
    "万元/人": "ten thousand yuan a person",
    "元/月": "yuan a month",
    "人": "people",
    "人次": "attendances",
    "人天": "person-days",
    "年": "years",
    "学年": "school years",
    "月": "months",
    "天": "days",
    "小时": "hours",
    "学时": "class hours",
    "课时": "class hours",
    "分": "points",
    "平方米": "m²",
}


def in_language(unit: str, language: str) -> str:
    """Give ``unit`` as written in ``language``; one that is unknown here stays as it is."""
    return unit if language.startswith("zh") else ENGLISH.get(unit, unit)


def shown(unit: str) -> str:
    """Give ``unit`` in the reader's language."""
    return in_language(unit, get_language() or "zh-hans")
