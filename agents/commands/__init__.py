"""One module a command; `agents/__main__.py` lists them."""
