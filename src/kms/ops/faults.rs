//! Injected faults: the next calls of a method raise an error, so that its handling can be rehearsed.

use super::machines::Held;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop, Usage};
use crate::kms::catalog::methods::{self, ServiceMethod};
use crate::kms::catalog::{code, code_named};
use crate::kms::model::Fault;
use crate::kms::rules::checks;
use crate::kms::store::marks;
use crate::output::nearest;
use crate::store::{Read, Tx};

/// Injects a fault into the next `times` calls of a method.
///
/// - `word`: the method without its class; of both classes.
/// - `text`: the code as number, hexadecimal with `0x`, or by its symbol.
///
/// Usage error for a method or a code that nobody knows, a code that is no failure, or no times at all.
pub fn set(
    tx: &mut dyn Tx,
    machine: &str,
    (word, text): (&str, &str),
    times: u32,
    now: Timestamp,
) -> Outcome<Fault> {
    let method = methods::service(word).or_else(|| methods::product(word));
    let method = method.ok_or_else(|| unknown(word))?;
    let known = number(text).and_then(code).or_else(|| code_named(text));
    let known = known.ok_or_else(|| {
        Usage::new(format!("no code `{text}` is known"))
            .hinted("`licctl explain` knows the codes; write `0xC004F039` or a symbol")
    })?;
    let raised = checks::injectable(known)?.native.number();
    if times == 0 {
        return Err(Usage::new("`--times` is at least 1").into());
    }
    let held = Held::load(tx, machine, now)?;
    let fault = Fault {
        method: method.word().to_owned(),
        code: raised.ok_or_else(|| Stop::bug("a code of the class has no number"))?,
        left: times,
    };
    marks::save_fault(tx, held.id(), &fault)?;
    tx.call("fault.set", &format!("Method={}, Code={}, Times={times}", fault.method, known.native));
    Ok(fault)
}

/// The faults that wait on a machine.
pub fn list(read: &mut dyn Read, machine: &str, now: Timestamp) -> Outcome<Vec<Fault>> {
    let held = Held::load(read, machine, now)?;
    marks::faults(read, held.id())
}

/// Removes the fault of a method, or all of them; how many there were.
pub fn clear(
    tx: &mut dyn Tx,
    machine: &str,
    method: Option<&str>,
    now: Timestamp,
) -> Outcome<usize> {
    let id = Held::load(tx, machine, now)?.id();
    let mut removed = 0;
    for fault in marks::faults(tx, id)? {
        if method.is_none_or(|word| word.eq_ignore_ascii_case(&fault.method)) {
            removed += usize::from(marks::remove_fault(tx, id, &fault.method)?);
        }
    }
    if removed > 0 {
        tx.call("fault.clear", method.unwrap_or_default());
    }
    Ok(removed)
}

/// The refusal of a fault that waits for a method, which is used up by it; `None` when none waits.
pub(super) fn raise(
    tx: &mut dyn Tx,
    machine: i64,
    method: &'static ServiceMethod,
) -> Outcome<Option<Refusal>> {
    let Some(fault) = marks::fault(tx, machine, method.word())? else {
        return Ok(None);
    };
    let raised = code(fault.code)
        .ok_or_else(|| Stop::bug(&format!("no code 0x{:08X} is known", fault.code)))?;
    match fault.spent() {
        Some(left) => marks::save_fault(tx, machine, &left)?,
        None => drop(marks::remove_fault(tx, machine, method.word())?),
    }
    Ok(checks::fault(method, Some(raised)).err())
}

/// Reads a code: `0xC004F039`, 3221549113, -1073418183.
fn number(text: &str) -> Option<u32> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hex {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| {
            let signed: i32 = text.parse().ok()?;
            Some(u32::from_ne_bytes(signed.to_ne_bytes()))
        }),
    }
}

fn unknown(word: &str) -> Usage {
    let rows = methods::SERVICE.iter().chain(&methods::PRODUCT);
    let names: Vec<String> = rows.map(|row| row.word().to_owned()).collect();
    let usage = Usage::new(format!("there is no method `{word}`"));
    let close = nearest(word, &names);
    if close.is_empty() {
        usage.hinted("`licctl kms service call --help` shows how methods are named")
    } else {
        usage.hinted(format!("did you mean {}?", close.join(", ")))
    }
}
