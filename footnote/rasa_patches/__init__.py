"""The places where Rasa 3.6.21 offers no setting, one module a concern.

Applied when a channel starts, so that `rasa run` and `footnote serve` behave alike. Each does
what Rasa's own code does, sooner, but for the two that say otherwise: `actions.bound_wait` and
`stores.raise_store_errors`.
"""

from __future__ import annotations

from footnote.rasa_patches import actions, connections, domain, graph, rules, states, stores


def apply(reply_timeout: float) -> None:
    """Change Rasa in this process; a second call changes nothing more.

    Args:
        reply_timeout: seconds after which a person is told that something failed.
    """
    actions.bound_wait(reply_timeout)
    actions.validate_with_one_validator()
    connections.share_connections()
    domain.remember_emptiness()
    graph.run_without_dask()
    rules.look_rules_up()
    states.remember_states()
    stores.remember_event_classes()
