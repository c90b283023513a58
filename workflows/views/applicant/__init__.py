"""Pages: applicant."""
