//! Bytes to text: the encoding that a mark, an XML declaration or the user tells, and no guess beyond that.
//!
//! XML that is neither marked nor declared is UTF-8 or refused. Plain text that is no UTF-8 is taken for windows-1252, as elsewhere.

mod pages;

use crate::api::Bytes;
use crate::artefact::text::{Text, form};
use crate::artefact::{LONGEST, Notes};
use crate::error::{Outcome, Place};
use anyhow::Context;
use encoding_rs::{
    Decoder, DecoderResult, IBM866, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};
use std::io::{self, BufRead, ErrorKind, Read, SeekFrom};

/// An encoding that a file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// As it is named to people.
    pub name: &'static str,
    /// Other names, lower case, without signs.
    aliases: &'static [&'static str],
    by: By,
}

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Library(&'static encoding_rs::Encoding),
    /// UTF-8 whose bytes are all below 128.
    Ascii,
    /// The letters of the bytes from 128 on.
    Page(&'static str),
}

const fn library(
    name: &'static str,
    aliases: &'static [&'static str],
    of: &'static encoding_rs::Encoding,
) -> Encoding {
    Encoding { name, aliases, by: By::Library(of) }
}

static UTF8: Encoding = library("UTF-8", &["utf8"], UTF_8);
static LITTLE: Encoding = library("UTF-16LE", &["utf16le", "utf16", "unicode"], UTF_16LE);
static BIG: Encoding = library("UTF-16BE", &["utf16be"], UTF_16BE);

/// Every encoding that is read. What the page of latin letters is called differs by who writes it.
pub static ENCODINGS: [&Encoding; 9] = [
    &UTF8,
    &LITTLE,
    &BIG,
    &Encoding { name: "US-ASCII", aliases: &["usascii", "ascii", "646"], by: By::Ascii },
    &library(
        "windows-1252",
        &["windows1252", "cp1252", "1252", "iso88591", "latin1", "l1"],
        WINDOWS_1252,
    ),
    &Encoding { name: "cp437", aliases: &["cp437", "ibm437", "437"], by: By::Page(pages::OEM_437) },
    &Encoding { name: "cp850", aliases: &["cp850", "ibm850", "850"], by: By::Page(pages::OEM_850) },
    &library("cp866", &["cp866", "ibm866", "866"], IBM866),
    &library("cp932", &["cp932", "932", "shiftjis", "sjis", "windows31j"], SHIFT_JIS),
];

impl Encoding {
    /// The encoding of that name; case, `-` and `_` do not matter.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        ENCODINGS.into_iter().find(|row| row.aliases.contains(&plain.as_str()))
    }
}

/// What a file without a mark, a declaration and `--encoding` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// UTF-8, or refused.
    Xml,
    /// UTF-8, or windows-1252.
    Plain,
}

/// How much of a file is looked at for its declaration.
const HEAD: u64 = 4096;

/// The text of a file.
///
/// - `named`: what the user said; it wins over a declaration, and a mark wins over it.
///
/// Warns of a declaration that something contradicts.
pub(super) fn decoded<'b>(
    mut bytes: &'b mut dyn Bytes,
    named: Option<&'static Encoding>,
    rule: Rule,
    notes: &mut Notes,
) -> Outcome<Box<dyn BufRead + 'b>> {
    let mut head = Vec::new();
    (&mut bytes).take(HEAD).read_to_end(&mut head).context("reading the beginning of a file")?;
    let (marked, length) = mark(&head);
    let unmarked = marked.or_else(|| wide(&head));
    let declared = declaration(&head, unmarked);
    if let (Some(of), Some(declared)) = (marked.or(named), &declared)
        && Encoding::named(declared) != Some(of)
        && !(declared.eq_ignore_ascii_case("UTF-16") && of.name.starts_with("UTF-16"))
    {
        let message = format!("the file is {}, and its declaration says `{declared}`", of.name);
        notes.warn("W_ENCODING", Place::Line(1), message);
    }
    let chosen = unmarked.or(named).or(match declared.as_deref() {
        // A declaration that can be read byte by byte is in no encoding of two bytes.
        Some(name) => Encoding::named(name).filter(|of| !of.name.starts_with("UTF-16")),
        None => None,
    });
    if let (None, Some(declared)) = (chosen, &declared) {
        let message = format!("the declared encoding `{declared}` is none that is read here");
        notes.warn("W_ENCODING", Place::Line(1), message);
    }
    if chosen.is_none() && rule == Rule::Plain {
        bytes.seek(SeekFrom::Start(0)).context("reading a file")?;
        return Ok(Box::new(Text::new(bytes, form(&head))));
    }
    let begins = u64::try_from(length).unwrap_or_default();
    bytes.seek(SeekFrom::Start(begins)).context("reading a file")?;
    let of = chosen.unwrap_or(&UTF8);
    Ok(Box::new(Decoded::new(bytes, of, chosen.is_none())))
}

/// The encoding that a byte order mark tells, and the mark's length.
fn mark(head: &[u8]) -> (Option<&'static Encoding>, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => (Some(&UTF8), 3),
        [0xFF, 0xFE, ..] => (Some(&LITTLE), 2),
        [0xFE, 0xFF, ..] => (Some(&BIG), 2),
        _ => (None, 0),
    }
}

/// UTF-16 without a mark: an ASCII character, of which one byte is zero.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(&LITTLE),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(&BIG),
        _ => None,
    }
}

/// The encoding that the first XML declaration names.
fn declaration(head: &[u8], of: Option<&'static Encoding>) -> Option<String> {
    let text = match of.map(|of| of.by) {
        Some(By::Library(of)) if of == UTF_16LE || of == UTF_16BE => {
            of.decode_without_bom_handling(head).0.into_owned()
        }
        _ => String::from_utf8_lossy(head).into_owned(),
    };
    let (_, rest) = text.split_once("<?xml")?;
    let (inside, _) = rest.split_once("?>")?;
    let (_, value) = inside.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = value.strip_prefix(quote)?.split(quote).next()?;
    Some(name.trim().to_owned())
}

/// A stream of UTF-8 made from bytes in a known encoding. Bytes that do not decode end it with [`ErrorKind::InvalidData`].
struct Decoded<'b> {
    bytes: &'b mut dyn Bytes,
    mode: Mode,
    /// Bytes as read: `raw[taken..filled]` are not decoded yet.
    raw: Vec<u8>,
    taken: usize,
    filled: usize,
    /// Of `raw` while UTF-8 passes through, else of `text`: what may be handed out.
    at: usize,
    end: usize,
    text: String,
    /// Bytes before `raw`.
    before: u64,
    done: bool,
    /// Why nothing comes behind what was handed out.
    broken: Option<String>,
    name: &'static str,
    /// Whether nobody said which encoding it is.
    undeclared: bool,
}

enum Mode {
    Pass { ascii: bool },
    Decode(Box<Decoder>),
    Page(&'static str),
}

/// Size of a piece.
const PIECE: usize = 128 * 1024;

impl<'b> Decoded<'b> {
    fn new(bytes: &'b mut dyn Bytes, of: &'static Encoding, undeclared: bool) -> Self {
        let mode = match of.by {
            By::Library(library) if library == UTF_8 => Mode::Pass { ascii: false },
            By::Library(library) => {
                Mode::Decode(Box::new(library.new_decoder_without_bom_handling()))
            }
            By::Ascii => Mode::Pass { ascii: true },
            By::Page(letters) => Mode::Page(letters),
        };
        Self {
            bytes,
            mode,
            raw: vec![0; PIECE],
            taken: 0,
            filled: 0,
            at: 0,
            end: 0,
            text: String::new(),
            before: 0,
            done: false,
            broken: None,
            name: of.name,
            undeclared,
        }
    }

    /// Reads the next piece behind what is left of the last one.
    fn more(&mut self) -> io::Result<()> {
        self.before += u64::try_from(self.taken).unwrap_or_default();
        self.raw.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        let room = self.raw.get_mut(self.filled..).unwrap_or_default();
        let count = loop {
            match self.bytes.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.filled += count;
        self.done = count == 0;
        Ok(())
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.at >= self.end {
            if let Some(why) = &self.broken {
                return Err(io::Error::new(ErrorKind::InvalidData, why.clone()));
            }
            if self.done {
                return Ok(());
            }
            self.more()?;
            let piece = self.raw.get(self.taken..self.filled).unwrap_or_default();
            let (count, bad) = match &mut self.mode {
                Mode::Pass { ascii } => {
                    let (count, bad) = passed(piece, *ascii, self.done);
                    (self.at, self.end) = (self.taken, self.taken + count);
                    (count, bad)
                }
                Mode::Decode(decoder) => {
                    self.text.clear();
                    let (count, bad) = decode(decoder, piece, &mut self.text, self.done);
                    (self.at, self.end) = (0, self.text.len());
                    (count, bad)
                }
                Mode::Page(letters) => {
                    self.text.clear();
                    self.text.extend(piece.iter().map(|byte| letter(letters, *byte)));
                    (self.at, self.end) = (0, self.text.len());
                    (piece.len(), false)
                }
            };
            self.taken += count;
            if bad {
                self.broken = Some(self.complaint());
            }
        }
        Ok(())
    }

    fn complaint(&self) -> String {
        let at = self.before + u64::try_from(self.taken).unwrap_or_default();
        let byte = self.raw.get(self.taken).copied().unwrap_or_default();
        let what = format!("byte 0x{byte:02X} at offset {at} is no {}", self.name);
        if self.undeclared {
            format!("{what}, and the file declares no other encoding (`--encoding NAME` tells it)")
        } else {
            format!("{what} (`--encoding NAME` tells another encoding)")
        }
    }
}

/// How much of a piece of UTF-8 may be handed out, and whether what follows is broken.
fn passed(piece: &[u8], ascii: bool, last: bool) -> (usize, bool) {
    let (valid, broken) = match std::str::from_utf8(piece) {
        Ok(_) => (piece.len(), false),
        Err(error) => (error.valid_up_to(), error.error_len().is_some() || last),
    };
    if !ascii || piece.is_ascii() {
        return (valid, broken);
    }
    (piece.iter().position(|byte| !byte.is_ascii()).unwrap_or_default(), true)
}

/// Decodes a piece; how many bytes were taken, and whether the next ones are broken.
fn decode(decoder: &mut Decoder, piece: &[u8], text: &mut String, last: bool) -> (usize, bool) {
    text.reserve(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(LONGEST));
    let (result, read) = decoder.decode_to_string_without_replacement(piece, text, last);
    match result {
        DecoderResult::Malformed(length, behind) => {
            (read.saturating_sub(usize::from(length + behind)), true)
        }
        DecoderResult::InputEmpty | DecoderResult::OutputFull => (read, false),
    }
}

fn letter(letters: &str, byte: u8) -> char {
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(at) => letters.chars().nth(usize::from(at)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

impl BufRead for Decoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.refill()?;
        let whole = match self.mode {
            Mode::Pass { .. } => self.raw.as_slice(),
            Mode::Decode(_) | Mode::Page(_) => self.text.as_bytes(),
        };
        Ok(whole.get(self.at..self.end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.end);
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
