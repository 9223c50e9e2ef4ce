"""A graph gives the same outputs as when Rasa runs it through dask."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, ClassVar

import pytest
import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from footnote.rasa_patches import graph
from footnote.rasa_patches.graph import PlainGraphRunner

NODES = 8


class Joiner(GraphComponent):
    """Joins its name and what it is given, and counts its runs."""

    runs: ClassVar[list[str]] = []

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Joiner:
        return cls(config["name"])

    def join(self, **given: Any) -> str:
        self.runs.append(self._name)
        return f"{self._name}({', '.join(f'{key}={given[key]}' for key in sorted(given))})"


def node(name: str, *needs: str) -> SchemaNode:
    return SchemaNode(
        needs={f"from_{need}": need for need in needs},
        uses=Joiner,
        constructor_name="create",
        fn="join",
        config={"name": name},
        eager=True,
    )


def runners(schema: GraphSchema, folder: Path) -> tuple[PlainGraphRunner, DaskGraphRunner]:
    storage, context = LocalModelStorage(folder), ExecutionContext(schema)
    return (
        PlainGraphRunner(schema, storage, context),
        DaskGraphRunner(schema, storage, context),
    )


def random_schema(seed: int) -> GraphSchema:
    """Return a graph whose nodes need some of the inputs and of the nodes before them."""
    draw, names = random.Random(seed), ["__message__", "__tracker__"]
    nodes = {}
    for number in range(NODES):
        name = f"node_{number}"
        nodes[name] = node(name, *draw.sample(names, draw.randint(0, min(3, len(names)))))
        names.append(name)
    nodes[name].is_target = True
    return GraphSchema(nodes)


@pytest.mark.parametrize("seed", range(30))
def test_outputs_and_runs_are_those_of_dask(seed: int, tmp_path: Path) -> None:
    plain, dask = runners(random_schema(seed), tmp_path)
    inputs = {"__message__": ["hello"], "__tracker__": {"a": ("tuple", 1)}}
    for targets in (None, ["node_3"], ["node_7", "node_2"]):
        Joiner.runs.clear()
        expected = dask.run(inputs=inputs, targets=targets)
        ran = sorted(Joiner.runs)
        Joiner.runs.clear()
        assert plain.run(inputs=inputs, targets=targets) == expected
        assert sorted(Joiner.runs) == ran


def test_a_missing_input_is_the_same_error(tmp_path: Path) -> None:
    for runner in runners(GraphSchema({"a": node("a", "__tracker__")}), tmp_path):
        with pytest.raises(GraphRunError, match="Missing input to run node 'a'"):
            runner.run(targets=["a"])


def test_models_are_loaded_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa.core.processor, "DaskGraphRunner", DaskGraphRunner)
    graph.run_without_dask()
    assert rasa.core.processor.DaskGraphRunner is PlainGraphRunner
