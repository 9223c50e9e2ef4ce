"""The trained graph runs node by node in a loop of our own instead of through dask.

Dask plans each run anew, as for a large graph on many machines: 6% of a turn with ten nodes.
"""

from __future__ import annotations

from typing import Any

import rasa.core.processor
from rasa.engine.runner.dask import DaskGraphRunner


class PlainGraphRunner(DaskGraphRunner):
    """Rasa's runner with the same nodes; a node runs once those that it needs have run."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Run what the targets need.

        Args:
            inputs: values by the names that nodes know them under.
            targets: the nodes whose output is wanted; none takes the schema's own.

        Returns:
            The targets' outputs by name.
        """
        # A node takes and gives outputs with their names.
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}

        def output(name: str) -> Any:
            if name not in done:
                schema = self._graph_schema.nodes.get(name)
                # A name that is neither node nor input is passed as it is; the node complains.
                done[name] = (
                    name
                    if schema is None
                    else self._instantiated_nodes[name](*map(output, schema.needs.values()))
                )
            return done[name]

        return dict(map(output, targets or self._graph_schema.target_names))


def run_without_dask() -> None:
    """Let models that are loaded from now on run in `PlainGraphRunner`."""
    rasa.core.processor.DaskGraphRunner = PlainGraphRunner
