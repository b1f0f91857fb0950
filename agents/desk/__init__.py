"""The desk: one page where a person sees what the line found, and why."""
