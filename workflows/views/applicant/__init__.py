"""Pages of those who apply: their cases, papers, titles and messages, and nobody else's."""
