"""What the index of the window is made of: terms, and stories that have them. Each is one object that the others hold.

A term and a story know each other, so that neither is looked up by its name: most of what finding stories takes is
following such ties. Nothing here may depend on the order of a set or of what stands under objects: it is by chance.
"""

from collections.abc import Collection, Iterable


class Term:
    """A term of the window: in how many articles it stands, in how many of them as a name, which stories have it.

    `stories` is None for none and the story itself for one, as most terms tell of one and a list each is much memory.
    """

    __slots__ = ("named", "stories", "text", "times")

    def __init__(self, text: str) -> None:
        self.text = text
        self.times = 0
        self.named = 0
        self.stories: Story | list[Story] | None = None

    def tell(self, story: "Story") -> None:
        """Note that a story, which did not have the term, has it."""
        stories = self.stories
        if stories is None:
            self.stories = story
        elif isinstance(stories, Story):
            self.stories = [stories, story]
        else:
            stories.append(story)

    def forget(self, story: "Story") -> None:
        """Note that a story has the term no longer. The oldest goes first as a rule and stands first, too."""
        stories = self.stories
        if isinstance(stories, list):
            stories.remove(story)
            if len(stories) == 1:
                self.stories = stories[0]
        else:
            self.stories = None


class Bag:
    """Terms and how much each weighs, in 1..255: two rows, or a dictionary of sums once something was added to it.

    Most stories are of one article, and for these a dictionary would take four times the memory of the rows.
    """

    __slots__ = ("_sums", "_terms", "_weights")

    def __init__(self, terms: Iterable[Term] = (), weights: Iterable[int] = ()) -> None:
        self._terms: tuple[Term, ...] = tuple(terms)
        self._weights = bytes(weights)
        self._sums: dict[Term, int] | None = None

    def terms(self) -> Collection[Term]:
        """Each term once, the first added first."""
        return self._terms if self._sums is None else self._sums.keys()

    def items(self) -> Iterable[tuple[Term, int]]:
        """Each term with its weight."""
        return zip(self._terms, self._weights, strict=True) if self._sums is None else self._sums.items()

    def once(self) -> "Bag":
        """The same terms, each weighing 1."""
        terms = self.terms()
        return Bag(terms, [1] * len(terms))

    def common(self, scores: dict[Term, int]) -> list[tuple[Term, int, int]]:
        """Each of its terms that has a score, with that and its weight."""
        sums = self._sums
        if sums is None:
            pairs = zip(self._terms, self._weights, strict=True)
            return [(term, scores[term], weight) for term, weight in pairs if term in scores]
        return [(term, score, sums[term]) for term, score in scores.items() if term in sums]

    def add(self, other: "Bag", story: "Story") -> None:
        """Add what another weighs to this one, which is `story`'s."""
        if not self.terms():
            self._terms, self._weights, self._sums = other._terms, other._weights, other._sums and dict(other._sums)
            for term in self.terms():
                term.tell(story)
            return
        sums = self._summed()
        for term, weight in other.items():
            before = sums.get(term, 0)
            sums[term] = before + weight
            if not before:
                term.tell(story)

    def take(self, other: "Bag", story: "Story") -> None:
        """Undo `add`."""
        sums = self._summed()
        for term, weight in other.items():
            left = sums.get(term, 0) - weight
            if left > 0:
                sums[term] = left
            elif sums.pop(term, 0):
                term.forget(story)

    def drop(self, story: "Story") -> None:
        """Note that `story`, whose this was, is no more."""
        for term in self.terms():
            term.forget(story)

    def _summed(self) -> dict[Term, int]:
        if self._sums is None:
            self._sums = dict(zip(self._terms, self._weights, strict=True))
            self._terms, self._weights = (), b""
        return self._sums


class Part(Bag):
    """What the articles of one language make of a story: how many they are, and how many of them make its words."""

    __slots__ = ("articles", "language", "telling")

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.articles = 0
        self.telling = 0


class Story:
    """A story as its articles in the window tell it, the last of them `seen`. `hits` is 0 between searches."""

    __slots__ = ("anchors", "hits", "parts", "seen", "size", "story_id", "years")

    def __init__(self, story_id: str) -> None:
        self.story_id = story_id
        self.seen = 0
        self.size = 0
        self.hits = 0
        self.parts: list[Part] = []
        self.anchors = Bag()
        self.years: dict[str, int] | None = None

    def part(self, language: str) -> Part | None:
        """What a language makes of it, if it has articles of it."""
        for part in self.parts:
            if part.language == language:
                return part
        return None

    def own_part(self, language: str) -> Part:
        """The same, begun where it was none."""
        part = self.part(language)
        if part is None:
            part = Part(language)
            self.parts.append(part)
        return part

    def grow(self, language: str, bag: Bag, anchors: Bag, year: str | None, seen: int) -> None:
        """Add an article; one without words does not change what the story is about."""
        part = self.own_part(language)
        part.articles += 1
        part.telling += bool(bag.terms())
        part.add(bag, self)
        self.anchors.add(anchors, self)
        self.size += 1
        self.seen = max(self.seen, seen)
        if year is not None:
            self.note_year(year, 1)

    def shrink(self, language: str, bag: Bag, anchors: Bag, year: str | None) -> None:
        """Undo `grow`, but for what was `seen`."""
        part = self.own_part(language)
        part.articles -= 1
        part.telling -= bool(bag.terms())
        part.take(bag, self)
        self.anchors.take(anchors, self)
        self.size -= 1
        if year is not None:
            self.note_year(year, -1)
        if part.articles == 0:
            self.parts.remove(part)

    def absorb(self, other: "Story") -> None:
        """Add all that another story is, which no term tells of any more."""
        for part in other.parts:
            own = self.own_part(part.language)
            own.articles += part.articles
            own.telling += part.telling
            own.add(part, self)
        self.anchors.add(other.anchors, self)
        self.size += other.size
        self.seen = max(self.seen, other.seen)
        for year, articles in (other.years or {}).items():
            self.note_year(year, articles)

    def drop(self) -> None:
        """Let no term tell of it any more."""
        for part in self.parts:
            part.drop(self)
        self.anchors.drop(self)

    def note_year(self, year: str, articles: int) -> None:
        """Count so many more articles that name a year; fewer if below 0."""
        years = self.years or {}
        years[year] = years.get(year, 0) + articles
        if years[year] <= 0:
            del years[year]
        self.years = years or None

    def is_of_other_year(self, year: str | None) -> bool:
        """Whether its articles name years, and never this one."""
        return year is not None and self.years is not None and year not in self.years
