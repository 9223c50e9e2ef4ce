"""Questions copied and told apart by the patch are what Rasa makes of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from footnote.rasa_patches.training import compare_questions_by_text


@pytest.fixture
def patched() -> Iterator[None]:
    before = {name: vars(Message).get(name) for name in ("__hash__", "__deepcopy__")}
    compare_questions_by_text()
    yield
    for name, method in before.items():
        if method is None:
            delattr(Message, name)
        else:
            setattr(Message, name, method)


def questions() -> list[Message]:
    same = {"text": "What is chemo?", "intent": "ask_definition"}
    about = {"metadata": {"intent": {"topic": "chemotherapy"}}}
    return [
        Message(data={**same, **about}),
        Message(data={**same, **copy.deepcopy(about)}),
        Message(data={**same, "metadata": {"intent": {"topic": "surgery"}}}),
        Message(data={**same, "intent": "ask_purpose"}),
        Message(data={"text": "hello ", "intent": " greet "}),
        Message(data={"text": "hello ", "intent": "greet"}),
        Message(data={"action_name": "action_ask"}),
        Message(data={"action_text": "Hello."}),
        Message(data={"intent": "greet", "entities": [{"entity": "topic", "value": "surgery"}]}),
    ]


def test_the_same_questions_are_left_when_data_are_merged(
    request: pytest.FixtureRequest,
) -> None:
    before = TrainingData(questions()).merge(TrainingData(questions()[2:4]))
    request.getfixturevalue("patched")
    after = TrainingData(questions()).merge(TrainingData(questions()[2:4]))
    assert [message.data for message in after.training_examples] == [
        message.data for message in before.training_examples
    ]
    assert after.fingerprint() == before.fingerprint()
    assert len(after.training_examples) < len(questions())


@pytest.mark.usefixtures("patched")
def test_a_copy_holds_the_same_and_shares_nothing_that_can_change() -> None:
    message = questions()[0]
    message.set("intent", "ask_definition", add_to_output=True)
    message.set("tokens", ["what", "is"])
    copied = copy.deepcopy(message)
    assert vars(copied) == vars(message)
    copied.data["metadata"]["intent"]["topic"] = "surgery"
    copied.data["tokens"].append("chemo")
    copied.set("text", "Does it hurt?", add_to_output=True)
    copied.features.append("anything")  # type: ignore[arg-type]
    assert message.data["metadata"]["intent"]["topic"] == "chemotherapy"
    assert message.data["tokens"] == ["what", "is"]
    assert message.get("text") == "What is chemo?"
    assert message.output_properties == {"text", "intent"}
    assert message.features == []
