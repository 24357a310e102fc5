"""`python -m demo`: serves the newsroom and plays its script of edits by the clock."""

import argparse
import errno
import signal
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from demo import EDITS, Newsroom


def main() -> int:
    options = _options()
    room = Newsroom(address=options.address, port=options.port)
    played = catch_up(room, options.diary)
    try:
        room.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(
            f"Port {options.port} on {options.address} is taken: choose another with --port.", file=sys.stderr
        )
        return 1
    closing = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: closing.set())
    print(f"The Harbour Gazette is at {room.url} (feed: {room.feed_url})", flush=True)
    if options.wait:
        wait_for_a_reader(room, closing)
    play(room, options.speed, closing, played, options.diary)
    closing.wait()
    room.stop()
    return 0


def wait_for_a_reader(room: Newsroom, closing: threading.Event) -> None:
    """Return when somebody has read an article, or at `closing`."""
    articles = {urlsplit(room.story_url(slug)).path for slug in room.stories}
    while not any(request.path in articles for request in room.requests):
        if closing.wait(0.2):
            return


def catch_up(room: Newsroom, diary: Path | None) -> float:
    """Make at once the edits made before, as the diary has them; the script's second it had come to."""
    if diary is None or not diary.exists():
        return 0.0
    played = float(diary.read_text())
    for at in _instants():
        if at <= played:
            room.step()
    return played


def play(
    room: Newsroom, speed: float, closing: threading.Event, played: float = 0.0, diary: Path | None = None
) -> None:
    """Make every edit at its time, `speed` times as fast as the script says, until the end or `closing`.

    It goes on from the script's second `played`, and notes in the diary how far it came.
    """
    began = time.monotonic() - played / speed
    for at in _instants():
        if at <= played:
            continue
        if closing.wait(max(0.0, began + at / speed - time.monotonic())):
            return
        for edit in room.step():
            minutes, seconds = divmod(int(edit.at), 60)
            print(f"{minutes:3}:{seconds:02}  {edit.kind:10}  {edit.slug}: {edit.note}", flush=True)
        if diary is not None:
            diary.write_text(str(at))


def _instants() -> list[float]:
    return sorted({edit.at for edit in EDITS})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8001, help="0 takes any free port (default: %(default)s)")
    parser.add_argument("--address", default="127.0.0.1", help="(default: %(default)s)")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="2 plays twice as fast (default: %(default)s)"
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="begin the script when an article is first read, so that a watcher still starting misses none",
    )
    parser.add_argument(
        "--diary",
        type=Path,
        metavar="FILE",
        help="keep there how far the script was played, and go on from there the next time",
    )
    return parser.parse_args()


def _speed(text: str) -> float:
    speed = float(text)
    if not speed > 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return speed


if __name__ == "__main__":
    sys.exit(main())
