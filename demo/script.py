# ruff: noqa: E501  (a text stands on one line, however long)
"""The script: every edit that is made to the stories, and when, in seconds, in the order of time.

The first round shows every kind of edit within six minutes, spread evenly. Then a gentler round goes on for a
while. Edits of one story lie at least 45 seconds apart, so that a watcher who looks every half minute sees
each.
"""

from demo.edits import (
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
        80,
        "criee-du-port",
        EditKind.HEADLINE,
        "the French headline tells of misgivings",
        headline("Criée du port : la fin des enchères à la voix inquiète les pêcheurs"),
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
    _edit(
        130,
        "faehrhafen-umbau",
        EditKind.CORRECTION,
        "17 million pounds was 27 million, with a note in German",
        reword("auf 17 Millionen Pfund", "auf 27 Millionen Pfund"),
        add_last(
            "Berichtigung: In einer früheren Fassung dieses Artikels hieß es, der Umbau koste 17 Millionen Pfund. Richtig sind nach Angaben der Hafenverwaltung 27 Millionen."
        ),
    ),
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
        180,
        "souq-al-marfa",
        EditKind.NUMBER,
        "48 shops in the Arabic story becomes 54",
        reword("إن 48 دكانا", "إن 54 دكانا"),
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
        220,
        "kaisou-matsuri",
        EditKind.NUMBER,
        "12 stalls in the Japanese story becomes 15",
        reword("今回は12軒の店", "今回は15軒の店"),
    ),
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
        250,
        "faehrhafen-umbau",
        EditKind.QUOTE_CUT,
        "the project leader's second sentence is gone",
        reword(
            " „Wer heute bei Westwind mit einem Kinderwagen an Bord geht, der weiß, warum wir nicht noch einmal zehn Jahre warten dürfen.“",
            "",
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
        270,
        "jardin-des-phares",
        EditKind.NUMBER,
        "teams of five becomes teams of seven, in French",
        reword("par équipes de cinq", "par équipes de sept"),
    ),
    _edit(
        280,
        "criee-du-port",
        EditKind.MOVED,
        "the screens move above the costs, and the architect's answer changes",
        move("Les acheteurs ne lèveront plus", below="La halle aux poissons de Port Skerrin"),
        reword(
            "L’architecte, qui voulait l’exposer dans l’entrée, a dû revoir ses plans.",
            "L’architecte rêvait d’en faire une pièce de musée ; il redessine désormais toute la façade.",
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
        300,
        "council-budget",
        EditKind.QUOTE_CUT,
        "the treasurer's words about a view and a nursery are gone",
        reword(
            " “I would rather sell a view than close a nursery, and I think that if you asked people in the street they would say the same.”",
            "",
        ),
    ),
    _edit(
        310,
        "souq-al-marfa",
        EditKind.ADDED,
        "a paragraph on the market's hours, in Arabic",
        add_last(
            "ويفتح السوق أبوابه يوميا من الثامنة صباحا حتى السابعة مساء ما عدا يوم الاثنين، وستنظم فيه كل خميس أمسية للحكايات الشعبية يشارك فيها بحارة متقاعدون وتلاميذ من مدارس المدينة."
        ),
    ),
    _edit(
        320,
        "tide-tables",
        EditKind.TYPO,
        "“themselfs” becomes “themselves”",
        reword("themselfs", "themselves"),
    ),
    _edit(
        330,
        "kaisou-matsuri",
        EditKind.HEADLINE,
        "the Japanese headline names the race",
        headline("海藻祭りが復活、坂道の手押し車競走も十五年ぶり"),
    ),
    _edit(
        340,
        "school-roof",
        EditKind.SPLIT,
        "the repairs become two paragraphs, and the governors speak",
        split("The rest would have to come"),
        reword(
            "a prospect that several governors called bitter",
            "which the governors will fight, they said last night",
        ),
    ),
    _edit(
        350,
        "bakery-prize",
        EditKind.NUMBER,
        "140 loaves a day becomes 160",
        reword("the usual 140 loaves", "the usual 160 loaves"),
    ),
)

_SECOND_ROUND = (
    _edit(
        365,
        "gale-live",
        EditKind.ADDED,
        "fifth update: the road is open",
        add(
            "14:05. One lane of the hill road is open again and lights have been set up at the quarry. The school bus to Upper Wend will run at three as planned, with a council lorry going ahead of it to look for branches."
        ),
    ),
    _edit(
        390,
        "night-ferry",
        EditKind.QUOTE_CUT,
        "the managing director's handful gets cut",
        reword(
            " “But every winter we burn a tonne of fuel to take a handful of people home, and every winter the handful gets smaller.”",
            "",
        ),
    ),
    _edit(
        410,
        "moor-glocken",
        EditKind.NUMBER,
        "twenty bells a year becomes thirty, in German",
        reword("etwa zwanzig im Jahr", "etwa dreißig im Jahr"),
    ),
    _edit(
        425,
        "gale-live",
        EditKind.ADDED,
        "sixth update: the lifeboat goes out",
        add(
            "14:40. The lifeboat has been launched to a yacht that broke from her mooring off Gull Creek and is drifting towards the bar. According to the harbour office nobody is thought to be aboard, but a light was seen in her cabin."
        ),
    ),
    _edit(
        440,
        "pier-toll",
        EditKind.NUMBER,
        "640,000 pounds becomes 690,000",
        reword("640,000 pounds", "690,000 pounds"),
    ),
    _edit(
        470,
        "qarib-al-jadd",
        EditKind.HEADLINE,
        "the Arabic headline names the island",
        headline("قارب الجد يعود إلى بحر هالين بعد أربعة عقود في الحظيرة"),
    ),
    _edit(
        485,
        "gale-live",
        EditKind.ADDED,
        "seventh update: the yacht is safe",
        add(
            "15:25. The yacht is in tow and the lifeboat’s coxswain reports that she was empty except for a cat, which has been taken aboard. The light in the cabin was a lamp that her owner had forgotten to turn off on Sunday."
        ),
    ),
    _edit(
        500,
        "trawler-fire",
        EditKind.ADDED,
        "the investigator's first finding",
        add_last(
            "The marine safety office said in the afternoon that its investigator had been aboard for two hours and had taken away a length of fuel pipe and its clamp. A first report is to be expected within six weeks."
        ),
    ),
    _edit(
        530,
        "museum-bell",
        EditKind.NUMBER,
        "52 of the dead without a name becomes 49",
        reword("the names of 52 of them", "the names of 49 of them"),
    ),
    _edit(
        545,
        "gale-live",
        EditKind.ADDED,
        "eighth update: high water",
        add(
            "16:30. High water has passed. It stood 64 centimetres above the figure in the table and came over the kerb in Fish Street, where the flood boards held at every door but two. The fire service is pumping out the cellar of the smokehouse."
        ),
    ),
    _edit(
        560,
        "council-budget",
        EditKind.HEADLINE,
        "the headline asks instead of tells",
        headline("Sell the harbour offices? Council asks residents how to fill its gap"),
    ),
    _edit(
        605,
        "gale-live",
        EditKind.ADDED,
        "ninth update: the warning is lowered",
        add(
            "17:50. The weather office has lowered its warning for the Sound by one step and now expects the wind to go round to the north-west and ease before midnight. Gusts of fifty miles an hour are still possible in showers."
        ),
    ),
    _edit(
        645,
        "rovers-cup",
        EditKind.REVERTED,
        "the crowd is 2,150 again",
        reword("A crowd of 2,310", "A crowd of 2,150"),
    ),
    _edit(
        665,
        "gale-live",
        EditKind.ADDED,
        "tenth and last update: boats and lights tomorrow",
        add(
            "19:15. Sound Crossings plans to run its normal boats from tomorrow morning. All but 80 homes have their lights back. We are closing this page for the night; thank you to everyone who wrote in from a dark kitchen."
        ),
    ),
)

# One story over six versions, for what can be followed over versions: a toll that rises, a quotation that is
# shortened and then gone, a name put right, a claim turned round, a source that gets a name, and a note on
# the name that comes two versions late.
_ONE_STORY = (
    _edit(
        35,
        "footbridge",
        EditKind.NUMBER,
        "three hurt becomes 5",
        reword("Three people were hurt", "5 people were hurt"),
    ),
    _edit(
        95,
        "footbridge",
        EditKind.DEVELOPING,
        "the keeper's name is put right without a note, and his words are shortened",
        reword("Wilf Halloran", "Wilf Halleran"),
        reword(
            "“It sang like a wire, and then the boards went quiet, and then everyone was in the creek holding their lanterns up,” he said.",
            "“It sang like a wire, and then the boards went quiet,” he said.",
        ),
    ),
    _edit(
        155,
        "footbridge",
        EditKind.DEVELOPING,
        "5 hurt becomes 9, and the inspection is denied",
        reword("5 people were hurt", "9 people were hurt"),
        reword("The bridge was inspected this spring", "The bridge was not inspected this spring"),
    ),
    _edit(
        215,
        "footbridge",
        EditKind.DEVELOPING,
        "the keeper's words are gone, the witness has a name, and a note tells of the keeper's, two versions late",
        reword(" “It sang like a wire, and then the boards went quiet,” he said.", ""),
        reword("A witness said she had counted", "Ines Kaldor said she had counted"),
        add_last(
            "Correction: An earlier version of this article misspelt the name of the bridge keeper, Wilf Halleran, as Halloran."
        ),
    ),
    _edit(
        275,
        "footbridge",
        EditKind.NUMBER,
        "9 hurt becomes 11",
        reword("9 people were hurt", "11 people were hurt"),
    ),
)

EDITS: tuple[Edit, ...] = tuple(sorted(_FIRST_ROUND + _SECOND_ROUND + _ONE_STORY, key=lambda edit: edit.at))
