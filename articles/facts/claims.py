"""What became of a claim that stands in both texts: how sure it is, whose it is, whether it was turned."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from articles.diff.tokens import is_word
from articles.facts.amounts import Amount
from articles.facts.fact import How, Kind
from articles.facts.lexicon import Lexicon, Mark
from articles.facts.passages import Passage, Run, Text

_STANDS = 0.6  # of the words of the shorter of two sentences: the same claim
_STANDS_WORDS = 2
_SAID_STANDS = 0.5  # the same of a claim whose source changed, which is a part of its sentence
_HEDGE_RUN = 8  # words of a run that changes how sure a claim is
_NEGATION_RUN = 4
_SAME_STEM = 4  # letters of one hedge in two forms
SOURCE = 8  # words of a source at most
_SOURCE_RUN = 14
_MOST_MARKS = 100  # of a side in one passage: no paragraph of prose has so many
_ANOTHER_FORM = 0.35  # of the letters of a source that differ: it is the same one
_SOURCE_IDEOGRAPHS = 2
_CLAUSE = frozenset(",;:.!?()“”„«»\"'—–،؛。，；：、「」")
# What parts the subject of a verb of saying from another verb before it: "thanked the crews and said".
_AND = frozenset({"and", "but", "und", "aber", "et", "mais", "y", "pero", "e", "mas", "ma", "и", "но", "а"})
_OPEN_CLAUSE = frozenset(
    {"that", "dass", "que", "che", "что", "أن", "إن", "بأن", "أنه", "أنها", "أنهم", "إنه", "إنها", "إنهم"}
    | {"بأنه", "بأنها", "بأنهم"}
)


_NE = frozenset({"ne", "n'*"})
_NE_QUE = 4  # words between the two
_PAS = frozenset(
    {"pas", "plus", "jamais", "rien", "personne", "point", "aucun", "aucune", "guère"}
    | {"nul", "nulle", "nullement", "aucunement"}
)
_TWOFOLD = frozenset({"fr", "es", "pt", "it", "ru"})  # languages in which two negations are one
_TWOFOLD_WORDS = 4  # between the two
LONGEST_QUOTED = 200  # characters of a Japanese quotation before a verb of saying
_AUXILIARY = 3  # letters of "has", "hat", "ha"

SOURCES = frozenset({"say", "judge", "source_after"})
"""The lists whose words tell of a source."""
CLAIMS = (
    SOURCES
    | {"hedge", "hedge_number", "at_least"}
    | {"negation", "no_negation", "like_negation", "yes", "no"}
)
"""The lists whose words a claim turns on."""


class Claim(NamedTuple):
    """A change of a claim with the tokens that tell of it, [b0, b1) before and [a0, a1) after."""

    kind: Kind
    change: How
    b0: int
    b1: int
    a0: int
    a1: int
    run: Run


class Side(NamedTuple):
    """One text with what was found in it."""

    text: Text
    marks: Sequence[Mark]
    amounts: Sequence[Amount]


def claims(
    passage: Passage, before: Side, after: Side, words: Lexicon, respelled: frozenset[Run]
) -> list[Claim]:
    """All changes of claims in a passage. ``respelled`` are runs in which a name was only spelt otherwise."""
    if not words.entries:
        return []
    before, after = (
        _telling(
            before, passage.run_before, words, lambda run, key: key in passage.after.keys[run.a0 : run.a1]
        ),
        _telling(
            after, passage.run_after, words, lambda run, key: key in passage.before.keys[run.b0 : run.b1]
        ),
    )
    if len(before.marks) > _MOST_MARKS or len(after.marks) > _MOST_MARKS:
        return []
    found = [
        *_hedges(passage, before, after, words),
        *_negations(passage, before, after, words),
        *_attributions(passage, before, after, words, respelled),
    ]
    return [claim for claim in found if not _is_spelling(passage, claim.run)]


def _telling(side: Side, runs: dict[int, Run], words: Lexicon, is_across: Callable[[Run, str], bool]) -> Side:
    """A side with only those marks that may tell of a change: changed ones, and verbs of saying.

    is_across: whether a word stands in a run of the other side.
    """

    def stands(place: int) -> bool:
        return place not in runs or is_across(runs[place], side.text.keys[place])

    marks = [
        mark
        for mark in (_bare(side, mark, stands, runs, words) for mark in side.marks)
        if not mark.categories.isdisjoint(SOURCES)
        or (
            not mark.categories.isdisjoint(CLAIMS)
            and not runs.keys().isdisjoint(range(mark.start, mark.stop))
        )
    ]
    return side._replace(marks=marks)


def _bare(
    side: Side, mark: Mark, stands: Callable[[int], bool], runs: dict[int, Run], words: Lexicon
) -> Mark:
    """A phrase, or the negation in it where that may have come or gone by itself: the "not" of "could not",
    or the "no" of "no more than" beside "more than"."""
    hides, holds = mark.is_a("no_negation"), mark.is_a("nothing") and mark.is_a("negation")
    if not hides and not holds:
        return mark
    negation = words.within(side.text.keys, mark, "negation")
    if negation is None or (hides and not _is_alone(side.text, mark, negation, stands, runs, words)):
        return mark
    return negation


def _is_alone(
    text: Text,
    mark: Mark,
    negation: Mark,
    stands: Callable[[int], bool],
    runs: dict[int, Run],
    words: Lexicon,
) -> bool:
    """Whether the other words of a phrase stand on the other side, where its negation does not."""
    own = range(negation.start, negation.stop)
    rest = [
        place
        for place in range(mark.start, mark.stop)
        if place not in own and is_word(text.keys[place]) and not _is_ending(text.keys[place], words)
    ]
    if not rest or not all(map(stands, rest)) or all(map(stands, own)):
        return False
    if words.language not in ("zh", "ja"):
        return negation.stop < mark.stop  # "or not" behind an "or" that stays turns nothing
    # One sign of several is no word: "未来" and "将来" are two words for the future.
    run = next((runs[place] for place in own if place in runs), None)
    return run is not None and min(run.b1 - run.b0, run.a1 - run.a0) == 0


def _is_ending(key: str, words: Lexicon) -> bool:
    """Whether a sign is one of those that inflect a Japanese word: the "く" of "少なくない"."""
    return words.language == "ja" and "\u3041" <= key <= "\u309f"


def _is_another_form(passage: Passage, run: Run) -> bool:
    """Whether a source was only respelled or put in another case."""
    old, new = "".join(passage.before.keys[run.b0 : run.b1]), "".join(passage.after.keys[run.a0 : run.a1])
    return Levenshtein.normalized_distance(old, new) <= _ANOTHER_FORM


def _is_spelling(passage: Passage, run: Run) -> bool:
    """Whether a run only joins or parts words, as in "не смотря" for "несмотря"."""
    old, new = "".join(passage.before.keys[run.b0 : run.b1]), "".join(passage.after.keys[run.a0 : run.a1])
    return bool(old and new) and (old.replace("-", "") == new.replace("-", "") or sorted(old) == sorted(new))


def _hedges(passage: Passage, before: Side, after: Side, words: Lexicon) -> Iterator[Claim]:
    old = [mark for mark in _hedge_marks(before, words) if _small_run(passage.run_before, mark, _HEDGE_RUN)]
    new = [mark for mark in _hedge_marks(after, words) if _small_run(passage.run_after, mark, _HEDGE_RUN)]
    for mark in list(old):
        twin = next((other for other in new if _hedge_alike(mark, other)), None)
        if twin:
            old.remove(mark)
            new.remove(twin)
    for mark in old:
        run = _run(passage.run_before, mark)
        partner = next((other for other in new if _run(passage.run_after, other) == run), None)
        if not _claim_stands(passage, mark.start, "before"):
            continue
        if partner:
            new.remove(partner)
            yield Claim(Kind.HEDGE, How.CHANGED, mark.start, mark.stop, partner.start, partner.stop, run)
        else:
            yield Claim(Kind.HEDGE, How.REMOVED, mark.start, mark.stop, 0, 0, run)
    for mark in new:
        if _claim_stands(passage, mark.start, "after"):
            run = _run(passage.run_after, mark)
            yield Claim(Kind.HEDGE, How.ADDED, 0, 0, mark.start, mark.stop, run)


def _hedge_alike(one: Mark, other: Mark) -> bool:
    """Whether two hedges are one in two forms, or mean the same: "no fewer than" and "at least"."""
    return one.value[:_SAME_STEM] == other.value[:_SAME_STEM] or any(
        one.is_a(meaning) and other.is_a(meaning) for meaning in ("at_least", "about")
    )


def _hedge_marks(side: Side, words: Lexicon) -> list[Mark]:
    starts = {amount.start for amount in side.amounts}
    stops = {amount.stop for amount in side.amounts}
    behind = words.language in ("zh", "ja")
    return [
        mark
        for mark in side.marks
        if mark.is_a("hedge")
        or (
            mark.is_a("hedge_number", "at_least")
            and (mark.stop in starts or (behind and (mark.start in stops or mark.start - 1 in stops)))
        )
    ]


def _negations(passage: Passage, before: Side, after: Side, words: Lexicon) -> Iterator[Claim]:
    seen: set[Run] = set()
    for one, other in _opposites(passage, before, after):
        run = _run(passage.run_before, one)
        seen.add(run)
        if _claim_stands(passage, one.start, "before"):
            yield Claim(Kind.NEGATION, How.CHANGED, one.start, one.stop, other.start, other.stop, run)
    old, new = _denying(before), _denying(after)
    _leave_out(old, new, lambda mark, other: _moved(passage, mark, other))
    old = [mark for mark in old if _is_turned(passage.run_before, mark, seen)]
    new = [mark for mark in new if _is_turned(passage.run_after, mark, seen)]
    _leave_out(old, new, lambda mark, other: _same_sentence(passage, mark, other))
    old = [mark for mark in old if not _is_half(before.text, mark, passage.run_before, words)]
    new = [mark for mark in new if not _is_half(after.text, mark, passage.run_after, words)]
    for mark in filter(_negates, old):
        if _claim_stands(passage, mark.start, "before") and not _begins_clause(
            before.text, mark, passage.run_before
        ):
            yield Claim(
                Kind.NEGATION, How.REMOVED, mark.start, mark.stop, 0, 0, _run(passage.run_before, mark)
            )
    for mark in filter(_negates, new):
        if _claim_stands(passage, mark.start, "after") and not _begins_clause(
            after.text, mark, passage.run_after
        ):
            yield Claim(Kind.NEGATION, How.ADDED, 0, 0, mark.start, mark.stop, _run(passage.run_after, mark))


def _denying(side: Side) -> list[Mark]:
    """Negations, and what is worth as much beside one on the other side: "refused to" for "did not"."""
    return [
        mark
        for mark in side.marks
        if mark.is_a("negation", "like_negation") and not _only_restricts(side.text, mark)
    ]


def _negates(mark: Mark) -> bool:
    return mark.is_a("negation")


def _leave_out(old: list[Mark], new: list[Mark], is_one: Callable[[Mark, Mark], bool]) -> None:
    """Take what stands on both sides off both lists."""
    for mark in tuple(old):
        twin = next((other for other in new if is_one(mark, other)), None)
        if twin:
            old.remove(mark)
            new.remove(twin)


def _is_turned(runs: dict[int, Run], mark: Mark, seen: set[Run]) -> bool:
    """Whether a negation came or went in a small run of which nothing was said yet."""
    return _small_run(runs, mark, _NEGATION_RUN) and _run(runs, mark) not in seen


def _moved(passage: Passage, one: Mark, other: Mark) -> bool:
    """Whether a negation stands beside the same word elsewhere."""
    if one.value != other.value:
        return False
    old, new = passage.before.keys, passage.after.keys
    return (
        old[one.stop : one.stop + 1] == new[other.stop : other.stop + 1] != []
        or old[max(0, one.start - 1) : one.start] == new[max(0, other.start - 1) : other.start] != []
    )


def _only_restricts(text: Text, mark: Mark) -> bool:
    """Whether a French "ne" is that of "ne … que", which means "only", and not that of "rien ne … que"."""
    if mark.value not in _NE:
        return False
    before = text.keys[max(0, mark.start - _NE_QUE) : mark.start]
    clause = max((place + 1 for place, key in enumerate(before) if key in _CLAUSE), default=0)
    if not _PAS.isdisjoint(before[clause:]):
        return False
    for key in text.keys[mark.stop : mark.stop + _NE_QUE]:
        if key in _CLAUSE or key in _PAS:
            return False
        if key == "que" or key.startswith("qu'"):
            return True
    return False


def _is_half(text: Text, mark: Mark, runs: dict[int, Run], words: Lexicon) -> bool:
    """Whether a negation goes with another that stayed: the "jamais" of "n'a jamais" beside "n'a pas"."""
    if words.language not in _TWOFOLD or mark.is_a("no"):
        return False
    keys = text.keys
    sides = (
        range(mark.start - 1, max(-1, mark.start - 1 - _TWOFOLD_WORDS), -1),
        range(mark.stop, min(len(keys), mark.stop + _TWOFOLD_WORDS)),
    )
    for places in sides:
        for place in places:
            if keys[place] in _CLAUSE or keys[place] in _AND or keys[place] in _OPEN_CLAUSE:
                break
            another = words.marks([keys[place]])
            if place in runs or not another or another[0].value == mark.value:
                continue
            if another[0].is_a("negation") and not another[0].is_a("no"):
                return True
    return False


def _begins_clause(text: Text, mark: Mark, runs: dict[int, Run]) -> bool:
    """Whether a negation was put in or taken out with a clause of its own: "…, not Belfast", "(no bit)"."""
    place = mark.start - 1
    return place >= 0 and place in runs and text.keys[place] in _CLAUSE


def _opposites(passage: Passage, before: Side, after: Side) -> Iterator[tuple[Mark, Mark]]:
    for wanted_before, wanted_after in (("yes", "no"), ("no", "yes")):
        for one in before.marks:
            if (
                not one.is_a(wanted_before)
                or one.is_a(wanted_after)
                or not _small_run(passage.run_before, one, _NEGATION_RUN)
            ):
                continue
            run = _run(passage.run_before, one)
            for other in after.marks:
                if (
                    other.is_a(wanted_after)
                    and not other.is_a(wanted_before)
                    and other.start in passage.run_after
                    and passage.run_after[other.start] == run
                ):
                    yield one, other
                    break


def _attributions(
    passage: Passage, before: Side, after: Side, words: Lexicon, respelled: frozenset[Run]
) -> Iterator[Claim]:
    by_before, by_after = _sources(before), _sources(after)
    for (i, j), kept in passage.sentence_links.items():
        sizes = passage.sentence_sizes
        if kept < _STANDS_WORDS or kept < _SAID_STANDS * min(sizes[0][i], sizes[1][j]):
            continue
        old, new = by_before.get(i, []), by_after.get(j, [])
        kept_pairs = [(mark, other) for mark in old for other in new if _is_kept(passage, mark, other)]
        lost = [
            mark
            for mark in old
            if all(mark is not one for one, _ in kept_pairs) and mark.stop - 1 in passage.run_before
        ]
        gained = [
            mark
            for mark in new
            if all(mark is not other for _, other in kept_pairs) and mark.stop - 1 in passage.run_after
        ]
        if _tell_a_denial(lost, gained):
            continue
        if lost and gained:
            yield from _exchanged_verbs(passage, before, after, words, lost, gained, respelled)
        elif gained and (mark := _own_source(gained, old)):
            yield from _came_or_went(after.text, before.text, passage.run_after, mark, came=True)
        elif lost and (mark := _own_source(lost, new)):
            yield from _came_or_went(before.text, after.text, passage.run_before, mark, came=False)
        for mark, other in kept_pairs:
            for run in _source_runs(passage, before, after, words, mark, other):
                if run not in respelled and not _is_another_form(passage, run):
                    yield Claim(
                        Kind.ATTRIBUTION,
                        How.CHANGED,
                        min(run.b0, mark.start),
                        max(run.b1, mark.stop),
                        min(run.a0, other.start),
                        max(run.a1, other.stop),
                        run,
                    )
                    break


def _is_kept(passage: Passage, mark: Mark, other: Mark) -> bool:
    """Whether a sign of a source stands on both sides: by its last word ("fait état de" for "font état de"),
    or the same preposition by its first ("según fuentes" for "según")."""
    if passage.kept_before.get(mark.stop - 1) == other.stop - 1:
        return True
    return (
        mark.is_a("source_after")
        and other.is_a("source_after")
        and passage.kept_before.get(mark.start) == other.start
    )


def _tell_a_denial(lost: Sequence[Mark], gained: Sequence[Mark]) -> bool:
    """Whether words of saying that came or went turn a claim round, and do not tell of another source."""
    if any(mark.is_a("no") for mark in (*lost, *gained)):
        return True
    return bool(lost and gained) and any(mark.is_a("yes") for mark in (*lost, *gained))


def _sources(side: Side) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    for mark in side.marks:
        if not mark.categories.isdisjoint(SOURCES):
            found.setdefault(side.text.sentences[mark.start], []).append(mark)
    return found


def _exchanged_verbs(
    passage: Passage,
    before: Side,
    after: Side,
    words: Lexicon,
    lost: list[Mark],
    gained: list[Mark],
    respelled: frozenset[Run],
) -> Iterator[Claim]:
    one, other = lost[0], gained[0]
    run_before = passage.run_before.get(one.start) or passage.run_before.get(one.stop - 1)
    run_after = passage.run_after.get(other.start) or passage.run_after.get(other.stop - 1)
    if not run_before or not run_after:
        return
    if any(_words(run) > 2 * _SOURCE_RUN for run in (run_before, run_after)):
        return
    claim = Claim(Kind.ATTRIBUTION, How.CHANGED, one.start, one.stop, other.start, other.stop, run_before)
    judged = one.is_a("judge") != other.is_a("judge")
    if judged and not (one.is_a("say") and other.is_a("say")):
        if run_before == run_after:
            yield claim
        return
    if one.is_a("no", "negation") or other.is_a("no", "negation"):
        return
    window_before, window_after = _window(before.text, one, words), _window(after.text, other, words)
    old = {
        before.text.keys[place]
        for place in window_before
        if place in passage.run_before and is_word(before.text.keys[place])
    }
    new = {
        after.text.keys[place]
        for place in window_after
        if place in passage.run_after and is_word(after.text.keys[place])
    }
    kept_source = any(
        place in passage.kept_before and is_word(before.text.keys[place]) and len(before.text.keys[place]) > 3
        for place in window_before
    )
    small = frozenset(words.lists.get("small", ()))
    old -= {before.text.keys[place] for place in range(one.start, one.stop)} | small
    new -= {after.text.keys[place] for place in range(other.start, other.stop)} | small
    if old and new and old.isdisjoint(new) and not kept_source and run_before not in respelled:
        yield claim


def _source_runs(
    passage: Passage, before: Side, after: Side, words: Lexicon, mark: Mark, other: Mark
) -> Iterator[Run]:
    """Runs next to a kept verb of saying in which its source was replaced."""
    window_before, window_after = _window(before.text, mark, words), _window(after.text, other, words)
    said_before = {
        place
        for amount in before.amounts
        if amount.value != 1  # the article "un"
        for place in range(amount.start, amount.stop)
    }
    for place in window_before:
        run = passage.run_before.get(place)
        if (
            run
            and run.a0 < run.a1
            and (run.a0 in window_after or run.a0 in range(other.start, other.stop))
            and (run.b1 - 1 in window_before or run.b1 - 1 in range(mark.start, mark.stop))
            and (run.a1 - 1 in window_after or run.a1 - 1 in range(other.start, other.stop))
            and not any(i in said_before for i in range(run.b0, run.b1))
            and _tells_a_source(_in_sentence(before.text, run.b0, run.b1, mark), words)
            and _tells_a_source(_in_sentence(after.text, run.a0, run.a1, other), words)
        ):
            yield run


def _in_sentence(text: Text, start: int, stop: int, mark: Mark) -> list[str]:
    """What of some words stands in the sentence of a mark: a run may begin in the one before."""
    own = text.sentences[mark.start]
    return [text.keys[place] for place in range(start, stop) if text.sentences[place] == own]


def _tells_a_source(keys: Sequence[str], words: Lexicon) -> bool:
    small = words.lists.get("small", ())
    if words.language in ("zh", "ja"):
        return sum(map(is_word, keys)) >= _SOURCE_IDEOGRAPHS
    return any(is_word(key) and len(key) > 1 and key not in small for key in keys)


def _window(text: Text, mark: Mark, words: Lexicon) -> range:
    """Where the source of a mark stands: behind a preposition, before a verb, behind one that comes first."""
    keys = text.keys
    end = _before_quotation(keys, mark.start) if words.language == "ja" else mark.start
    back = end
    while (
        back > 0
        and end - back < SOURCE
        and keys[back - 1] not in _CLAUSE
        and keys[back - 1] not in _AND
        and text.sentences[back - 1] == text.sentences[mark.start]
    ):
        back -= 1
    forward = mark.stop
    while (
        forward < len(keys)
        and forward - mark.stop < SOURCE
        and keys[forward] not in _CLAUSE
        and keys[forward] not in _OPEN_CLAUSE
    ):
        forward += 1
    if mark.is_a("source_after"):
        return range(mark.stop, forward)
    if mark.is_a("source_within"):
        return range(back, mark.stop)
    small, pronouns = words.lists.get("small", ()), words.lists.get("pronoun", ())
    turned = all(key in small and key not in pronouns for key in keys[back:end])
    if turned or words.language == "ar":
        return range(mark.stop, forward)
    return range(back, end)


def _before_quotation(keys: Sequence[str], place: int) -> int:
    """Where a quotation begins that ends right before a verb of saying, else the place of the verb.

    The source of "警察は「…」と説明した" stands before what was said.
    """
    if place and keys[place - 1] == "」":
        for opening in range(place - 2, max(-1, place - LONGEST_QUOTED), -1):
            if keys[opening] == "「":
                return opening
    return place


def _clause(text: Text, mark: Mark, low: int, high: int) -> tuple[int, int]:
    """The words of a source inside its run."""
    start, stop = mark.start, mark.stop
    while (
        not mark.is_a("source_after")
        and start > low
        and mark.start - start < SOURCE
        and text.keys[start - 1] not in _CLAUSE
    ):
        start -= 1
    while stop < high and stop - mark.stop < SOURCE and text.keys[stop] not in _CLAUSE:
        stop += 1
    return start, stop


def _came_or_went(
    text: Text, other: Text, runs: dict[int, Run], mark: Mark, *, came: bool
) -> Iterator[Claim]:
    """A claim that got a source, or lost it, with the words of the source."""
    if not _small_run(runs, mark, _SOURCE_RUN):
        return
    run = _run(runs, mark)
    low, high = (run.a0, run.a1) if came else (run.b0, run.b1)
    start, stop = _clause(text, mark, low, high)
    if _goes_on(text, mark, start) or not _names_source(text, mark, start, stop):
        return
    if _spaced_words(text.keys[start:stop]) in _spaced_words(other.keys):  # it stands elsewhere there
        return
    if came:
        yield Claim(Kind.ATTRIBUTION, How.ADDED, 0, 0, start, stop, run)
    else:
        yield Claim(Kind.ATTRIBUTION, How.REMOVED, start, stop, 0, 0, run)


def _spaced_words(keys: Sequence[str]) -> str:
    return f" {' '.join(filter(is_word, keys))} "


def _goes_on(text: Text, mark: Mark, start: int) -> bool:
    """Whether a verb of saying only tells more of what the sentence is about: "… and has praised"."""
    before = text.keys[start : mark.start]
    return before[:1] != [] and before[0] in _AND and all(len(key) <= _AUXILIARY for key in before[1:])


def _own_source(came: Sequence[Mark], others: Sequence[Mark]) -> Mark | None:
    """The mark of a source that came or went: the first, or beside others one with a preposition."""
    if not others:
        return came[0]
    return next((mark for mark in came if mark.is_a("source_after")), None)


def _names_source(text: Text, mark: Mark, start: int, stop: int) -> bool:
    """Whether there is a source beside a verb of saying that came or went."""
    return any(
        is_word(text.keys[place]) for place in range(start, stop) if not mark.start <= place < mark.stop
    )


def _run(runs: dict[int, Run], mark: Mark) -> Run:
    return next(runs[place] for place in range(mark.start, mark.stop) if place in runs)


def _small_run(runs: dict[int, Run], mark: Mark, most: int) -> bool:
    """Whether a mark was changed, and in a run of few words."""
    run = next((runs[place] for place in range(mark.start, mark.stop) if place in runs), None)
    return run is not None and _words(run) <= most


def _words(run: Run) -> int:
    return max(run.b1 - run.b0, run.a1 - run.a0)


def _claim_stands(passage: Passage, place: int, side: str) -> bool:
    """Whether the sentence of a token stands in both texts, at least by half."""
    sizes = passage.sentence_sizes
    own = (passage.before if side == "before" else passage.after).sentences[place]
    for (i, j), kept in passage.sentence_links.items():
        if (
            own == (i if side == "before" else j)
            and kept >= _STANDS_WORDS
            and kept >= _STANDS * min(sizes[0][i], sizes[1][j])
        ):
            return True
    return False


def _same_sentence(passage: Passage, one: Mark, other: Mark) -> bool:
    pair = passage.before.sentences[one.start], passage.after.sentences[other.start]
    return passage.sentence_links.get(pair, 0) >= _STANDS_WORDS or passage.run_before.get(
        one.start
    ) == passage.run_after.get(other.start)
