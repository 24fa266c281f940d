//! Refusals on their way out: the code, the status that it goes over the wire as, and what it leaves behind.

use super::answer::Answer;
use crate::catalog::{Code, Native};
use crate::csp::catalog::codes;
use crate::csp::catalog::nodes::Verb;
use crate::csp::model::device::Device;
use crate::csp::model::key::hide_keys;
use crate::error::Refusal;

/// Why a request is refused.
#[derive(Debug)]
pub(super) struct Denial {
    pub(super) refusal: Refusal,
    /// The device afterwards, when the refusal used something up.
    device: Option<Box<Device>>,
}

impl Denial {
    pub(super) fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self { refusal: Refusal::new(code, message), device: None }
    }

    pub(super) fn hinted(self, hint: impl Into<String>) -> Self {
        Self { refusal: self.refusal.hinted(hint), ..self }
    }

    /// The refusal leaves a changed device behind.
    pub(super) fn after(self, device: Device) -> Self {
        Self { device: Some(Box::new(device)), ..self }
    }

    /// The refusal of an injected fault.
    ///
    /// - `what`: what failed, as the beginning of a message.
    pub(super) fn fault(hresult: u32, what: &str) -> Self {
        let code = codes::hresult(hresult).unwrap_or(&codes::E_UNEXPECTED);
        Self::new(code, format!("{what} failed with the injected fault 0x{hresult:08X}"))
    }

    /// The status over the wire.
    ///
    /// Source: assumed; a user who declines counts as an action that was not carried out.
    fn status(&self) -> u16 {
        match self.refusal.code.native {
            Native::SyncmlStatus(status) => status,
            Native::Hresult(hresult) => codes::status_of(hresult),
            _ if std::ptr::eq(self.refusal.code, &raw const codes::E_CONSENT) => 215,
            _ => 500,
        }
    }

    /// The answer to `verb` on `uri`. It repeats no product key, wherever in the request one stands.
    pub(super) fn answer(self, verb: Verb, uri: &str) -> Answer {
        let status = self.status();
        let hresult = match self.refusal.code.native {
            Native::Hresult(hresult) => Some(hresult),
            _ => None,
        };
        let Refusal { message, hint, .. } = &self.refusal;
        let message = hide_keys(message).into_owned();
        let hint = hint.as_deref().map(|hint| hide_keys(hint).into_owned());
        let refusal = Refusal { message, hint, ..self.refusal }
            .of(verb.word())
            .with("LocURI", hide_keys(uri));
        // Codes of our own stand alone: no device answers them, and no portal shows them.
        let refusal = if refusal.code.native == Native::Tool {
            refusal
        } else {
            Refusal { answered: Some(u32::from(status)), ..refusal }
                .with("intune", format!("0x{:08X}", codes::intune(status)))
        };
        Answer { status, hresult, refusal: Some(refusal), results: Vec::new(), device: self.device }
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, device: None }
    }
}
