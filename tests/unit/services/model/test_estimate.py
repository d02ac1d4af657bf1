"""Tokens before they are sent: near enough in both languages, and set right by what the service counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.ports import ChatReply, ChatRequest, Finish
from kbbuilder.services.model.estimate import Calibration, input_tokens_of, tokens_of

# Counted with OpenAI's o200k tokenizer.
_ENGLISH = (
    "To reset the kettle, hold the power button for 10 seconds until the light blinks twice. "
    "Do not open the lid while the water is boiling; steam can burn you."
)
_CHINESE = "重置水壶时，请按住电源键 10 秒，直到指示灯闪烁两次。水沸腾时请勿打开壶盖，蒸汽可能会烫伤您。保修期为自购买之日起 24 个月。"


@pytest.mark.parametrize(("text", "counted"), [(_ENGLISH, 36), (_CHINESE, 61)])
def test_the_estimate_is_within_a_fifth_of_the_count(text: str, counted: int) -> None:
    assert 0.8 * counted <= tokens_of(text) <= 1.2 * counted


def test_no_text_has_no_tokens() -> None:
    assert tokens_of("") == 0


@given(st.text(), st.text())
def test_texts_one_after_the_other_count_what_they_count_apart(one: str, other: str) -> None:
    assert tokens_of(one + other) == pytest.approx(tokens_of(one) + tokens_of(other))
    assert tokens_of(one) >= 0


def test_the_schema_counts_as_input() -> None:
    schema = {"type": "object", "properties": {"question": {"type": "string"}}}
    bare, with_schema = ChatRequest("s", "u", 9), ChatRequest("s", "u", 9, schema)
    assert input_tokens_of(with_schema) > input_tokens_of(bare) + 10


def test_a_tokenizer_that_counts_more_is_learnt() -> None:
    calibration = Calibration()
    request = ChatRequest("", _CHINESE, 100)
    for _ in range(5):
        load = calibration.load_of(request)
        calibration.learn(load, ChatReply("", Finish.STOP, round(load.uncalibrated_input * 1.4), 30))
    assert calibration.load_of(request).input == pytest.approx(1.4 * input_tokens_of(request), rel=0.02)
    assert calibration.load_of(request).expected_output == pytest.approx(30)


@pytest.mark.parametrize(("counted", "factor"), [(0, 0.5), (10**9, 3.0)])
def test_a_service_that_counts_nonsense_moves_the_estimate_only_so_far(counted: int, factor: float) -> None:
    calibration = Calibration()
    load = calibration.load_of(ChatRequest("", _ENGLISH, 100))
    calibration.learn(load, ChatReply("", Finish.STOP, counted, 0))
    assert calibration.factor == factor
