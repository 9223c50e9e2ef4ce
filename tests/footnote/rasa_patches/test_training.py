"""Questions copied and told apart by the patch are what Rasa makes of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.training.hooks import TrainingHook
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from footnote.rasa_patches.training import compare_questions_by_text, leave_the_cache_alone


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


def test_nothing_is_hashed_for_a_cache_that_may_hold_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("on_before_node", "on_after_node"):
        monkeypatch.setattr(TrainingHook, name, getattr(TrainingHook, name))
    node = SchemaNode(needs={}, uses=Unhashable, fn="train", constructor_name="create", config={})
    schema = GraphSchema({"node": node})
    hook = TrainingHook(cache=None, model_storage=None, pruned_schema=schema)  # type: ignore[arg-type]
    context = ExecutionContext(graph_schema=schema)
    with pytest.raises(AssertionError, match="hashed"):
        hook.on_before_node("node", context, {}, {"questions": Unhashable()})
    leave_the_cache_alone()
    key = hook.on_before_node("node", context, {}, {"questions": Unhashable()})
    hook.on_after_node("node", context, {}, Unhashable(), key)


class Unhashable(GraphComponent):
    """Stands for a component and for what goes into it."""

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> Unhashable:
        return cls()

    def fingerprint(self) -> str:
        raise AssertionError("it was hashed")
