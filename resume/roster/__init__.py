"""Worker lists, and the eligibility of each worker."""
