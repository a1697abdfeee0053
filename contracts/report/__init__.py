"""What is said of a run: the report as JSON, as pages, and the live results beside the ledger."""
