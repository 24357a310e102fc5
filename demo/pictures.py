"""Small drawn pictures, one for each story: sky, sun, hills or roofs, the sea, a boat."""

import random

from demo.story import Story

SKIES = (
    ("#f6d6a8", "#7fa7b8"),
    ("#cfe3ea", "#5f93ab"),
    ("#f3c6b4", "#6d7fa0"),
    ("#dfe6e0", "#8fa8a3"),
    ("#fbe7c0", "#d08c60"),
    ("#b9c9d6", "#47617a"),
)
SEAS = ("#14506b", "#1f6670", "#2b4a66", "#2f6f7e")
HILLS = ("#58705f", "#6b6a55", "#4c6273", "#7a6a58")

WIDTH, HEIGHT, HORIZON = 1200, 600, 390


def picture(story: Story) -> str:
    """The SVG picture of a story; always the same for the same story."""
    chance = random.Random(story.slug)  # noqa: S311  (a drawing is no secret)
    low, high = chance.choice(SKIES)
    land = _hills(chance) if story.section in {"harbour", "environment", "sport"} else _roofs(chance)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<linearGradient id="sky" x2="0" y2="1"><stop stop-color="{high}"/>'
        f'<stop offset=".65" stop-color="{low}"/></linearGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>'
        f'<circle cx="{chance.randint(150, 1050)}" cy="{chance.randint(90, 300)}" '
        f'r="{chance.randint(36, 62)}" fill="#fff4d6" opacity=".9"/>{land}{_sea(chance)}{_boat(chance)}</svg>'
    )


def favicon() -> str:
    """A small anchor-blue square with the paper's initial."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect width="32" height="32" rx="6" fill="#14506b"/><text x="16" y="23" font-family="Georgia,serif" '
        'font-size="20" font-weight="700" text-anchor="middle" fill="#fff">H</text></svg>'
    )


def _hills(chance: random.Random) -> str:
    shapes = []
    for depth, colour in enumerate(chance.sample(HILLS, 2)):
        peaks = " ".join(
            f"{x},{HORIZON - chance.randint(30, 190 - 70 * depth)}" for x in range(0, WIDTH + 1, 150)
        )
        shapes.append(
            f'<polygon points="0,{HORIZON} {peaks} {WIDTH},{HORIZON}" fill="{colour}" '
            f'opacity="{0.55 + 0.4 * depth}"/>'
        )
    return "".join(shapes)


def _roofs(chance: random.Random) -> str:
    houses, left = [], 0
    while left < WIDTH:
        width, height = chance.randint(70, 130), chance.randint(60, 170)
        top, colour = HORIZON - height, chance.choice(HILLS)
        houses.append(
            f'<path d="M{left},{HORIZON}V{top}l{width // 2},{-width // 3}L{left + width},{top}V{HORIZON}z" '
            f'fill="{colour}"/><rect x="{left + width // 3}" y="{top + 22}" width="16" height="22" '
            'fill="#f7e3ac" opacity=".85"/>'
        )
        left += width
    return "".join(houses)


def _sea(chance: random.Random) -> str:
    colour = chance.choice(SEAS)
    waves = "".join(
        f'<path d="M0,{y}q30,-12 60,0t60,0{"t60,0" * 18}" fill="none" stroke="#fff" stroke-width="3" '
        f'opacity=".{chance.randint(12, 30)}"/>'
        for y in range(HORIZON + 36, HEIGHT, 44)
    )
    return f'<rect y="{HORIZON}" width="{WIDTH}" height="{HEIGHT - HORIZON}" fill="{colour}"/>{waves}'


def _boat(chance: random.Random) -> str:
    x, y = chance.randint(160, 940), chance.randint(HORIZON + 30, HEIGHT - 90)
    sail = chance.choice(("#fffaf0", "#c8553d", "#f2c14e"))
    return (
        f'<g transform="translate({x} {y})"><path d="M0,0h130l-24,34h-82z" fill="#2b2118"/>'
        f'<path d="M62,-8V-120L120,-8z" fill="{sail}"/>'
        f'<path d="M54,-8V-96L14,-8z" fill="{sail}" opacity=".8"/></g>'
    )
