"""Tells repeats from news: one Article for each text that is new, one Duplicate for each that is not."""
