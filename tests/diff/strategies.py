"""Texts made up for the tests: revisions of articles, and anything that Unicode allows."""

from hypothesis import strategies as st

WORDS = [
    "the",
    "of",
    "and",
    "a",
    "to",
    "in",
    "mayor",
    "council",
    "vote",
    "budget",
    "bridge",
    "river",
    "storm",
    "police",
    "four",
    "five",
    "12",
    "1,000",
    "said",
    "who",
    "would",
    "not",
    "has",
    "been",
    "hurt",
    "killed",
]

sentences = st.lists(st.sampled_from(WORDS), min_size=3, max_size=14).map(
    lambda words: " ".join(words).capitalize() + "."
)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
articles = st.lists(paragraphs, max_size=9)

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
odd_text = st.text(
    st.sampled_from(
        "ab 1.,'’“”\"-–—…`\u00a0\u200b\u200d\u00ad\u202e\u2066\u0301\u0e01\u0e33東京カー한é²½\t\n\x00👨👩🇩🇪"
        "👍🏽❤\ufe0fक्षិក្ខשָׁلاက္ཀྵ\u200c\u200f\u2069\u0600\uac00\u1100\u1161\U0001d538"
    ),
    max_size=40,
)
any_article = st.lists(st.one_of(any_text, odd_text, sentences), max_size=6)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """An article before and after edits: paragraphs changed, dropped, added, moved, split and joined."""
    before = draw(articles)
    after = []
    for paragraph in before:
        match draw(st.sampled_from(["keep", "keep", "edit", "drop", "add", "split", "join"])):
            case "keep":
                after.append(paragraph)
            case "edit":
                words = paragraph.split()
                place = draw(st.integers(0, len(words) - 1))
                after.append(" ".join([*words[:place], draw(st.sampled_from(WORDS)), *words[place + 1 :]]))
            case "add":
                after += [paragraph, draw(paragraphs)]
            case "split":
                after += [piece for piece in paragraph.replace(". ", ".|").split("|") if piece]
            case "join" if after:
                after[-1] += " " + paragraph
    if len(after) > 1 and draw(st.booleans()):
        moved = after.pop(draw(st.integers(0, len(after) - 1)))
        after.insert(draw(st.integers(0, len(after))), moved)
    return before, after
