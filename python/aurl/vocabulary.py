"""The 774 tokens, and the special ids of models (docs/tokens.md, "The token stream")."""

TOKENS = 774
TICKS_PER_SECOND = 64
LONGEST_SHIFT = 512  # in ticks
NOTE_ON, NOTE_OFF, TIME_SHIFT, VELOCITY_CHANGE = 0, 128, 256, 768  # the first id of each kind

# Used inside models only, never in files.
BEGIN, END, PADDING = 774, 775, 776
MODEL_TOKENS = 777

LEVELS = ("pp", "p", "mp", "mf", "f", "ff")
VELOCITIES = (33, 49, 64, 80, 96, 112)  # MIDI velocities of the levels


def level_of(velocity: int) -> int:
    """Returns the level, 0 (pp) to 5 (ff), with the nearest velocity; of two equally near, the lower."""
    return (velocity > 41) + (velocity > 56) + (velocity > 72) + (velocity > 88) + (velocity > 104)


def token_name(token: int) -> str:
    """Returns the name of an id 0…773, such as `NOTE_ON 60`. Raises ValueError for other ids."""
    if not 0 <= token < TOKENS:
        raise ValueError(f"{token} is not one of the ids 0…{TOKENS - 1}")
    if token < NOTE_OFF:
        return f"NOTE_ON {token}"
    if token < TIME_SHIFT:
        return f"NOTE_OFF {token - NOTE_OFF}"
    if token < VELOCITY_CHANGE:
        return f"TIME_SHIFT {token - TIME_SHIFT + 1}"
    return f"VELOCITY_CHANGE {LEVELS[token - VELOCITY_CHANGE]}"


_IDS = {token_name(token): token for token in range(TOKENS)}


def token_id(name: str) -> int:
    """Returns the id of a token by its name. Raises ValueError for an unknown name."""
    try:
        return _IDS[" ".join(name.split())]
    except KeyError:
        raise ValueError(f"{name!r} is not the name of a token") from None
