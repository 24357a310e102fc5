"""What becomes of each address that a feed names: every one has a fate, and only one."""

from hypothesis import given
from hypothesis import strategies as st

from articles.fetch import FeedEntry, address_key
from articles.watch.feeds.entries import Fate, candidates_of, decide_intake

HERE = "https://gazette.example"

addresses = st.sampled_from(
    [*(f"{HERE}/{n}" for n in range(6)), f"{HERE}/1?utm_source=feed", "http://gazette.example/2/", "nothing"]
)
keys = st.sets(st.sampled_from([address_key(f"{HERE}/{n}") for n in range(6)])).map(frozenset)


@given(st.lists(addresses, max_size=12), keys, keys, st.integers(0, 8))
def test_every_entry_has_one_fate(named, known, barred, room):
    entries = [FeedEntry(address) for address in named]
    candidates, dropped = candidates_of(entries, [not address.endswith("/5") for address in named])
    intake = decide_intake(candidates, known=known, barred=barred, room=room)
    fates = (dropped + intake.tally).counts
    assert sum(fates.values()) == len(entries)
    assert fates[Fate.NEW] == len(intake.new) <= room
    assert not {one.key for one in intake.new} & (known | barred)
    assert len({one.key for one in intake.new}) == len(intake.new)


def test_the_first_ones_are_taken_as_feeds_name_the_newest_first():
    candidates, _ = candidates_of([FeedEntry(f"{HERE}/{n}") for n in range(4)], [True] * 4)
    intake = decide_intake(
        candidates, known=frozenset({address_key(f"{HERE}/0")}), barred=frozenset(), room=2
    )
    assert [one.address for one in intake.new] == [f"{HERE}/1", f"{HERE}/2"]
    assert intake.tally.counts == {Fate.KNOWN: 1, Fate.NEW: 2, Fate.DEFERRED: 1}
