"""The reader of dumps: every spelling of values and statements, however the file is cut into pieces."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.archives import ArchiveError, mysql_dump
from tests.archives.origins import literal

TABLES = {"t": ["id", "text"]}


def rows(dump: str | bytes) -> list[tuple[object, ...]]:
    data = dump.encode() if isinstance(dump, str) else dump
    return [row for _, row in mysql_dump.rows_of(io.BytesIO(data), TABLES)]


values = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text("'\\\"`,();\n\0-#/*!", max_size=20),
)


class Slowly(io.BytesIO):
    """Hands out a few bytes at a time, as a decompressor may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7)


@given(st.lists(st.tuples(values, values), min_size=1, max_size=6))
def test_any_values_are_read_back_wherever_the_pieces_are_cut(written: list[tuple[object, object]]) -> None:
    told = ",".join(f"({literal(one)},{literal(other)})" for one, other in written)
    table = "CREATE TABLE `t` (\n `id` int,\n `text` text,\n PRIMARY KEY (`id`)\n);\n"
    dump = f"{table}INSERT INTO `t` VALUES {told};\n"
    found = [row for _, row in mysql_dump.rows_of(Slowly(dump.encode()), TABLES)]
    assert found == written


@pytest.mark.parametrize(
    ("dump", "expected"),
    [
        ("INSERT INTO `t` (`text`,`id`) VALUES ('a',1);", [(1, "a")]),
        ("INSERT INTO `T` (`ID`,`Text`) VALUES (1,'a');", [(1, "a")]),
        ("INSERT IGNORE INTO `t` (`id`,`text`) VALUES (1,'a'),\n(2,'b') ;", [(1, "a"), (2, "b")]),
        ("REPLACE INTO `t` (`id`,`text`) VALUES (1,'a');", [(1, "a")]),
        ("INSERT INTO `t` (`id`) VALUES (1);", [(1, None)]),
        ("INSERT INTO `t` (`id`,`text`) VALUES (1,_binary 'a\\'b');", [(1, "a'b")]),
        ("INSERT INTO `t` (`id`,`text`) VALUES (1,0x416A),(2,'it''s');", [(1, "Aj"), (2, "it's")]),
        ("INSERT INTO `t` (`id`,`text`) VALUES (-1,1.5e3),(+2,TRUE);", [(-1, 1500.0), (2, 1)]),
        (f"INSERT INTO `t` (`id`,`text`) VALUES ({2**63 - 1},{-(2**63)});", [(2**63 - 1, -(2**63))]),
        (f"INSERT INTO `t` (`id`,`text`) VALUES ({2**63},{10**30});", [(float(2**63), 1e30)]),
        ("--\n-- INSERT INTO `t`\n--\nINSERT INTO `t` (`id`) VALUES (1);", [(1, None)]),
        ("# no\n/* INSERT; */ INSERT INTO `t` (`id`) VALUES (1);", [(1, None)]),
        ("/*!40000 ALTER TABLE `t` DISABLE KEYS */;\nINSERT INTO `t` (`id`) VALUES (1);", [(1, None)]),
        ("/*M!999999\\- enable the sandbox mode */ \nINSERT INTO `t` (`id`) VALUES (1);", [(1, None)]),
        ("INSERT INTO `u` VALUES ('INSERT INTO `t` (`id`) VALUES (9);');", []),
        ("DELIMITER ;;\nCREATE TRIGGER x;;\nDELIMITER ;\nINSERT INTO `t` (`id`) VALUES (1);", [(1, None)]),
    ],
)
def test_the_spellings_of_dumps(dump: str, expected: list[tuple[object, object]]) -> None:
    assert rows(dump) == expected


@pytest.mark.parametrize(
    "dump",
    [
        "INSERT INTO `t` (`id`) VALUES (1",
        "INSERT INTO `t` (`id`) VALUES ('1",
        "INSERT INTO `t` (`id`) VALUES (1,2);",
        "INSERT INTO `t` (`id`) SELECT 1;",
        "INSERT INTO `t` (`id`) VALUES (" + "1," * 2_000 + "1);",
        "CREATE TABLE `t` (",
        "`never",
    ],
)
def test_what_is_no_dump_is_refused(dump: str) -> None:
    with pytest.raises(ArchiveError):
        rows(dump)


def test_a_value_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql_dump, "_LONGEST_TOKEN", 1 << 20)
    with pytest.raises(ArchiveError, match="longer than"):
        rows(b"INSERT INTO `t` (`id`) VALUES ('" + b"a" * (4 << 20))


def test_long_values_take_time_in_proportion() -> None:
    """A value is looked at again only when twice as much of it is there."""
    stream = Counting(b"INSERT INTO `t` (`id`) VALUES ('" + b"\\'" * (4 << 20) + b"');")
    ((_, (value, _)),) = mysql_dump.rows_of(stream, TABLES)
    assert value == "'" * (4 << 20)
    assert stream.readings < 12


class Counting(io.BytesIO):
    readings = 0

    def read(self, size: int | None = -1) -> bytes:
        self.readings += 1
        return super().read(size)


@pytest.mark.parametrize(
    ("names", "stored", "read"),
    [
        ("/*!40101 SET NAMES latin1 */;", "“Café” – €3".encode("cp1252"), "“Café” – €3"),
        # Programs that never said in which encoding they write kept UTF-8 in latin1 columns.
        ("/*!40101 SET NAMES latin1 */;", "“Café” – €3".encode(), "“Café” – €3"),
        ("SET NAMES 'latin1' COLLATE 'latin1_swedish_ci';", b"Caf\xe9", "Café"),
        ("/*!40101 SET NAMES latin1 */;\nSET NAMES utf8mb4;", b"Caf\xe9", "Caf�"),
        ("/*!40101 SET NAMES utf8 */;", b"Caf\xe9", "Caf�"),
        ("/*!40101 SET @saved_cs_client = @@character_set_client */;", "Café".encode(), "Café"),
    ],
)
def test_a_dump_that_says_so_is_latin(names: str, stored: bytes, read: str) -> None:
    dump = (
        names.encode()
        + b"\nINSERT INTO `t` (`id`,`text`) VALUES (1,'"
        + stored
        + b"'),(2,0x"
        + (stored.hex().encode() + b");")
    )
    assert rows(dump) == [(1, read), (2, read)]
