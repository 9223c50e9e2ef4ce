"""The classifier of what is asked after an answer, trained on a garden's questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from footnote import paths
from footnote.english import english_words
from footnote.nlu import components, follow_ups
from footnote.nlu.follow_ups import OF_OTHERS, FollowUpClassifier
from footnote.nlu.grounding import Hypotheses
from footnote.nlu.pipeline import build_pipeline
from footnote.nlu.reading import Reader, Reading
from footnote.nlu.sentence_model import sentence_model
from footnote.nlu.spelling import SpellingRepairer
from tests.helpers.garden import garden

FOLLOWING = {
    "fern/light: how often do they drink": ("ask_watering", "fern"),
    "fern/definition: do they need much of it to drink": ("ask_watering", "fern"),
    "moss/watering: does it want sun": ("ask_light", None),
    "moss/watering: would it stand a bright window": ("ask_light", None),
    "fern/watering: does it want sun": ("ask_light", "fern"),
    "fern/watering: would it stand a bright window": ("ask_light", "fern"),
}
GREETINGS = [f"{word} to you" for word in "hello hi greetings morning evening welcome hey".split()]
CONTEXT = ExecutionContext(GraphSchema({}))
CONFIG = FollowUpClassifier.get_default_config()


@pytest.fixture(autouse=True)
def in_the_garden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(follow_ups, "load_knowledge", garden)
    monkeypatch.setattr(paths, "VECTORS", tmp_path / "vectors.npz")
    monkeypatch.setattr(paths, "FOLLOW_UP_VECTORS", tmp_path / "follow_up_vectors.npz")


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    folder = tmp_path / "model"
    folder.mkdir()
    return LocalModelStorage(folder)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    yield Reader(build_pipeline(garden()), SpellingRepairer(english_words(), {}), garden())


def example(text: str, intent: str, topic: str | None = None) -> Message:
    metadata = {"intent": {"topic": topic}} if topic else {}
    return Message({"text": text, "intent": intent, "metadata": metadata})


def training_data(reader: Reader, *messages: Message) -> TrainingData:
    term_reader = components.TermReader.__new__(components.TermReader)
    term_reader._knowledge = garden()
    term_reader._made = reader
    return term_reader.process_training_data(TrainingData(list(messages)))


def trained(storage: LocalModelStorage, data: TrainingData) -> FollowUpClassifier:
    resource = FollowUpClassifier(CONFIG, storage, Resource("it")).train(data)
    return FollowUpClassifier.load(CONFIG, storage, resource, CONTEXT)


def asked_after(classifier: FollowUpClassifier, topic: str, aspect: str, text: str) -> str:
    message = Message({"text": text})
    in_context = f"{garden().topics[topic].title}: {text}".lower()
    (vector,) = sentence_model().encode([in_context])
    message.set(components.AFTER, Reading(text, text, (), (topic, aspect)))
    message.set(components.IN_CONTEXT_VECTOR, vector)
    message.set(components.IN_CONTEXT_HYPOTHESES, Hypotheses({"greet": 1.0}, danger=0.25))
    classifier.process([message])
    found: Hypotheses = message.get(components.IN_CONTEXT_HYPOTHESES)
    # The danger is that of the classifier of all messages.
    assert found.danger == 0.25
    return found.best(found.probabilities)


def test_the_same_words_mean_what_was_spoken_of(storage: LocalModelStorage, reader: Reader) -> None:
    follow = [example(text, *label) for text, label in FOLLOWING.items()]
    greet = [example(text, "greet") for text in GREETINGS]
    classifier = trained(storage, training_data(reader, *follow, *greet))
    assert asked_after(classifier, "fern", "watering", "does it want the sun") == "ask_light/fern"
    assert asked_after(classifier, "moss", "watering", "does it want the sun") == "ask_light"
    assert asked_after(classifier, "fern", "light", "how often does it drink") == (
        "ask_watering/fern"
    )


def test_a_part_of_the_other_messages_is_learnt_after_answers_too(reader: Reader) -> None:
    data = training_data(
        reader, *(example(f"{text} {n}", "greet") for text in GREETINGS for n in "abc")
    )
    others = list(follow_ups._others(data.intent_examples, garden()))
    assert len(others) == -(-len(GREETINGS) * 3 // OF_OTHERS)
    reading, text, label = others[0]
    assert label == "greet"
    assert reading.told
    assert text == f"{garden().topics[reading.told[0]].title}: {reading.text}".lower()


def test_without_messages_after_an_answer_there_is_nothing_to_learn(
    storage: LocalModelStorage, reader: Reader
) -> None:
    data = training_data(reader, *(example(text, "greet") for text in GREETINGS))
    classifier = trained(storage, data)
    with storage.read_from(Resource("it")) as folder:
        # Rasa's cache loses an empty folder, and the next training's model would not load.
        assert list(folder.iterdir())
    message = Message({"text": "and then?"})
    before = Hypotheses({"greet": 1.0})
    message.set(components.IN_CONTEXT_HYPOTHESES, before)
    classifier.process([message])
    assert message.get(components.IN_CONTEXT_HYPOTHESES) is before


def test_a_first_message_is_left_alone(storage: LocalModelStorage, reader: Reader) -> None:
    follow = [example(text, *label) for text, label in FOLLOWING.items()]
    classifier = trained(storage, training_data(reader, *follow))
    message = Message({"text": "hello"})
    classifier.process([message])
    assert message.get(components.IN_CONTEXT_HYPOTHESES) is None


class Tracker:
    """What a component looks at of a conversation in which nothing was told."""

    def get_slot(self, name: str) -> None:
        return None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("fern, moss in pots, old ivy, wet grass, a tall tree, a rose. I cannot go on", "i cannot"),
        ("Moss. I cannot go on. Ferns.", "i cannot"),
        ("which light, how much water", "how much"),
    ],
)
def test_the_last_sentence_of_many_parts_is_read(reader: Reader, text: str, last: str) -> None:
    term_reader = components.TermReader.__new__(components.TermReader)
    term_reader._knowledge, term_reader._made = garden(), reader
    message = Message({"text": text})
    term_reader.process([message], Tracker())  # type: ignore[arg-type]
    read = [part.text for part in message.get(components.PARTS)] or [text.lower()]
    assert any(last in part for part in read)
