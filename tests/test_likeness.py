"""Which texts are alike, and which only share words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.likeness import ALIKE, is_alike, share_in_runs

STUB = [
    "A fire broke out at the old mill on the north bank of the river early on Tuesday.",
    "No one was hurt, the fire service said. This story will be updated.",
]
GROWN = [
    "Firefighters were still damping down on Tuesday evening after a blaze that gutted a landmark.",
    "A fire broke out at the old mill on the north bank of the river early on Tuesday, and smoke was seen.",
    "The mill, which was built in 1842, had stood empty since the spinning company left nine years ago.",
    "No one was hurt, the fire service said. Its chief thanked the crews of four towns for their help.",
    "The council had granted leave for forty flats in the building last spring; the owner gave no comment.",
]
OTHER = [
    "The council voted on Tuesday evening to widen the harbour, after a debate that went on until midnight.",
    "Fishermen say that the work would take their moorings for four years; the port sees no other way.",
    "Early figures put the cost at nine million, of which the state would pay half.",
]
QUAKE = (
    "An earthquake of magnitude {size} struck {place} at {hour} on {day}, the geological survey said. "
    "The quake was {depth} kilometres deep and centred {far} kilometres from {town}. "
    "There were no immediate reports of damage or casualties. "
    "Earthquakes are common in the region, which lies on the edge of two plates of the crust."
)


def test_a_stub_that_grew_into_a_story_is_alike() -> None:
    assert share_in_runs(STUB, GROWN) > 0.7
    assert is_alike(GROWN, STUB)


def test_an_edit_here_and_there_leaves_a_story_alike() -> None:
    edited = [paragraph.replace("Tuesday", "Wednesday").replace("1842", "1843") for paragraph in GROWN]
    assert is_alike(GROWN, edited)
    assert is_alike(GROWN, [*reversed(edited)])


@pytest.mark.parametrize("text", [GROWN, STUB])
def test_unrelated_texts_share_no_runs(text: list[str]) -> None:
    assert share_in_runs(text, OTHER) < 0.1


def test_words_in_another_order_are_not_alike() -> None:
    words = " ".join(GROWN).split()
    random.Random(1).shuffle(words)
    assert share_in_runs(GROWN, [" ".join(words)]) < 0.1


def test_reports_from_one_template_are_alike_which_is_why_likeness_joins_nothing_by_itself() -> None:
    one = QUAKE.format(size=4.1, place="the coast", hour="06:12", day="Monday", depth=10, far=40, town="Alta")
    other = QUAKE.format(
        size=5.3, place="the islands", hour="23:40", day="Friday", depth=35, far=8, town="Bria"
    )
    assert 0.5 < share_in_runs([one], [other]) < 0.9


def test_a_brief_is_alike_the_round_up_that_holds_it() -> None:
    assert share_in_runs(STUB, [*OTHER, *STUB, *OTHER]) == 1.0


@pytest.mark.parametrize(
    ("stub", "grown", "other"),
    [
        (
            "周二凌晨，北岸一座旧磨坊发生火灾，消防部门表示无人受伤，起火原因仍在调查之中。",
            "消防员周二傍晚仍在清理现场。周二凌晨，北岸一座旧磨坊发"
            "生火灾，消防部门表示无人受伤。这座磨坊建于一八四二年，"
            "九年前纺织公司迁走后一直空置。起火原因仍在调查之中。",
            "市议会周二晚间投票决定扩建港口，辩论一直持续到午夜。渔民"
            "表示工程将占用他们的泊位四年之久，港口方面则称别无选择。",
        ),
        (
            "川の北岸にある古い製粉所で火曜日の未明に火災が発生し、消防によるとけが人はいなかった。",
            "火曜日の夕方も消火活動が続いた。川の北岸にある古い製粉所で"
            "火曜日の未明に火災が発生し、消防によるとけが人はいなかった。"
            "製粉所は九年前から使われていなかった。",
            "市議会は火曜日の夜、港の拡張を可決した。漁業者は工事で四"
            "年間係留場所を失うと訴え、港は他に方法がないとしている。",
        ),
        (
            "เกิดเหตุเพลิงไหม้โรงสีเก่าทางฝั่งเหนือของแม่น้ำเมื่อเช้ามืดวันอังคาร เจ้าหน้าที่ระบุว่าไม่มีผู้ได้รับบาดเจ็บ",
            "เจ้าหน้าที่ดับเพลิงยังคงทำงานในช่วงเย็น เกิดเหตุเพลิงไหม้โรงสีเก่าทางฝั่งเหนือของแม่น้ำเมื่อเช้ามืดวันอังคาร "
            ""
            "เจ้าหน้าที่ระบุว่าไม่มีผู้ได้รับบาดเจ็บ โรงสีแห่งนี้ถูกทิ้งร้างมานานเก้าปี",
            "สภาเมืองลงมติเมื่อคืนวันอังคารให้ขยายท่าเรือหลังการอภิปรายที่ยืดเยื้อจนถึงเที่ยงคืน ชาวประมงกล่าวว่าจะเสียที่จอดเรือ",
        ),
        (
            "मंगलवार तड़के नदी के उत्तरी किनारे पर पुरानी मिल में आग लग गई, दमकल विभाग के अनुसार कोई घायल नहीं हुआ।",
            "दमकलकर्मी शाम तक जुटे रहे। मंगलवार तड़के नदी के उत्तरी किनारे "
            "पर पुरानी मिल में आग लग गई, दमकल विभाग के अनुसार कोई "
            "घायल नहीं हुआ। मिल नौ साल से बंद थी।",
            "नगर परिषद ने मंगलवार रात बंदरगाह को चौड़ा करने के पक्ष में "
            "मतदान किया, बहस आधी रात तक चलती रही और मछुआरे नाराज़ हैं।",
        ),
        (
            "اندلع حريق في الطاحونة القديمة على الضفة الشمالية "
            "للنهر فجر الثلاثاء ولم يصب أحد بحسب فرق الإطفاء",
            "واصلت الفرق عملها حتى المساء. اندلع حريق في الطاحونة القديمة "
            "على الضفة الشمالية للنهر فجر الثلاثاء ولم يصب أحد "
            "بحسب فرق الإطفاء. وكانت الطاحونة مهجورة منذ تسع سنوات.",
            "صوت المجلس مساء الثلاثاء على توسيع الميناء بعد نقاش استمر "
            "حتى منتصف الليل وقال الصيادون إنهم سيفقدون مراسيهم",
        ),
        (
            "화요일 새벽 강 북쪽의 오래된 방앗간에서 불이 났으며 다친 사람은 없다고 소방 당국이 밝혔다.",
            "소방관들은 저녁까지 진화를 이어갔다. 화요일 새벽 강 북쪽의 오래된 "
            "방앗간에서 불이 났으며 다친 사람은 없다고 소방 당국이 "
            "밝혔다. 방앗간은 구 년째 비어 있었다.",
            "시의회는 화요일 밤 항구를 넓히기로 의결했다. 어민들은 "
            "공사로 사 년 동안 계류장을 잃게 된다고 말했다.",
        ),
    ],
    ids=["Chinese", "Japanese", "Thai", "Hindi", "Arabic", "Korean"],
)
def test_likeness_is_told_in_every_script(stub: str, grown: str, other: str) -> None:
    assert share_in_runs([stub], [grown]) > 0.7
    assert share_in_runs([stub], [other]) < 0.3


def test_what_does_not_read_otherwise_does_not_matter() -> None:
    assert (
        share_in_runs(["THE CAFE\u0301 “was” closed, they said!"], ["the café was\u00a0closed they said"])
        == 1.0
    )
    assert share_in_runs(["one two three", "four five six"], ["one two three four five six seven"]) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ([], [], 0.0),
        ([], ["a b c d e f"], 0.0),
        (["…!?"], ["a b c d e f"], 0.0),
        (["Dies at 80"], ["Dies at 80"], 1.0),
        (["Dies at 80"], ["The poet dies at 80 after a long illness"], 1.0),
        (["Dies at 81"], ["The poet dies at 80 after a long illness"], 0.0),
    ],
)
def test_a_text_shorter_than_a_run_must_stand_whole_in_the_other(
    one: list[str], other: list[str], share: float
) -> None:
    assert share_in_runs(one, other) == share_in_runs(other, one) == share


texts = st.lists(st.text(st.sampled_from("ab cde, 港町ก")), max_size=6)


@given(texts, texts)
def test_the_share_is_one_and_the_same_both_ways(one: list[str], other: list[str]) -> None:
    share = share_in_runs(one, other)
    assert 0.0 <= share <= 1.0
    assert share_in_runs(other, one) == share
    if share_in_runs(one, one):  # of mixed scripts, less than a word at the end may fall short of a run
        assert share_in_runs(one, one) >= 0.8
    assert is_alike(one, other) is (share >= ALIKE)
