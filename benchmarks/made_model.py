"""A model for a generated knowledge base: the trained one, with a label for each of its entries.

Nobody could train thousands of entries well, and it would take an hour; what a reply costs
does not depend on how good the weights are, but on how many. So every label of the trained
classifier that is no cell keeps its weights, and each generated entry gets a label whose weights
are its own question: as many features as a question has in words, and the vector of its aspect.
How well such a bot understands is not measured with it.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from benchmarks.generated import question
from footnote.knowledge import Entry, KnowledgeBase
from footnote.nlu.grounding import label_of_cell
from footnote.nlu.label_classifier import vectorizers_of_views
from footnote.nlu.sentence_model import sentence_model
from footnote.nlu.sparse_rows import SparseRows
from footnote.nlu.spelling import words

VIEWS = ("words", "masked", "topics")
STRENGTH = 2.5
"""What a full match in one view adds to a label's score."""
BIAS = -4.7
"""So that a full match in all three gives about what a trained label gives its own questions: 1."""
_MASK = "zztopic"


def make(trained: Path, knowledge: KnowledgeBase, scratch: Path) -> Path:
    """Write a model whose classifier knows the entries of a knowledge base.

    Args:
        trained: the project's model.
        knowledge: a generated one.
        scratch: an empty folder for the model.

    Returns:
        The model's file.
    """
    parts = scratch / "parts"
    with tarfile.open(trained) as archive:
        archive.extractall(parts)
    _extend_vocabulary(next(parts.glob("components/*TermReader*")), knowledge)
    _extend_classifier(next(parts.glob("components/*QuestionClassifier*")), knowledge)
    model = scratch / "model.tar.gz"
    with tarfile.open(model, "w:gz", compresslevel=1) as archive:
        for path in sorted(parts.iterdir()):
            archive.add(path, path.name)
    shutil.rmtree(parts)
    return model


def _extend_vocabulary(folder: Path, knowledge: KnowledgeBase) -> None:
    """Add the words of the terms to those that a repair may lead to, as training would."""
    path = folder / "vocabulary.json"
    known: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    for topic in knowledge.topics.values():
        for term in topic.terms:
            known.update((word, 1) for word in words(term) if word not in known)
    path.write_text(json.dumps(known), encoding="utf-8")


def _extend_classifier(folder: Path, knowledge: KnowledgeBase) -> None:
    data: dict[str, Any] = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
    with np.load(folder / "classifier.npz") as archive:
        arrays = dict(archive)
    kept = [n for n, label in enumerate(data["labels"]) if label not in data["covered"]]
    # The first column tells covered labels from others; it is no label of its own.
    columns = np.array([0, *(number + 1 for number in kept)])
    starts, places, values = (arrays[f"word_{part}"] for part in ("starts", "columns", "values"))
    trained = SparseRows(starts, places, values, len(arrays["bias"])).matrix()[:, columns]
    entries = list(knowledge.entries.values())
    blocks, offset = [], 0
    for view in VIEWS:
        vocabulary = data["vocabularies"][view]
        rows = trained[offset : offset + len(vocabulary)]
        offset += len(vocabulary)
        terms, idf, made = _weights_of(view, vocabulary, arrays[f"idf_{view}"], entries, knowledge)
        rows = sp.vstack([rows, sp.csr_matrix((len(terms), rows.shape[1]))])
        blocks.append(sp.hstack([rows, made]))
        data["vocabularies"][view] = [*vocabulary, *terms]
        arrays[f"idf_{view}"] = idf
    weights = SparseRows.of(sp.vstack(blocks))
    labels = [label_of_cell(entry.topic, entry.aspect) for entry in entries]
    arrays.update(
        vector_weights=np.hstack(
            [arrays["vector_weights"][:, columns], _vectors_of(entries, knowledge)]
        ).astype(np.float16),
        word_starts=weights.starts,
        word_columns=weights.columns,
        word_values=weights.values,
        bias=np.concatenate([arrays["bias"][columns], np.full(len(entries), BIAS)]),
    )
    data.update(labels=[*(data["labels"][number] for number in kept), *labels], covered=labels)
    np.savez(folder / "classifier.npz", **arrays)
    (folder / "classifier.json").write_text(json.dumps(data), encoding="utf-8")


def _weights_of(
    view: str,
    vocabulary: Sequence[str],
    idf: np.ndarray,
    entries: Sequence[Entry],
    knowledge: KnowledgeBase,
) -> tuple[list[str], np.ndarray, sp.csr_matrix]:
    """Return a view's new terms, the idf of all, and the entries' weights, a column each."""
    analyze: Callable[[str], list[str]] = vectorizers_of_views()[view].build_analyzer()
    places = {term: place for place, term in enumerate(vocabulary)}
    found = [
        [places.setdefault(term, len(places)) for term in analyze(_text(view, entry, knowledge))]
        for entry in entries
    ]
    idf = np.concatenate([idf, np.full(len(places) - len(idf), idf.max(), dtype=idf.dtype)])
    rows = np.array([place for each in found for place in each])
    columns = np.repeat(np.arange(len(found)), [len(each) for each in found])
    shape = (len(places), len(found))
    made = sp.csc_matrix((idf[rows], (rows, columns)), shape=shape)
    made = made.multiply(STRENGTH / np.sqrt(made.multiply(made).sum(axis=0))).tocsr()
    return list(places)[len(vocabulary) :], idf, made


def _text(view: str, entry: Entry, knowledge: KnowledgeBase) -> str:
    if view == "topics":
        return entry.topic
    aspect = knowledge.aspects[entry.aspect]
    return question(aspect, _MASK if view == "masked" else entry.topic).lower()


def _vectors_of(entries: Sequence[Entry], knowledge: KnowledgeBase) -> np.ndarray:
    """Return the vectors of what the entries ask, whatever they ask it of; shape (384, n)."""
    asked = {entry.aspect: question(knowledge.aspects[entry.aspect], "it") for entry in entries}
    encoded = sentence_model().encode(list(asked.values()))
    by_aspect = dict(zip(asked, encoded, strict=True))
    return np.stack([by_aspect[entry.aspect] for entry in entries], axis=1) / STRENGTH
