"""The verbs of the system: poll, deduplicate, extract, total, and the command line that starts them."""
