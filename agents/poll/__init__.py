"""Poll feeds and publish each of their entries once, and again when it really changed."""
