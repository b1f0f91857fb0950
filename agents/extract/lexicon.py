"""Which concepts of a pack a sentence names: all of them in one scan over its words.

`Lexicon.analyse(article)` cuts the text and fills each sentence's `hits`. Of two hits of one concept family (the part
of the name before its first dot) that overlap, the longer wins; a `mask.*` hit removes every hit inside it.
"""

from agents.extract.text import Form, Hit, Sentence, Token

__all__ = ["Form", "Hit", "Sentence", "Token"]
