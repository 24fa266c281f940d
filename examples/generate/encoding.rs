//! Bytes as Windows tools write text: UTF-16 from PowerShell's redirection, Windows-1252 from old consoles.

/// UTF-16, little endian, with a byte order mark.
pub(crate) fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() * 2 + 2);
    for unit in std::iter::once(0xFEFF).chain(text.encode_utf16()) {
        bytes.extend(unit.to_le_bytes());
    }
    bytes
}

/// Windows-1252, as far as it agrees with Latin-1; any other character becomes `?`.
pub(crate) fn windows1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(c).ok().filter(|b| !(0x80..0xA0).contains(b)))
        .map(|b| b.unwrap_or(b'?'))
        .collect()
}
