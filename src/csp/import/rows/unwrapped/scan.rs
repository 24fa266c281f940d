//! Follows one JSON object byte by byte, as far as telling where its list begins and ends takes it.

use super::WRAPPED;

/// What the bytes came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    None,
    /// Behind the `[` of the list.
    ListBegins,
    ListEnds,
    ObjectEnds,
}

/// The place within the object.
#[derive(Debug, Default)]
pub(super) struct Scan {
    depth: usize,
    string: bool,
    escaped: bool,
    slot: Slot,
    /// The present member has the name that a list is wrapped in, as far as it was read.
    matched: Match,
    in_list: bool,
}

/// What is expected among the members of the object.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Slot {
    #[default]
    Name,
    Colon,
    /// The first byte of a value.
    Value,
    Rest,
}

/// How far a name is the one that is looked for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Match {
    #[default]
    Not,
    /// So many bytes of it.
    Begun(usize),
}

impl Scan {
    /// Follows `bytes` up to the next event; tells how many bytes that took.
    pub(super) fn run(&mut self, bytes: &[u8]) -> (usize, Event) {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let skipped = self.indifferent(rest);
            at += skipped;
            let Some(byte) = rest.get(skipped) else { break };
            at += 1;
            let event = self.step(*byte);
            if event != Event::None {
                return (at, event);
            }
        }
        (at, Event::None)
    }

    /// How many bytes change nothing: most of them do, and need not be looked at one by one.
    fn indifferent(&self, rest: &[u8]) -> usize {
        let end = match (self.depth, self.string, self.escaped) {
            (_, _, true) | (0 | 1, ..) => Some(0),
            (_, true, _) => rest.iter().position(|byte| matches!(byte, b'"' | b'\\')),
            (_, false, _) => {
                rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))
            }
        };
        end.unwrap_or(rest.len())
    }

    fn step(&mut self, byte: u8) -> Event {
        if self.string {
            self.within_string(byte);
            return Event::None;
        }
        let outermost = self.depth == 1;
        match byte {
            b'"' => {
                self.string = true;
                match self.slot {
                    Slot::Name if outermost => self.matched = Match::Begun(0),
                    Slot::Value if outermost => self.slot = Slot::Rest,
                    _ => {}
                }
            }
            b'{' | b'[' => {
                let whole = self.matched == Match::Begun(WRAPPED.len());
                let begins = outermost && self.slot == Slot::Value && byte == b'[' && whole;
                if outermost {
                    self.slot = Slot::Rest;
                }
                self.depth += 1;
                if begins && !self.in_list {
                    self.in_list = true;
                    return Event::ListBegins;
                }
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return match self.depth {
                    0 => Event::ObjectEnds,
                    1 if self.in_list => Event::ListEnds,
                    _ => Event::None,
                };
            }
            b':' if outermost && self.slot == Slot::Colon => self.slot = Slot::Value,
            b',' if outermost => self.slot = Slot::Name,
            _ if outermost && self.slot == Slot::Value && !byte.is_ascii_whitespace() => {
                self.slot = Slot::Rest;
            }
            _ => {}
        }
        Event::None
    }

    fn within_string(&mut self, byte: u8) {
        let name = self.depth == 1 && self.slot == Slot::Name;
        match byte {
            _ if self.escaped => self.escaped = false,
            b'"' => {
                self.string = false;
                if name {
                    self.slot = Slot::Colon;
                }
                return;
            }
            b'\\' => self.escaped = true,
            _ => {}
        }
        if let (true, Match::Begun(count)) = (name, self.matched) {
            let same = WRAPPED.as_bytes().get(count) == Some(&byte);
            self.matched = if same { Match::Begun(count + 1) } else { Match::Not };
        }
    }
}
