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

#[cfg(test)]
mod tests {
    use super::super::call::calls;
    use super::super::scratch::{Scratch, symbol};
    use super::{list, number, set};

    #[test]
    fn a_fault_is_used_up_by_the_calls_that_it_refuses() {
        let mut scratch = Scratch::new();
        scratch.add("pc", None);
        let fault = ("refreshlicensestatus", "0x80041010");
        scratch.write(|tx, scene| set(tx, "pc", fault, 2, scene.now)).unwrap();
        let now = scratch.now;
        for (expected, left) in
            [("WBEM_E_INVALID_CLASS", Some(1)), ("WBEM_E_INVALID_CLASS", None), ("", None)]
        {
            assert_eq!(scratch.call("pc", "RefreshLicenseStatus", &[]), expected);
            let faults = scratch.read(|read| list(read, "pc", now));
            assert_eq!(faults.first().map(|fault| fault.left), left);
        }
    }

    #[test]
    fn a_fault_leaves_nothing_of_the_calls_before_it() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        let fault = ("SetVLRenewalInterval", "WBEM_E_INVALID_CLASS");
        scratch.write(|tx, scene| set(tx, "kms1", fault, 1, scene.now)).unwrap();
        let planned = [
            ("SetVLActivationInterval", vec![("ActivationInterval", "60")]),
            ("SetVLRenewalInterval", vec![("RenewalInterval", "60")]),
        ];
        let mut both = || symbol(scratch.write(|tx, scene| calls(tx, scene, "kms1", &planned)));
        assert_eq!(both(), "WBEM_E_INVALID_CLASS");
        assert_eq!(both(), "");
        scratch.undo();
        assert_eq!(scratch.number("kms1", "VLActivationInterval"), 120);
    }

    /// The method refuses by itself before the fault is reached.
    #[test]
    fn a_call_that_is_refused_anyway_uses_no_fault_up() {
        let mut scratch = Scratch::new();
        scratch.add("pc", None);
        let fault = ("SetVLRenewalInterval", "0x80041010");
        scratch.write(|tx, scene| set(tx, "pc", fault, 1, scene.now)).unwrap();
        let given = [("RenewalInterval", "60")];
        let refused = scratch.call("pc", "SetVLRenewalInterval", &given);
        assert_eq!(refused, "SL_E_VL_BINDING_SERVICE_NOT_ENABLED");
        let now = scratch.now;
        assert_eq!(scratch.read(|read| list(read, "pc", now)).len(), 1);
    }

    #[test]
    fn only_a_failure_of_a_method_that_there_is_can_be_ordered() {
        let mut scratch = Scratch::new();
        scratch.add("pc", None);
        for (fault, times) in [
            (("ReArmWindows", "0x0"), 1),
            (("ReArm", "0x80041010"), 1),
            (("ReArmWindows", "0xDEADBEEF"), 1),
            (("ReArmWindows", "0x80041010"), 0),
        ] {
            let set = scratch.write(|tx, scene| set(tx, "pc", fault, times, scene.now));
            assert_eq!(set.unwrap_err().status(), 2, "{fault:?}");
        }
    }

    #[test]
    fn a_code_is_read_in_every_notation() {
        for text in ["0xC004F038", "0Xc004f038", "3221549112", "-1073418184"] {
            assert_eq!(number(text), Some(0xC004_F038), "{text}");
        }
        assert_eq!(number("C004F038"), None);
    }
}
