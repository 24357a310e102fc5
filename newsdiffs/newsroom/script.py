# ruff: noqa: E501  (a text stands on one line, however long)
"""The script: every edit that is made to the stories, and when.

The first round shows each kind of edit within six minutes, spread evenly. Then a gentler round goes on for a
while. Edits of one story lie at least 45 seconds apart, so that a watcher who looks every half minute sees
each.
"""

from .edits import (
    Change,
    Edit,
    EditKind,
    add,
    add_last,
    answer,
    headline,
    join,
    move,
    reword,
    rewrite,
    split,
)


def _edit(at: float, slug: str, kind: EditKind, note: str, *changes: Change) -> Edit:
    return Edit(slug=slug, kind=kind, at=at, note=note, changes=changes)


_FIRST_ROUND = (
    _edit(
        6,
        "night-ferry",
        EditKind.HEADLINE,
        "the headline turns from the company's words to the islanders'",
        headline("Islanders fear being cut off as night ferry is scrapped"),
    ),
    _edit(
        13,
        "trawler-fire",
        EditKind.NUMBER,
        "four of the crew treated becomes five",
        reword("said four members of the crew", "said five members of the crew"),
    ),
    _edit(
        20,
        "gale-live",
        EditKind.ADDED,
        "first update: the afternoon boats",
        add(
            "10:50. Sound Crossings has cancelled all sailings after one o’clock. The last boat to Hallin leaves at half past twelve and is nearly full; islanders who are in town for the day are asked to be on the quay by noon."
        ),
    ),
    _edit(
        30,
        "pier-toll",
        EditKind.HEADLINE,
        "a sharper headline, which will not stay",
        headline("Anger as trust slaps toll on visitors to pier"),
    ),
    _edit(
        40,
        "library-hours",
        EditKind.QUOTE_CUT,
        "the councillor's second sentence about the roundabout is gone",
        reword(
            "“It saved us the price of a roundabout,” he said. “I have driven round that roundabout ever since and thought about it every time.”",
            "He has since moved to another ward.",
        ),
    ),
    _edit(50, "oyster-beds", EditKind.REMOVED, "the page answers 404 Not Found", answer(404)),
    _edit(
        60,
        "school-roof",
        EditKind.MOVED,
        "the engineers' finding moves up, and the bus gets a time",
        move("Engineers believe that rain", below="The fault was discovered during half-term"),
        reword(
            "A bus will run for families from the far side of the bridge.",
            "From Wednesday a bus will leave the far side of the bridge at twenty past eight.",
        ),
    ),
    _edit(
        70,
        "council-budget",
        EditKind.NUMBER,
        "1,200 desks becomes 1,450",
        reword("1,200 desks", "1,450 desks"),
    ),
    _edit(
        90,
        "gale-live",
        EditKind.ADDED,
        "second update: a tree across the hill road",
        add(
            "11:35. The hill road to Upper Wend is blocked at the quarry by a beech that came down across both lanes. Nobody was underneath. A crew with saws is on its way, and the council’s depot expects to have one lane open by two."
        ),
    ),
    _edit(
        100,
        "pier-toll",
        EditKind.REVERTED,
        "the first headline is back",
        headline("Visitors to pay two pounds to walk on the pier"),
    ),
    _edit(
        110,
        "bakery-prize",
        EditKind.SPLIT,
        "the opening becomes two paragraphs, and the queue is told anew",
        split("The loaf is made from three things"),
        reword(
            "The queue on Saturday reached as far as the chemist’s.",
            "On Saturday people stood in line past the chemist’s and round into Ropewalk.",
        ),
    ),
    _edit(120, "drone-rescue", EditKind.GONE, "the page answers 410 Gone, for good", answer(410)),
    _edit(140, "seabird-count", EditKind.TYPO, "“thier” becomes “their”", reword("thier", "their")),
    _edit(
        150,
        "museum-bell",
        EditKind.JOINED,
        "two short paragraphs become one, and the ending changes",
        join("It took the diving club"),
        reword(
            "beside the letters of a girl of nine who was carried ashore in a flour barrel",
            "together with a set of letters by a nine-year-old survivor",
        ),
    ),
    _edit(
        160,
        "trawler-fire",
        EditKind.HEADLINE,
        "the headline names the number and the boat",
        headline("Five treated for smoke after engine fire on the Silver Lark"),
    ),
    _edit(
        170,
        "gale-live",
        EditKind.ADDED,
        "third update: power cuts",
        add(
            "12:20. About 600 homes in the lower town and along Fish Street are without electricity after a cable came down behind the smokehouse. The network company says that its engineers cannot go up the poles until the wind drops below forty miles an hour."
        ),
    ),
    _edit(
        190,
        "mayor-bridge",
        EditKind.REWRITTEN,
        "the promise of a bridge becomes the question of who pays",
        rewrite("mayor-bridge"),
    ),
    _edit(
        200,
        "library-hours",
        EditKind.CORRECTION,
        "the sum is put right, with a note",
        reword("about 9,000 pounds a year", "about 19,000 pounds a year"),
        add_last(
            "Correction: An earlier version of this article said that opening on Sundays would cost about 9,000 pounds a year. The figure given by the Skerrin Foundation is about 19,000 pounds."
        ),
    ),
    _edit(210, "oyster-beds", EditKind.RESTORED, "the page is back", answer(200)),
    _edit(
        230,
        "rovers-cup",
        EditKind.NUMBER,
        "a crowd of 2,150 becomes 2,310",
        reword("A crowd of 2,150", "A crowd of 2,310"),
    ),
    _edit(
        240,
        "gale-live",
        EditKind.ADDED,
        "fourth update: the strongest gust so far",
        add(
            "13:15. The gauge at the lifeboat station has measured a gust of 71 miles an hour, the strongest of the day so far. Waves are coming over the promenade, and the police have closed Fish Street to everyone who does not live there."
        ),
    ),
    _edit(
        260,
        "trawler-fire",
        EditKind.CORRECTION,
        "the year in which the boat was built, with a note",
        reword("built in Ostley in 1988", "built in Ostley in 1998"),
        add_last(
            "Correction: This article was amended to say that the Silver Lark was built in 1998, not in 1988 as we first reported."
        ),
    ),
    _edit(
        290,
        "night-ferry",
        EditKind.NUMBER,
        "the petition has grown from 188 names to 236",
        reword("188 names", "236 names"),
    ),
    _edit(
        320,
        "tide-tables",
        EditKind.TYPO,
        "“themselfs” becomes “themselves”",
        reword("themselfs", "themselves"),
    ),
)

_SECOND_ROUND: tuple[Edit, ...] = ()

EDITS: tuple[Edit, ...] = tuple(sorted((*_FIRST_ROUND, *_SECOND_ROUND), key=lambda edit: edit.at))
