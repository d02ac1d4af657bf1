"""Numbers, units, dates and codes: what they are compared as, and what counts as missing or different."""

from __future__ import annotations

import time

import pytest

from kbbuilder.language.facts import differing_facts, facts_of, missing_facts, unshared_facts


def quantities(text: str) -> set[str]:
    return {f"{q.value} {q.unit}".strip() for q in facts_of(text).quantities}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1,000 kg", "1000 kg"),
        ("1 000 kg", "1000kg"),
        ("１０００ ｋｇ", "1000 kg"),
        ("三十天", "30天"),
        ("30 days", "30 天"),
        ("七日", "7天"),
        ("两周", "14 days"),
        ("two weeks", "2 weeks"),
        ("二十四小时", "24小时"),
        ("twenty-four hours", "24 h"),
        ("半小时", "30 分钟"),
        ("half an hour", "30 minutes"),
        ("一个半小时", "90 min"),
        ("一年", "12 个月"),
        ("百分之五", "5%"),
        ("5 percent", "5 %"),
        ("¥1,299", "1299 元"),
        ("RMB 50", "50元"),
        ("$19.90", "19.9 USD"),
        ("1.5万元", "15000 元"),
        ("1.5 kg", "1500 g"),
        ("250 ml", "0.25 升"),
        ("20℃", "20 °C"),
        ("a 30-day trial", "30 days"),
        ("一百二十分钟", "2 小时"),
    ],
)
def test_the_same_quantity_is_the_same_fact_however_it_is_written(left: str, right: str) -> None:
    assert quantities(left) == quantities(right) != set()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("7 days", "7 working days"),
        ("7 天", "7 个工作日"),
        ("1 month", "30 days"),
        ("24 hours", "1 day"),
        ("5 V", "5 W"),
        ("5 mA", "5 mAh"),
        ("5 °C", "5 °F"),
        ("10 USD", "10 EUR"),
        ("-5 °C", "5 °C"),
    ],
)
def test_unlike_units_are_different_facts(left: str, right: str) -> None:
    assert quantities(left) != quantities(right)


def test_the_numbers_of_a_range_share_its_unit() -> None:
    assert quantities("wait 5–10 min") == {"300 s", "600 s"}
    assert quantities("静置 5、10 分钟") == {"300 s", "600 s"}
    assert quantities("10 × 20 × 30 cm") == {"0.1 m", "0.2 m", "0.3 m"}


@pytest.mark.parametrize(
    "text", ["第3章", "第三天", "the 2nd time", "No. 5", "①按电源键", "一些", "一下", "统一", "试一次", "一次性手套"]
)
def test_ordinals_and_words_that_only_look_like_numbers_are_no_facts(text: str) -> None:
    assert quantities(text) == set()


def test_a_limit_of_one_time_is_a_fact() -> None:
    assert quantities("仅限一次") == {"1 time"}
    assert quantities("每天一次") == {"1 time"}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2024年3月5日", {"2024-03-05"}),
        ("2024-03-05", {"2024-03-05"}),
        ("March 5, 2024", {"2024-03-05"}),
        ("5 March 2024", {"2024-03-05"}),
        ("二〇二四年三月五日", {"2024-03-05"}),
        ("3月5日", {"03-05"}),
        ("March 2024", {"2024-03"}),
    ],
)
def test_dates_are_compared_as_iso(text: str, dates: set[str]) -> None:
    assert facts_of(text).dates == dates


def test_times_are_compared_on_the_24_hour_clock() -> None:
    assert facts_of("下午3点半").times == facts_of("3:30 p.m.").times == facts_of("15:30").times == {"15:30"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("BrewMaster X200", {"x200"}),
        ("X-200", {"x200"}),
        ("显示 E01 时", {"e01"}),
        ("ISO 9001", {"iso9001"}),
        ("VPN-2", {"vpn2"}),
        ("TiDB v2.1.3", {"2.1.3"}),
        ("220V 50Hz", set()),
        ("a 4-digit code", set()),
    ],
)
def test_model_names_and_codes_are_told_from_measures(text: str, codes: set[str]) -> None:
    assert facts_of(text).codes == codes


def test_links_phones_and_literals_are_facts() -> None:
    facts = facts_of("Call 400-820-8820, write to a@b.example, run `hlctl pair --timeout 180` and edit config.yaml.")
    assert facts.links == {"4008208820", "a@b.example"}
    assert facts.literals == {"hlctl pair --timeout 180", "config.yaml"}


def test_a_fact_of_the_claim_that_the_source_lacks_is_reported_as_written() -> None:
    assert missing_facts("保修期为 24 个月。", "质保期：一年") == ("24 个月",)
    assert missing_facts("Use the X300 at 5 V.", "The X200 needs 5 V.") == ("x300",)


def test_a_unit_that_stands_in_the_table_header_counts() -> None:
    assert missing_facts("The weight is 5 kg.", "| Weight (kg) |\n| 5 |") == ()
    assert missing_facts("The weight is 5 kg.", "| Length (cm) |\n| 5 |") == ("5 kg",)


def test_a_coarser_date_is_covered_by_a_finer_one() -> None:
    assert missing_facts("Valid from March 2024.", "生效日期：2024-03-05") == ()
    assert missing_facts("Valid from April 2024.", "生效日期：2024-03-05") == ("2024-04",)


def test_a_code_is_not_found_inside_a_longer_one() -> None:
    assert missing_facts("Error E1", "Error E12 means low pressure.") == ("e1",)


def test_list_numbers_are_no_facts() -> None:
    assert missing_facts("1. 打开盖子\n2. 取出滤芯", "打开盖子，取出滤芯") == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [("X200 怎么重置", "X300 怎么重置"), ("Return in 7 days", "Return in 30 days"), ("VPN 密码", "SSH 密码")],
)
def test_two_models_or_numbers_exclude_each_other(left: str, right: str) -> None:
    assert differing_facts(left, right)
    assert unshared_facts(left, right)


def test_a_more_exact_wording_does_not_exclude_a_looser_one() -> None:
    assert differing_facts("X200 warranty", "warranty") == ()
    assert unshared_facts("X200 warranty", "warranty") == ("x200",)
    assert unshared_facts("wi-fi 密码", "WiFi 密码") == ()


@pytest.mark.parametrize("piece", ["a.", "1", "-1", "((", "1,", "turn ", "第1步请勿按2秒。", "| X1 | 5 kg |\n"])
def test_reading_the_facts_of_a_long_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        started = time.process_time()
        facts_of(text)
        return time.process_time() - started

    assert seconds(40_000) < 12 * seconds(10_000) + 0.2
