"""What a conversation's states are is worked out once, not anew by each policy and prediction.

A policy asks for the state before every action of the conversation. Rasa plays all events again
for each answer, four times a turn with two policies and two predictions. Here the states are
remembered with the conversation, and only events that came since are played.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(frozen=True)
class Moment:
    """What `Domain.states_for_tracker_history` looks at in a conversation before an action.

    Attributes:
        state: the active state then.
        message, by_text: the message last seen, and whether its text or its intent counted.
        before: the action that followed, or None where none has yet.
        latest_action, latest_action_name, active_loop_name, followup_action: the tracker's then.
    """

    state: State
    message: UserUttered | None
    by_text: bool | None
    before: ActionExecuted | None
    latest_action: Any
    latest_action_name: str | None
    active_loop_name: str | None
    followup_action: str | None

    def stands(self) -> bool:
        """Whether its state is still right: a prediction may say later what of a message counts."""
        return self.message is None or self.message.use_text_for_featurization == self.by_text


class _Played:
    """The events of a conversation that were played, and the moments among them."""

    def __init__(
        self, tracker: DialogueStateTracker, domain: Domain, omit_unset_slots: bool
    ) -> None:
        self._domain = domain
        self._omits_unset_slots = omit_unset_slots
        self._replay = tracker.init_copy()
        self._events: list[Event] = []
        self._moments: list[Moment] = []
        self._now: Moment | None = None

    def begins(self, applied: list[Event], domain: Domain, omit_unset_slots: bool) -> bool:
        """Whether a conversation's events go on from those played."""
        return (
            self._domain is domain
            and self._omits_unset_slots == omit_unset_slots
            and len(self._events) <= len(applied)
            and all(map(operator.is_, self._events, applied))
            and all(moment.stands() for moment in self._moments)
        )

    def play(self, applied: list[Event]) -> list[Moment]:
        """Return the moments of all events, the present one last."""
        for event in applied[len(self._events) :]:
            if isinstance(event, ActionExecuted):
                self._moments.append(self._moment(event))
            self._replay.update(event)
            self._events.append(event)
            self._now = None
        if self._now is None or not self._now.stands():
            self._now = self._moment()
        return [*self._moments, self._now]

    def _moment(self, before: ActionExecuted | None = None) -> Moment:
        replay = self._replay
        message = replay.latest_message
        return Moment(
            self._domain.get_active_state(replay, self._omits_unset_slots),
            message,
            message.use_text_for_featurization if message else None,
            before,
            replay.latest_action,
            replay.latest_action_name,
            replay.active_loop_name,
            replay.followup_action,
        )


class _Replayed:
    """Stands for a tracker where only its moments are asked for."""

    def __init__(self, moments: list[Moment]) -> None:
        self._moments = moments

    def generate_all_prior_trackers(self) -> Iterator[tuple[Moment, bool]]:
        for moment in self._moments:
            yield moment, moment.before.hide_rule_turn if moment.before else False


def _moments(tracker: DialogueStateTracker, domain: Domain, omit: bool) -> list[Moment]:
    applied = tracker.applied_events()
    played: _Played | None = getattr(tracker, "_footnote_played", None)
    if played is None or not played.begins(applied, domain, omit):
        played = tracker._footnote_played = _Played(tracker, domain, omit)
    return played.play(applied)


def remember_states() -> None:
    """Have a domain make states from remembered moments; how it does so stays Rasa's."""
    make, active = Domain.states_for_tracker_history, Domain.get_active_state
    if hasattr(make, "__wrapped__"):
        return

    @wraps(make)
    def states_for_tracker_history(
        self: Domain,
        tracker: DialogueStateTracker,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        replayed = _Replayed(_moments(tracker, self, omit_unset_slots))
        states: list[State] = make(
            self, replayed, omit_unset_slots, ignore_rule_only_turns, rule_only_data
        )
        return states

    @wraps(active)
    def get_active_state(
        self: Domain, tracker: DialogueStateTracker | Moment, omit_unset_slots: bool = False
    ) -> State:
        if isinstance(tracker, Moment):
            # Policies change the states that they are given.
            return {name: dict(part) for name, part in tracker.state.items()}
        state: State = active(self, tracker, omit_unset_slots)
        return state

    Domain.states_for_tracker_history = states_for_tracker_history
    Domain.get_active_state = get_active_state
