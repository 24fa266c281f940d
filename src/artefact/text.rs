//! Text in the encodings that Windows tools write, decoded in pieces: UTF-8 and UTF-16 with and without byte order mark, CP1252.

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{BufRead, Read, Result};

/// Size of a piece.
const PIECE: usize = 256 * 1024;

/// How the bytes of a file stand for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    mark: usize,
}

/// Tells the encoding from the beginning of a file: a byte order mark, else NULs at every other byte, else UTF-8 until a byte
/// says otherwise.
#[must_use]
pub fn form(head: &[u8]) -> Form {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return Form { encoding, mark };
    }
    // Text in Latin letters has a NUL in every second byte; 64 pairs are enough to tell.
    let pairs: Vec<&[u8]> = head.chunks_exact(2).take(64).collect();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair.get(at) == Some(&0)).count();
    let most = pairs.len() * 3 / 4;
    let encoding = match (zeros(0), zeros(1)) {
        (0, high) if pairs.len() > 1 && high >= most => UTF_16LE,
        (low, 0) if pairs.len() > 1 && low >= most => UTF_16BE,
        _ => UTF_8,
    };
    Form { encoding, mark: 0 }
}

/// A sample shorter than this is a whole file: a character that its end cuts is none.
const CUT: usize = 60 * 1024;

/// The beginning of a file as text, for telling its kind; `None` when it is binary.
#[must_use]
pub fn sample(head: &[u8]) -> Option<String> {
    let form = form(head);
    let body = head.get(form.mark..).unwrap_or_default();
    if form.encoding == UTF_8 && body.contains(&0) {
        return None;
    }
    let (text, broken) = form.encoding.decode_without_bom_handling(body);
    if broken
        && form.encoding == UTF_8
        && std::str::from_utf8(body)
            .is_err_and(|error| error.error_len().is_some() || head.len() < CUT)
    {
        return Some(WINDOWS_1252.decode_without_bom_handling(body).0.into_owned());
    }
    Some(text.into_owned())
}

/// A whole small file as text.
#[must_use]
pub fn whole(bytes: &[u8]) -> String {
    let mut text = String::new();
    // Reading from memory cannot fail, and what comes out is UTF-8.
    let _ = Text::new(bytes, form(bytes)).read_to_string(&mut text);
    text
}

/// What a stream had to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// No mark, and no UTF-8: taken for CP1252.
    Assumed,
    /// UTF-8 with bytes that are none, which were replaced.
    Broken,
}

/// A stream of UTF-8, decoded from what the inner stream holds. Malformed pieces become U+FFFD.
pub struct Text<R> {
    inner: R,
    mode: Mode,
    /// Bytes as read: `[..filled]`, of which `[..taken]` are decoded.
    raw: Vec<u8>,
    filled: usize,
    taken: usize,
    /// Decoded text not yet handed out: `decoded[at..]`; unused while UTF-8 passes through.
    decoded: String,
    /// In pass-through, what of `raw` is handed out and what may be.
    at: usize,
    end: usize,
    mark: usize,
    done: bool,
    doubt: Option<Doubt>,
}

enum Mode {
    /// Valid UTF-8 is handed on without a copy; whether any byte beyond ASCII was met.
    Pass {
        ascii: bool,
    },
    Decode(Box<Decoder>),
}

impl<R: Read> Text<R> {
    /// Decodes `inner`, which starts at the byte that `form` was told from.
    pub fn new(inner: R, form: Form) -> Self {
        let mode = if form.encoding == UTF_8 {
            // With a mark it is said to be UTF-8: then it is not guessed.
            Mode::Pass { ascii: form.mark == 0 }
        } else {
            Mode::Decode(Box::new(form.encoding.new_decoder_without_bom_handling()))
        };
        Self {
            inner,
            mode,
            raw: vec![0; PIECE],
            filled: 0,
            taken: 0,
            decoded: String::new(),
            at: 0,
            end: 0,
            mark: form.mark,
            done: false,
            doubt: None,
        }
    }

    /// What had to be guessed so far.
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// Reads the next piece behind what is left over from the last one. False at the end of the inner stream.
    fn more(&mut self) -> Result<bool> {
        self.raw.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        let room = self.raw.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match self.inner.read(room) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.filled += read;
        let skip = self.mark.min(self.filled);
        self.taken = skip;
        self.mark -= skip;
        Ok(read > 0)
    }

    fn refill(&mut self) -> Result<()> {
        while self.at >= self.end && !self.done {
            let last = !self.more()?;
            match &mut self.mode {
                Mode::Pass { ascii } => {
                    let piece = self.raw.get(self.taken..self.filled).unwrap_or_default();
                    let (valid, broken) = match std::str::from_utf8(piece) {
                        Ok(_) => (piece.len(), false),
                        Err(error) => (error.valid_up_to(), error.error_len().is_some() || last),
                    };
                    let ascii_so_far = *ascii && piece.get(..valid).unwrap_or_default().is_ascii();
                    *ascii = ascii_so_far;
                    (self.at, self.end) = (self.taken, self.taken + valid);
                    self.taken = self.end;
                    if broken {
                        // A byte beyond ASCII that is not UTF-8 and was never preceded by UTF-8: the file is CP1252.
                        let (encoding, doubt) = if ascii_so_far {
                            (WINDOWS_1252, Doubt::Assumed)
                        } else {
                            (UTF_8, Doubt::Broken)
                        };
                        self.doubt = Some(doubt);
                        self.mode =
                            Mode::Decode(Box::new(encoding.new_decoder_without_bom_handling()));
                        self.decoded.clear();
                        if self.at < self.end {
                            let passed = self.raw.get(self.at..self.end).unwrap_or_default();
                            self.decoded.push_str(std::str::from_utf8(passed).unwrap_or_default());
                        }
                        (self.at, self.end) = (0, self.decoded.len());
                        self.decode(last);
                    }
                }
                Mode::Decode(_) => {
                    self.decoded.clear();
                    self.at = 0;
                    self.decode(last);
                }
            }
            self.done |= last;
        }
        Ok(())
    }

    /// Appends what the undecoded bytes stand for.
    fn decode(&mut self, last: bool) {
        let Mode::Decode(decoder) = &mut self.mode else {
            return;
        };
        let piece = self.raw.get(self.taken..self.filled).unwrap_or_default();
        let room = decoder.max_utf8_buffer_length(piece.len()).unwrap_or(piece.len() * 3 + 16);
        self.decoded.reserve(room);
        let encoding = decoder.encoding();
        self.taken += if encoding == UTF_16LE {
            wide::<false>(piece, decoder, last, &mut self.decoded)
        } else if encoding == UTF_16BE {
            wide::<true>(piece, decoder, last, &mut self.decoded)
        } else {
            decoder.decode_to_string(piece, &mut self.decoded, last).1
        };
        self.end = self.decoded.len();
    }
}

/// Characters that are looked at together.
const BLOCK: usize = 256;

/// Decodes UTF-16, with the high byte first if `BIG`, and tells how many bytes of it; the rest is the beginning of a character. What
/// Windows tools write is ASCII for the most part, which needs no decoder.
fn wide<const BIG: bool>(
    bytes: &[u8],
    decoder: &mut Decoder,
    last: bool,
    to: &mut String,
) -> usize {
    let begins = |pair: Option<&[u8; 2]>| {
        pair.is_some_and(|pair| (0xD800..0xDC00).contains(&unit::<BIG>(*pair)))
    };
    // Between two blocks the decoder holds nothing back.
    let (mut pairs, odd) = bytes.as_chunks::<2>();
    let mut left = if last { 0 } else { odd.len() };
    if !last && begins(pairs.last()) {
        pairs = pairs.split_last().map_or(pairs, |(_, front)| front);
        left += 2;
    }
    let mut rest = bytes.get(..bytes.len() - left).unwrap_or_default();
    while !rest.is_empty() {
        let (blocks, _) = pairs.as_chunks::<BLOCK>();
        let plain = blocks.iter().take_while(|block| plain::<BIG>(block, to)).count() * BLOCK;
        pairs = pairs.get(plain..).unwrap_or_default();
        let whole = pairs.len().min(BLOCK);
        let whole = whole + usize::from(begins(pairs.get(..whole).and_then(<[_]>::last)));
        rest = rest.get(2 * plain..).unwrap_or_default();
        // An odd byte at the end of the file is the decoder's to complain of.
        let end = if whole >= pairs.len() { rest.len() } else { 2 * whole };
        let (block, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let _ = decoder.decode_to_string(block, to, last && behind.is_empty());
        (pairs, rest) = (pairs.get(whole..).unwrap_or_default(), behind);
    }
    bytes.len() - left
}

fn unit<const BIG: bool>(pair: [u8; 2]) -> u16 {
    if BIG { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
}

/// Appends a block that is ASCII; says no to any other.
fn plain<const BIG: bool>(block: &[[u8; 2]; BLOCK], to: &mut String) -> bool {
    let (mut narrow, mut all) = ([0; BLOCK], 0);
    for (to, pair) in narrow.iter_mut().zip(block) {
        let unit = unit::<BIG>(*pair);
        let [low, _] = unit.to_le_bytes();
        *to = low;
        all |= unit;
    }
    match std::str::from_utf8(&narrow) {
        Ok(text) if all < 0x80 => {
            to.push_str(text);
            true
        }
        _ => false,
    }
}

impl<R: Read> BufRead for Text<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        self.refill()?;
        let whole = match self.mode {
            Mode::Pass { .. } => self.raw.as_slice(),
            Mode::Decode(_) => self.decoded.as_bytes(),
        };
        Ok(whole.get(self.at..self.end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.end);
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let piece = self.fill_buf()?;
        let count = piece.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), piece.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Text, form, sample};
    use std::io::Read;

    /// Hands out one byte at a time: every cut of a character is met.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn read(bytes: &[u8]) -> String {
        let (mut whole, mut dripped) = (String::new(), String::new());
        Text::new(bytes, form(bytes)).read_to_string(&mut whole).unwrap();
        Text::new(Drip(bytes), form(bytes)).read_to_string(&mut dripped).unwrap();
        assert_eq!(whole, dripped);
        whole
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(text.encode_utf16()).flat_map(order).collect()
    }

    #[test]
    fn every_encoding_that_windows_tools_write_reads_the_same() {
        let text = "Größe: 25 €, 日本語 😀\r\n";
        assert_eq!(read(text.as_bytes()), text);
        assert_eq!(read(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()), text);
        assert_eq!(read(&utf16(text, u16::to_le_bytes, true)), text);
        assert_eq!(read(&utf16(text, u16::to_be_bytes, true)), text);
        let latin = "Name: Windows(R), Ausgabe\r\n";
        assert_eq!(read(&utf16(latin, u16::to_le_bytes, false)), latin);
        assert_eq!(read(b"Gr\xF6\xDFe: 25 \x80"), "Größe: 25 €");
        assert_eq!(read(b""), "");
        assert_eq!(read(b"\xEF\xBB\xBF"), "");
    }

    #[test]
    fn long_ascii_with_a_pair_at_any_place_is_decoded_as_written() {
        for front in [0, 1, 254, 255, 256, 257, 511, 512] {
            let text = format!("{}😀{}é{}", "a".repeat(front), "b".repeat(300), "c".repeat(600));
            assert_eq!(read(&utf16(&text, u16::to_le_bytes, true)), text);
            assert_eq!(read(&utf16(&text, u16::to_be_bytes, true)), text);
            let lone = text.encode_utf16().filter(|unit| *unit != 0xDE00);
            let lone: Vec<u8> =
                [0xFEFF].into_iter().chain(lone).flat_map(u16::to_le_bytes).collect();
            assert_eq!(read(&lone), text.replace('😀', "\u{FFFD}"));
            let cut = text.replace('😀', "\u{FFFD}");
            let cut = format!("{}\u{FFFD}", cut.strip_suffix('c').unwrap());
            assert_eq!(read(&lone[..lone.len() - 1]), cut);
        }
    }

    #[test]
    fn broken_utf_8_after_good_utf_8_is_replaced_and_not_read_as_cp1252() {
        assert_eq!(
            read("ä".as_bytes().iter().chain(b"\xFFx").copied().collect::<Vec<_>>().as_slice()),
            "ä\u{FFFD}x"
        );
        assert_eq!(read(b"ok \xC3"), "ok Ã");
    }

    #[test]
    fn what_had_to_be_guessed_is_told() {
        let doubt = |bytes: &[u8]| {
            let mut text = Text::new(bytes, form(bytes));
            text.read_to_string(&mut String::new()).unwrap();
            text.doubt()
        };
        assert_eq!(doubt("Größe".as_bytes()), None);
        assert_eq!(doubt(b"Gr\xF6\xDFe"), Some(Doubt::Assumed));
        assert_eq!(doubt(b"\xC3\xB6 \xF6"), Some(Doubt::Broken));
        assert_eq!(doubt(b"\xEF\xBB\xBFGr\xF6\xDFe"), Some(Doubt::Broken));
    }

    #[test]
    fn a_file_with_nuls_that_is_no_utf_16_is_binary() {
        assert_eq!(sample(b"ElfFile\0\0\0\0\0\0\0\0\0\x01\x02\x03"), None);
        assert_eq!(sample(b"caf\xE9").as_deref(), Some("café"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives_utf_16(text in "\\PC{2,80}") {
            proptest::prop_assert_eq!(read(&utf16(&text, u16::to_le_bytes, true)), text);
        }

        #[test]
        fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            read(&bytes);
        }
    }
}
