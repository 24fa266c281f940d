//! What a document reads past the parser: a text and the tag behind it, left where they stand in what the input has at hand.

use super::stride::{Kind, Stride, stride};
use super::{Document, Step, outside};
use crate::artefact::LONGEST;
use crate::artefact::trouble::Trouble;
use crate::error::Place;
use quick_xml::events::{BytesText, Event};
use std::ops::Range;

/// What was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// By the parser, which must see what comes: the tag or the reference behind a text. Nothing, at the beginning.
    Text,
    /// By the parser: anything else, behind which a text or a tag stands.
    Event,
    /// A text and the tag behind it, past the parser, of which nothing is left to be counted but `passed`.
    Stride,
}

impl Behind {
    pub(super) fn after(event: &Result<Event<'_>, quick_xml::Error>) -> Self {
        match event {
            Ok(Event::Text(_)) | Err(_) => Self::Text,
            Ok(_) => Self::Event,
        }
    }
}

impl Document<'_> {
    /// Takes a text and the tag behind it past the parser, and leaves them where they stand; `None`
    /// when the parser must see what comes.
    #[inline]
    pub(super) fn stride(&mut self) -> Option<Result<Step, Trouble>> {
        let (at, ahead) = self.reader.get_mut().ahead();
        let Stride { text, inside, name, end, feeds, kind } =
            stride(ahead, self.names.innermost())?;
        let begin = at + text.length;
        if text.length > 0
            && let Err(trouble) = self.pass_text(at..begin, text.returns)?
        {
            self.passed = text.feeds;
            self.reader.get_mut().skip_to(begin);
            return Some(Err(trouble));
        }
        self.reader.get_mut().skip_to(at + end);
        self.clean &= text.clean;
        self.line += text.feeds;
        self.passed = feeds;
        self.tag_ahead = at + inside.start..at + inside.end;
        self.name = name;
        match kind {
            Kind::Open { empty } => {
                self.empty = empty;
                if !empty {
                    let own = self.tag_ahead.start..self.tag_ahead.start + name.length;
                    self.names.open(self.reader.get_ref().part(own), name);
                }
                Some(Ok(Step::Tag { open: true }))
            }
            Kind::Ends => {
                self.names.end();
                Some(Ok(Step::Tag { open: false }))
            }
            Kind::Close => {
                let own = self.reader.get_ref().part(self.tag_ahead.clone());
                let closed = self.names.close(Place::Line(self.line), own);
                Some(closed.map(|()| Step::Tag { open: false }))
            }
        }
    }

    /// Takes the text that stands there, past the parser; `None` when it would be too long with what was gathered before.
    fn pass_text(&mut self, place: Range<usize>, returns: bool) -> Option<Result<(), Trouble>> {
        if self.text.len() + place.len() > LONGEST {
            return None;
        }
        if self.depth > 0 && !returns && self.text.is_empty() {
            self.text_ahead = place;
            return Some(Ok(()));
        }
        let text = BytesText::from_escaped(self.reader.get_ref().part(place)).xml10_content();
        if self.depth > 0 {
            self.text.push_str(&text);
            return Some(Ok(()));
        }
        Some(outside(Place::Line(self.line), &text).map(|_| ()))
    }
}
