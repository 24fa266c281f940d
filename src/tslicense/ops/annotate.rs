//! The memory of purchases: what WMI never gives back, kept beside a key pack.

use super::held;
use crate::error::{Outcome, Refusal, Stop, Usage};
use crate::store::Tx;
use crate::tslicense::catalog::enumerations::AGREEMENT_OTHER;
use crate::tslicense::catalog::methods::Program;
use crate::tslicense::catalog::shapes::{
    ENROLMENT_NUMBER, KEY_PACK_CODE, LICENSE_CODE, LICENSE_NUMBER, PROGRAM_NUMBER, Shape,
};
use crate::tslicense::model::{KeyPack, KeyPackId, Purchase};
use crate::tslicense::rules::shapes::shaped;
use crate::tslicense::store::packs;

/// How licenses were bought.
#[derive(Clone)]
pub enum Bought {
    Open { license: String, authorization: String },
    Agreement { kind: u32, number: String },
    Retail { code: String },
    Offline { code: String },
}

/// What is to be remembered; what is `None` stays as it is.
#[derive(Clone, Default)]
pub struct Annotation {
    pub bought: Option<Bought>,
    pub ordered: Option<u32>,
    pub note: Option<String>,
}

/// Remembers how the licenses of a pack were bought.
///
/// Usage error when there is no such pack, or a number has not its shape.
pub fn annotate(
    tx: &mut dyn Tx,
    server: &str,
    id: KeyPackId,
    annotation: &Annotation,
) -> Outcome<KeyPack> {
    let (row, held) = held::stored(tx.reading(), server)?;
    let Some(pack) = held.pack(id) else {
        return Err(Usage::new(format!("`{server}` has no key pack {}", id.0))
            .hinted(format!("`licctl tslicense keypack list --all --server {server}` shows them"))
            .into());
    };
    let mut purchase = match (&annotation.bought, &pack.purchase) {
        (Some(bought), known) => {
            let known = known.clone();
            let (ordered, note, origin) = known.map_or((None, String::new(), None), |known| {
                (known.ordered, known.note, known.origin)
            });
            Purchase { ordered, note, origin, ..filed(tx, bought)? }
        }
        (None, Some(known)) => known.clone(),
        (None, None) => {
            return Err(Usage::new("nothing is known of the purchase yet")
                .hinted("name it: `--license-number`, `--agreement-number`, `--license-code` or `--license-keypack-id`")
                .into());
        }
    };
    purchase.ordered = annotation.ordered.or(purchase.ordered);
    if let Some(note) = &annotation.note {
        purchase.note.clone_from(note);
    }
    let pack = KeyPack { purchase: Some(purchase), ..pack.clone() };
    packs::save(tx, row, &pack)?;
    tx.call("keypack annotate", &format!("server={}, KeyPackId={}", held.server.name, id.0));
    Ok(pack)
}

fn filed(tx: &mut dyn Tx, bought: &Bought) -> Outcome<Purchase> {
    let mut number = |shape: &Shape, text: &str| {
        shaped(shape, text).map_err(usage)?;
        held::number(tx, shape.filed.unwrap_or_default(), text)
    };
    let (program, agreement, numbers) = match bought {
        Bought::Open { license, authorization } => {
            let license = number(&LICENSE_NUMBER, license)?;
            let second = &crate::tslicense::catalog::shapes::AUTHORIZATION_NUMBER;
            (Program::Open, None, vec![license, number(second, authorization)?])
        }
        Bought::Agreement { kind, number: text } => {
            let shape = if *kind == AGREEMENT_OTHER { &PROGRAM_NUMBER } else { &ENROLMENT_NUMBER };
            (Program::Agreement, Some(*kind), vec![number(shape, text)?])
        }
        Bought::Retail { code } => (Program::Retail, None, vec![number(&LICENSE_CODE, code)?]),
        Bought::Offline { code } => (Program::Offline, None, vec![number(&KEY_PACK_CODE, code)?]),
    };
    let note = String::new();
    Ok(Purchase { program, agreement, numbers, ordered: None, note, origin: None })
}

fn usage(refusal: Refusal) -> Stop {
    Usage::new(refusal.message).into()
}
