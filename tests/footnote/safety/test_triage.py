"""Who is in danger is found; who only asks is not. The messages are this file's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.safety import triage
from footnote.safety.triage import MAX_CHARACTERS, plain

EMERGENCIES = [
    "I can't breathe",
    "i cant breath properly since lunch",
    "why why why i cant breathe",
    "what is happening i can't breathe",
    "why can't i breathe",
    "my chest hurts and my left arm is numb",
    "My mum has crushing chest pain right now!!",
    "she collapsed in the bathroom and isn't waking up",
    "my husband is unconscious",
    "my wife is having a seizure",
    "he's fitting and won't stop",
    "I have a fever of 39.2 and my last chemo was a week ago",
    "temp 38.6 after chemo, shivering",
    "her temperature is 40 and she is confused",
    "the bleeding won't stop",
    "I'm coughing up blood",
    "there is blood everywhere",
    "my tongue is swelling up after the infusion",
    "his face is drooping on one side and his speech is slurred",
    "My calf is swollen, red and really painful",
    "I suddenly can't move my legs",
    "i cannot feel my legs and i wet myself without knowing",
    "she is having a stroke",
    "My dad took ten morphine tablets by mistake",
    "CALL AN AMBULANCE",
    "please help me dad is choking",
    "his lips are blue",
    "I've been throwing up for two days and can't keep any water down",
    "she's not responding to me",
    "cant swallow and my throat is closing",
]
CRISES = [
    "i dont see the point of living",
    "there is no reason to go on without him",
    "I want to die",
    "i wanna kill myself",
    "I am going to end my life tonight",
    "I don't want to live anymore",
    "there is no point in living",
    "everyone would be better off without me",
    "I have been saving up my pills so I can end it",
    "how many morphine tablets would it take to die",
    "my sister says she wants to kill herself",
    "I keep thinking about suicide",
    "i cut myself again last night",
    "I'm standing on a bridge and I want to jump",
    "kms",
    "Is there a painless way to die?",
    "I wrote goodbye letters to my kids",
    "I wish I would never wake up",
]
FOREIGN = [
    ("no puedo respirar", "emergency"),
    ("je ne peux plus respirer, aidez moi", "emergency"),
    ("ich bekomme keine luft", "emergency"),
    ("não consigo respirar", "emergency"),
    ("救命", "emergency"),
    ("Помогите, не могу дышать", "emergency"),
    ("quiero morir", "crisis"),
    ("je veux mourir", "crisis"),
    ("ich will nicht mehr leben", "crisis"),
    ("quero morrer", "crisis"),
    ("хочу умереть", "crisis"),
    ("我想死", "crisis"),
]
HARMLESS = [
    "What are the side effects of chemotherapy?",
    "Can chemotherapy cause a fever?",
    "can radiation cause shortness of breath",
    "What should I do if I get a fever during chemo?",
    "Is chest pain a side effect of trastuzumab?",
    "how common are seizures with brain metastases",
    "My mother died of cancer two years ago",
    "my aunt had a stroke ten years ago, she is fine now",
    "I nearly died laughing",
    "these shoes are killing me",
    "I'm dying to know how hormone therapy works",
    "the chemo kills cancer cells, right?",
    "Does microwave ablation kill the tumor?",
    "Will I die from stage 4 breast cancer?",
    "I am scared of dying",
    "how do you freeze a tumor to death",
    "does it hurt",
    "I cut myself some slack",
    "is the heart damaged by the drug",
    "What is the suicide rate among cancer patients?",
    "I saw a movie in which the hero has a heart attack",
    "what is a blood test for",
    "Does surgery cause bleeding?",
    "I can't wait to hear more",
    "I'm sick of waiting for results",
    "how long do people live with stage 4",
    "hello",
    "thanks",
    "",
    "?!",
    "tell me about pain management",
    "Is swelling of the arm possible after lymph node surgery?",
    "what does end of life care mean",
    "is the needle for ablation 2mm thick",
]


@pytest.mark.parametrize("message", EMERGENCIES)
def test_an_emergency_is_found(message: str) -> None:
    found = triage(message)
    assert found is not None
    assert found.kind == "emergency"


@pytest.mark.parametrize("message", CRISES)
def test_a_crisis_is_found(message: str) -> None:
    found = triage(message)
    assert found is not None
    assert found.kind == "crisis"


@pytest.mark.parametrize(("message", "kind"), FOREIGN)
def test_danger_is_found_in_other_languages(message: str, kind: str) -> None:
    found = triage(message)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("message", HARMLESS)
def test_no_alarm_for_a_question_or_a_figure_of_speech(message: str) -> None:
    assert triage(message) is None


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: f"  {text} ... "])
@pytest.mark.parametrize("message", ["i can't breathe", "i want to die"])
def test_the_way_of_typing_does_not_matter(message: str, change) -> None:
    assert triage(change(message)) == triage(message)


@pytest.mark.parametrize("quote", ["'", "’", "‘", "`", ""])
def test_any_apostrophe_or_none_will_do(quote: str) -> None:
    assert triage(f"I can{quote}t breathe") is not None


def test_a_crisis_goes_before_an_emergency() -> None:
    found = triage("I can't breathe. I want to die.")
    assert found is not None
    assert found.kind == "crisis"


@pytest.mark.parametrize("cry", ["I can't breathe", "I want to die"])
@pytest.mark.parametrize("end", [". ", "\n", "! "])
def test_a_cry_in_the_middle_of_a_long_message_is_found(cry: str, end: str) -> None:
    before = "We went to the clinic and had a long talk about the plan" + end
    after = "Last year we were on holiday and it was lovely" + end
    assert triage(before * 20 + cry + end + after * 20) == triage(cry)


def test_a_guard_excuses_its_own_sentence_only() -> None:
    assert triage("Last year she was ill. Now I can't breathe.") is not None


@pytest.mark.parametrize("room", [0, 5])
def test_a_cry_within_the_first_ten_thousand_characters_is_found(room: int) -> None:
    cry = ". I can't breathe"
    filler = ("so it goes on " * 1000)[: MAX_CHARACTERS - len(cry) - room]
    assert triage(filler + cry) is not None


def test_what_comes_after_ten_thousand_characters_is_not_read() -> None:
    assert triage("x" * MAX_CHARACTERS + ". I can't breathe") is None


@pytest.mark.parametrize("word", ["a", "i ", "my ", "chest pain? ", "not ", "\n", "é", "🙂"])
def test_ten_thousand_characters_of_anything_are_read_to_the_end(word: str) -> None:
    text = (word * MAX_CHARACTERS)[:MAX_CHARACTERS]
    assert triage(text + "x" * 1000) == triage(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read_and_gives_the_same_twice(text: str) -> None:
    assert triage(text) == triage(text)


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters(categories=["Cs", "Co", "Cn", "Mn", "Cf"]), max_size=50))
def test_even_broken_characters_can_be_read(text: str) -> None:
    assert triage(text) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("CAN’T", "cant"),
        ("Ça fait très mal", "ca fait tres mal"),
        ("heeeelp", "heelp"),
        ("Straße", "strasse"),
        ("нет", "нет"),
    ],
)
def test_text_is_made_plain(typed: str, expected: str) -> None:
    assert plain(typed) == expected
