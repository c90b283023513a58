"""Django's wiring; no thought happens here."""
