"""Open courses: a fifth programme, small as can be, as somebody else would write it."""
