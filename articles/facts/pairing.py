"""What stands for the same thing in both texts: things found on either side, brought together by the diff."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from articles.diff.tokens import is_word
from articles.facts.passages import Passage, Run


class Found(Protocol):
    """Something found in a text, at tokens [start, stop)."""

    @property
    def start(self) -> int: ...
    @property
    def stop(self) -> int: ...


Thing = TypeVar("Thing", bound=Found)

# Words a side of a run in which two things stand for each other by their place alone.
_SMALL_RUN = 6

# Pairs of changed things that are looked at in one passage: no paragraph of prose has so many.
_MOST_PAIRS = 10_000


def exchanged(
    passage: Passage,
    before: Sequence[Thing],
    after: Sequence[Thing],
    equal: Callable[[Thing, Thing], bool],
    akin: Callable[[Thing, Thing], bool],
    same_context: Callable[[Thing, Thing], bool],
) -> Iterator[tuple[Thing, Thing]]:
    """Pairs of things that stand for each other and are not equal.

    Two things belong together if they have kept words in common, or stand in one run: by their order if
    the run is small and holds as many on either side, else only where what they tell of is the same.
    What is equal anywhere in the passage has only moved.
    """
    run_before, run_after = passage.run_before, passage.run_after
    touched_before = [thing for thing in before if _is_touched(thing, run_before)]
    touched_after = [thing for thing in after if _is_touched(thing, run_after)]
    if not touched_before and not touched_after:
        return
    if len(touched_before) * len(touched_after) > _MOST_PAIRS:
        return
    place_after = {place: thing for thing in after for place in range(thing.start, thing.stop)}
    place_before = {place: thing for thing in before for place in range(thing.start, thing.stop)}
    pairs: list[tuple[Thing, Thing]] = []
    for thing in touched_before:
        other = _by_kept(thing, passage.after_of, place_after)
        if other is not None:
            pairs.append((thing, other))
    for thing in touched_after:
        other = _by_kept(thing, passage.before_of, place_before)
        if other is not None and (other, thing) not in pairs:
            pairs.append((other, thing))
    paired_before = {id(one) for one, _ in pairs}
    paired_after = {id(other) for _, other in pairs}
    by_run: dict[Run, tuple[list[Thing], list[Thing]]] = {}
    for thing in touched_before:
        if id(thing) not in paired_before:
            by_run.setdefault(_run_of(thing, run_before), ([], []))[0].append(thing)
    for thing in touched_after:
        if id(thing) not in paired_after:
            by_run.setdefault(_run_of(thing, run_after), ([], []))[1].append(thing)
    left_before: list[Thing] = []
    left_after: list[Thing] = []
    for run, (old, new) in by_run.items():
        old, new = _without_equal(old, new, equal)
        if old and new:
            found = list(_in_run(passage, run, old, new, akin, same_context))
            pairs += found
            old = [thing for thing in old if all(thing is not one for one, _ in found)]
            new = [thing for thing in new if all(thing is not other for _, other in found)]
        left_before += old
        left_after += new
    left_before, left_after = _without_equal(left_before, left_after, equal)
    pairs += _across_runs(passage, left_before, left_after, akin, same_context)
    pairs = [pair for pair in pairs if not equal(*pair)]
    gone, come = _without_equal([one for one, _ in pairs], [other for _, other in pairs], equal)
    changed = {id(thing) for thing in (*gone, *come)}
    for one, other in sorted(pairs, key=lambda pair: (pair[0].start, pair[1].start)):
        if id(one) in changed or id(other) in changed:  # else the pairs only changed places
            yield one, other


def _is_touched(thing: Found, runs: dict[int, Run]) -> bool:
    return not runs.keys().isdisjoint(range(thing.start, thing.stop))


def _run_of(thing: Found, runs: dict[int, Run]) -> Run:
    return next(runs[place] for place in range(thing.start, thing.stop) if place in runs)


def _by_kept(thing: Found, kept_at: Callable[[int], int], places: dict[int, Thing]) -> Thing | None:
    for place in range(thing.start, thing.stop):
        other = places.get(kept_at(place))
        if other is not None:
            return other
    return None


def _without_equal(
    old: list[Thing], new: list[Thing], equal: Callable[[Thing, Thing], bool]
) -> tuple[list[Thing], list[Thing]]:
    left = list(new)
    gone: list[Thing] = []
    for thing in old:
        twin = next((place for place, other in enumerate(left) if equal(thing, other)), None)
        if twin is None:
            gone.append(thing)
        else:
            del left[twin]
    return gone, left


def _in_run(
    passage: Passage,
    run: Run,
    old: list[Thing],
    new: list[Thing],
    akin: Callable[[Thing, Thing], bool],
    same_context: Callable[[Thing, Thing], bool],
) -> Iterator[tuple[Thing, Thing]]:
    small = (
        max(
            sum(map(is_word, passage.before.keys[run.b0 : run.b1])),
            sum(map(is_word, passage.after.keys[run.a0 : run.a1])),
        )
        <= _SMALL_RUN
    )
    if small and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            if akin(one, other):
                yield one, other
        return
    left = list(new)
    for one in old:
        for place, other in enumerate(left):
            if akin(one, other) and same_context(one, other):
                yield one, other
                del left[: place + 1]
                break


def _across_runs(
    passage: Passage,
    old: list[Thing],
    new: list[Thing],
    akin: Callable[[Thing, Thing], bool],
    same_context: Callable[[Thing, Thing], bool],
) -> Iterator[tuple[Thing, Thing]]:
    """One thing taken out and one put in, in the same sentence, telling of the same."""
    if not old or not new:
        return
    links = passage.sentence_links
    sentences_before, sentences_after = passage.before.sentences, passage.after.sentences
    left = list(new)
    for one in old:
        for place, other in enumerate(left):
            linked = links.get((sentences_before[one.start], sentences_after[other.start]), 0)
            if linked >= 3 and akin(one, other) and same_context(one, other):
                yield one, other
                del left[place]
                break
