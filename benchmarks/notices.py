"""What it costs to find who is to be told, and that kills lose no notice.

    python -m benchmarks.notices [--changes 1000] [--subscriptions N …] [--postgres ADDRESS]
    python -m benchmarks.notices --kills 100 [--postgres ADDRESS]

The first makes changes and subscriptions that are all different (sources, kinds, sizes, words) and prints the
processor time of matching them, for growing numbers of subscriptions: *read* the subscriptions and their
filters, when a worker has seen none of them and when it has; *match*: the texts of the changes and who asks
for each. PostgreSQL's own time is not counted.

The second has workers tell of changes by e-mail and webhook, to a real mail server and a real receiver, and
kills them with SIGKILL: about half at named steps, the others at any moment. Then it counts. Prints one JSON
object; exits with 1 when a notice was lost, or told twice under two ids.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import wraps
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from benchmarks.scratch import installation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.models import Article, Source, Version

SOURCES, VOCABULARY = 200, 5_000
SIZES = (1_000, 10_000, 20_000)
AT_STEP = 0.08
"""How likely a worker is killed at each named step."""
SUBSCRIBERS = 3
"""By e-mail, and as many by webhook."""
SETTLE_SECONDS = 120.0
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--subscriptions", type=int, nargs="+", default=SIZES)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a PostgreSQL server, instead of SQLite")
    parser.add_argument("--serve", metavar="FILE", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(Path(asked.serve))
    elif asked.kills:
        with (
            receivers() as (mail, hook, taken),
            installation(
                asked.postgres,
                EMAIL_URL=f"smtp://127.0.0.1:{mail}",
                FETCH_ALLOW_ENDPOINTS=f"127.0.0.1:{hook}",
                NOTICE_DELAY="0",
            ),
        ):
            told = kill(asked.kills, hook, taken)
        print(json.dumps(told))
        sys.exit(bool(told["wrong"]))
    else:
        with installation(asked.postgres):
            measure(asked.changes, asked.subscriptions)


# --- Matching


def measure(changes: int, sizes: Sequence[int]) -> None:
    from django.db import connection

    from articles.notices import matching, outbox

    random.seed(7)
    versions = make_changes(changes)
    print(f"{connection.vendor}, {changes:,} changes; seconds of processor time\n")
    print("| subscriptions | read, new | read, known | match | matches |")
    print("|--:|--:|--:|--:|--:|")
    for size in sizes:
        rows = [(number, query_of(number), None) for number in range(size)]
        matching._filters_of.cache_clear()
        new, _ = timed(lambda: matching.wanted_of(rows))  # noqa: B023
        known, wanted = timed(lambda: matching.wanted_of(rows))  # noqa: B023

        def match() -> int:
            matcher = matching.Matcher(wanted)  # noqa: B023
            texts = outbox._texts(versions)
            found = 0
            for version in versions:
                both = texts[version.article_id, version.number]
                parts = outbox._parts(both[0]), outbox._parts(both[1])
                found += len(matcher.of_change(matching.Change(version, parts)))
            return found

        taken, found = timed(match)
        print(f"| {size:,} | {new:.2f} | {known:.2f} | {taken:.2f} | {found:,} |")


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = what()
    return time.process_time() - began, result


def query_of(number: int) -> str:
    """What the subscription of this number asks for: no two of them the same."""
    from articles.facts import ChangeKind

    kinds = [kind.value for kind in ChangeKind]
    source = f"source=source-{number % SOURCES}"
    kind = f"kind={kinds[number % len(kinds)]}"
    word = f"q=word{(number * 31) % VOCABULARY}"
    shapes = (
        f"{source}&{kind}",
        word,
        f"{source}&{word}",
        f"{kind}&min={5 + number // 5}",
        f"q=%22word{number % VOCABULARY}+word{(number * 7) % VOCABULARY}%22",
    )
    return f"{shapes[number % len(shapes)]}&to=2{100 + number % 90}-01-01"


def make_changes(changes: int) -> "list[Version]":
    """Articles of some 400 words, each changed once: a word or two in one of ten paragraphs."""
    sources = [make_source(number) for number in range(SOURCES)]
    made = []
    for number in range(changes):
        article = make_article(sources[number % SOURCES], number)
        first = tuple(" ".join(word() for _ in range(40)) for _ in range(10))
        place = random.randrange(10)
        paragraph = first[place].split()
        paragraph[random.randrange(40)] = word()
        paragraph[random.randrange(40)] = word()
        add_version(article, 1, first, ())
        made.append(
            add_version(article, 2, (*first[:place], " ".join(paragraph), *first[place + 1 :]), first)
        )
    return made


def word() -> str:
    return f"word{min(int(random.expovariate(1 / 800)), VOCABULARY - 1)}"


_numbers = count()


def make_source(number: int) -> "Source":
    from articles.models import Source

    return Source.objects.create(name=f"Source {number}", slug=f"source-{number}")


def make_article(source: "Source", number: int) -> "Article":
    from articles.models import Article, Host

    host = Host.objects.for_address("https://news.example/")
    address = f"https://news.example/{number}"
    return Article.objects.create(source=source, host=host, address=address, headline=f"Story {number}")


def add_version(article: "Article", number: int, text: tuple[str, ...], before: tuple[str, ...]) -> "Version":
    from articles.models import Version, text_storage

    article.version_count = number
    article.save()
    return Version.objects.create(
        article=article,
        source=article.source,
        number=number,
        headline=article.headline,
        data=text_storage.pack(text, None if text_storage.is_whole(number) else before),
        text_hash=str(next(_numbers)),
        seen=NOW + timedelta(minutes=next(_numbers)),
        extractor_version=1,
        words_added=2,
        words_removed=2,
        badges=random.sample(["number", "date", "quote", "name", "headline"], 2) if number > 1 else [],
    )


# --- Kills


def kill(kills: int, hook: int, taken: Path) -> dict[str, Any]:
    """Have workers killed so often while changes come; what became of the notices."""
    from django.db import connection, transaction
    from django.utils import timezone

    from articles.models import Delivery, Notice, Subscription, Way, announce
    from articles.notices.webhooks import new_secret

    chance = random.Random(11)
    for number in range(SUBSCRIBERS):
        Subscription(way=Way.EMAIL, query="minor=1", email=f"{number}@mail.example").confirm(timezone.now())
        hooked = Subscription(way=Way.WEBHOOK, query="minor=1", receiver=f"http://127.0.0.1:{hook}/{number}")
        hooked.secret = new_secret()
        hooked.confirm(timezone.now())
    source, texts, expected = make_source(0), ("One text of a story.", "Another text of it."), 0
    killed = 0
    while killed < kills:
        article = make_article(source, expected)
        add_version(article, 1, texts[:1], ())
        with transaction.atomic():
            announce(version=add_version(article, 2, texts[1:], texts[:1]))
        expected += 1
        connection.close()
        worker = fork_worker(chance.random())
        if chance.random() < 0.5:
            time.sleep(chance.random() * 0.08)
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        if os.WIFSIGNALED(status):
            killed += 1
        connection.close()
    ends = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < ends and (
        Notice.objects.filter(delivery=None).exists() or Delivery.objects.filter(ended=None).exists()
    ):
        Subscription.objects.update(lease_until=None, lease_token=None)
        connection.close()
        os.waitpid(fork_worker(None), 0)
    return judged(taken, expected, killed)


def judged(taken: Path, changes: int, kills: int) -> dict[str, Any]:
    """What of the notices was lost, or told under two ids."""
    ids: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line in taken.read_text().splitlines():
        receiver, change, key = line.split("\t")
        ids[receiver, change][key] += 1
    wrong = [f"{one} told under {len(keys)} ids" for one, keys in ids.items() if len(keys) > 1]
    if (lost := changes * SUBSCRIBERS * 2 - len(ids)) != 0:
        wrong.append(f"{lost} notices lost")
    return {
        "kills": kills,
        "changes": changes,
        "notices": len(ids),
        "told again with the same id": sum(sum(keys.values()) - 1 for keys in ids.values()),
        "wrong": wrong,
    }


def fork_worker(seed: float | None) -> int:
    """A worker that does once what the minute's tasks do; with a *seed*, killed now and then at a step."""
    child = os.fork()
    if child:
        return child
    work(seed)


def work(seed: float | None) -> NoReturn:
    from articles.notices import attempts, mail, outbox, sending

    try:
        # What a worker that was killed held is free again, as after its lease ran out.
        from articles.models import Notice, Subscription

        Subscription.objects.update(lease_until=None, lease_token=None)
        if seed is not None:
            chance = random.Random(seed)
            steps: tuple[tuple[Any, str], ...] = (
                (outbox, "_locked"),
                (outbox, "_deliver_to"),
                (Notice.objects, "bulk_create"),
                (mail.MailServer, "send"),
                (attempts.Request, "answer"),
                (sending, "_claim_one"),
                (sending, "_store"),
            )
            for owner, name in steps:
                setattr(owner, name, deadly(getattr(owner, name), chance))
        # One by one, so that each can be counted.
        vars(outbox).update(FLOOD=sys.maxsize, MOST_AN_HOUR=sys.maxsize)
        while outbox.make_notices():
            pass
        outbox.make_deliveries()
        sending.send_mails(5)
        sending.send_posts(5)
    finally:
        os._exit(0)


def deadly(step: Callable[..., Any], chance: random.Random) -> Callable[..., Any]:
    """*step*, before or after which the worker may be killed."""

    @wraps(step)
    def may_kill(*arguments: Any, **named: Any) -> Any:
        if chance.random() < AT_STEP:
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*arguments, **named)
        if chance.random() < AT_STEP:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return may_kill


@contextmanager
def receivers() -> "Iterator[tuple[int, int, Path]]":
    """A mail server and a receiver of webhooks, as a process of their own: their ports, and the file in which
    they note what they took."""
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken"
        taken.touch()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.notices", "--serve", str(taken)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout
            mail, hook = map(int, process.stdout.readline().split())
            yield mail, hook, taken
        finally:
            process.kill()
            process.wait()


def serve(taken: Path) -> NoReturn:
    import re
    from email import message_from_bytes, policy

    from aiosmtpd.controller import Controller

    from tests.running.installation import free_port

    file = taken.open("a", buffering=1)

    class Mails:
        async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
            mail = message_from_bytes(envelope.content, policy=policy.default)
            body = mail.get_body(("plain",))
            text = body.get_content() if body else ""
            found = re.search(r"/articles/(\d+)/diff/", text)
            file.write(f"{envelope.rcpt_tos[0]}\t{found and found[1]}\t{mail['Message-ID']}\n")
            return "250 taken"

    class Hooks(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            article = body["data"]["article"]["id"]
            file.write(f"{self.path}\t{article}\t{self.headers['webhook-id']}\n")
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    port = free_port()
    Controller(Mails(), hostname="127.0.0.1", port=port).start()
    hooks = ThreadingHTTPServer(("127.0.0.1", 0), Hooks)
    print(port, hooks.server_address[1], flush=True)
    hooks.serve_forever()
    raise SystemExit


if __name__ == "__main__":
    main()
