"""Detection of other file formats by their first bytes. Such files are rejected even if they contain MIDI data."""

_SIGNATURES = (
    (0, b"PK\x03\x04"), (0, b"%PDF"), (0, b"OggS"), (0, b"fLaC"), (0, b"ID3"), (8, b"XDIR"), (8, b"XMID"),
    (0, b"MUS\x1a"), (0, b"HMIMIDIP"), (0, b"HMI-MIDISONG"), (0, b"SMF2CLIP"), (0, b"FORM"), (0, b"MROF"),
    (0, b"GIF8"), (1, b"PNG\r\n"), (4, b"ftyp"), (1, b"ELF"), (8, b"WAVE"), (8, b"sfbk"), (8, b"AVI "),
    (8, b"DLS "), (8, b"WEBP"), (0, b"RIFF"), (0, b"\xff\xd8\xff"),
)  # fmt: skip


def is_foreign(data: bytes) -> bool:
    if any(data[offset : offset + len(text)] == text for offset, text in _SIGNATURES):
        return True
    start = data[:1024].decode("utf-8", "replace").lstrip("\ufeff \t\n\v\f\r").lower()
    if start.startswith(("<", "version https://git-lfs", "tvroza")) or "<score-partwise" in start:
        return True
    if start.startswith("data:audio/") and ";base64," in start:
        return True
    following = start[1:].lstrip()[:1]
    if start.startswith("{"):
        return following in ('"', "}") and following != ""
    return start.startswith("[") and following != "" and (following.isnumeric() or following in '"[{]tfn-')
