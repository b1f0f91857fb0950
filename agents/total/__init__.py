"""Keeps what all sources say of one evacuation side by side, and never adds them up."""
