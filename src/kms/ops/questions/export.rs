//! The events of the store on their way out: requests first, then the other events, host by host.

use super::Evidence;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::kms::export::events::Entry;
use crate::kms::export::redact::{self, Pseudonyms};
use crate::kms::store::evidence::{self, Request, Wanted};
use crate::kms::store::questions;
use crate::store::{Flow, Read, Tx, secrets};
use serde_json::Value as Json;
use uuid::Uuid;

/// What is written out.
#[derive(Debug, Clone, Copy)]
pub struct ExportAsk {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// The pseudonyms of this store; their key is drawn when there is none.
pub fn pseudonyms(tx: &mut dyn Tx) -> Outcome<Pseudonyms> {
    made(&secrets::make_salt(tx)?)
}

/// The pseudonyms of this store; `None` before their key was drawn.
pub fn known_pseudonyms(read: &mut dyn Read) -> Outcome<Option<Pseudonyms>> {
    secrets::salt(read)?.as_ref().map(made).transpose()
}

fn made(salt: &[u8; 32]) -> Outcome<Pseudonyms> {
    Pseudonyms::new(salt).ok_or_else(|| Stop::bug("a key of 32 bytes was refused"))
}

/// Hands out every event; tells how many were left out, since nothing of them was kept but size and digest.
pub fn export(
    read: &mut dyn Read,
    evidence: &Evidence,
    ask: ExportAsk,
    redacted: Option<&Pseudonyms>,
    each: &mut dyn FnMut(&Entry<'_>) -> Outcome<()>,
) -> Outcome<u64> {
    let until = ask.until.map_or(evidence.now, |until| until.min(evidence.now));
    let wanted = Wanted { host: evidence.scope.host, from: ask.from, until: Some(until) };
    evidence::each_request(read, &evidence.names, &wanted, &mut |request| {
        let host = name(request.host, redacted);
        let record = request.record.and_then(|record| u64::try_from(record).ok());
        let strings = of_request(request, redacted);
        each(&Entry { id: 12290, host: &host, record, time: request.time, strings })?;
        Ok(Flow::Continue(()))
    })?;
    let mut left_out = 0;
    let span = (ask.from.unwrap_or(Timestamp::MIN), until);
    questions::each_event(read, &evidence.names, &evidence.scope, span, &mut |event| {
        let fields: Json = serde_json::from_str(event.fields).unwrap_or_default();
        let Some(strings) = of_event(event.id, &fields, redacted) else {
            left_out += 1;
            return Ok(Flow::Continue(()));
        };
        let host = name(event.host, redacted);
        each(&Entry {
            id: event.id,
            host: &host,
            record: event.record,
            time: event.time,
            strings,
        })?;
        Ok(Flow::Continue(()))
    })?;
    Ok(left_out)
}

fn name(name: &str, redacted: Option<&Pseudonyms>) -> String {
    redacted.map_or_else(|| name.to_owned(), |made| made.name(name))
}

/// The nine strings of a request; the one that newer hosts put in front is left out, since what it holds is not published.
fn of_request(request: &Request<'_>, redacted: Option<&Pseudonyms>) -> Vec<String> {
    let time = match redacted {
        Some(_) => redact::client_time(&request.client_time),
        None => &request.client_time,
    };
    let cmid = redacted.map_or(request.cmid, |made| made.cmid(request.cmid));
    vec![
        short(request.hresult),
        request.required.to_string(),
        name(request.name, redacted),
        cmid.to_string(),
        time.to_owned(),
        u8::from(request.virtual_machine).to_string(),
        request.status.to_string(),
        request.minutes.to_string(),
        request.sku.guid.to_string(),
    ]
}

/// A return code as the events write it: `0x0`, or eight digits.
fn short(code: u32) -> String {
    if code == 0 { "0x0".to_owned() } else { format!("0x{code:08X}") }
}

/// The strings of another event; `None` for one of which nothing was kept.
fn of_event(id: u32, fields: &Json, redacted: Option<&Pseudonyms>) -> Option<Vec<String>> {
    let number =
        |member: &str| fields.get(member)?.as_u64().and_then(|number| u32::try_from(number).ok());
    let text = |member: &str| fields.get(member)?.as_str();
    let flag = |member: &str| fields.get(member)?.as_bool().map(|flag| u8::from(flag).to_string());
    let shown = |member: &str| number(member).map(|number| number.to_string());
    let time = |member: &str| {
        let time = text(member)?;
        Some(if redacted.is_some() { redact::client_time(time) } else { time }.to_owned())
    };
    let code = || number("HResult").map(short);
    let flags = || number("StatusFlags").map(|flags| format!("0x{flags:08X}"));
    let domain = || {
        let domain = text("Domain")?;
        Some(redacted.map_or_else(|| domain.to_owned(), |made| made.domain(domain)))
    };
    match id {
        12288 => {
            let cmid = Uuid::try_parse(text("ClientMachineID")?).ok()?;
            let target = text("Target")?;
            Some(vec![
                code()?,
                flags()?,
                redacted.map_or_else(|| target.to_owned(), |made| made.target(target)),
                redacted.map_or(cmid, |made| made.cmid(cmid)).to_string(),
                time("ClientTime")?,
                flag("IsVirtualMachine")?,
                shown("LicenseStatus")?,
                shown("GracePeriodRemaining")?,
                text("ActivationID")?.to_owned(),
                shown("RequiredClientCount").unwrap_or_default(),
            ])
        }
        12289 => Some(vec![
            code()?,
            flags()?,
            flag("Activated")?,
            // Of unknown meaning: text in it could be anything.
            text("Unused")
                .filter(|text| redacted.is_none() || text.parse::<u32>().is_ok())
                .unwrap_or_default()
                .to_owned(),
            shown("KeyManagementServiceCurrentCount")?,
            shown("VLActivationInterval")?,
            shown("VLRenewalInterval")?,
            time("ClientTime")?,
        ]),
        12291 | 12292 if fields.get("Suspicious").is_none() => Some(vec![code()?]),
        12293 => Some(vec![code()?, domain()?]),
        12294 => Some(vec![domain()?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pseudonyms, of_event};
    use serde_json::json;

    const CMID: &str = "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11";

    #[test]
    fn the_events_of_clients_lose_their_names_but_keep_their_numbers() {
        let made = Pseudonyms::new(&[7; 32]).unwrap();
        let fields = json!({
            "HResult": 0xC004_F074_u32, "StatusFlags": 0x0400_0008, "Target": "kms01.corp.example:1688",
            "ClientMachineID": CMID, "ClientTime": "2025/03/09 07:05", "IsVirtualMachine": true, "LicenseStatus": 2,
            "GracePeriodRemaining": 41520, "ActivationID": "2de67392-b7a7-462a-b1ca-108dd189f588", "RequiredClientCount": null,
        });
        let plain = of_event(12288, &fields, None).unwrap();
        assert_eq!(
            plain.join(","),
            format!(
                "0xC004F074,0x04000008,kms01.corp.example:1688,{CMID},2025/03/09 07:05,1,2,41520,2de67392-b7a7-462a-b1ca-108dd189f588,"
            )
        );
        let hidden = of_event(12288, &fields, Some(&made)).unwrap();
        assert_eq!(hidden[2], made.target("kms01.corp.example:1688"));
        assert_ne!(hidden[3], CMID);
        for at in [0, 1, 4, 5, 6, 7, 8, 9] {
            assert_eq!(hidden[at], plain[at], "{at}");
        }
    }

    #[test]
    fn text_of_unknown_meaning_is_left_out_of_a_redacted_answer() {
        let made = Pseudonyms::new(&[7; 32]).unwrap();
        let answered = |unused: &str, time: &str| {
            json!({
                "HResult": 0, "StatusFlags": 0, "Activated": true, "Unused": unused, "KeyManagementServiceCurrentCount": 26,
                "VLActivationInterval": 120, "VLRenewalInterval": 10080, "ClientTime": time,
            })
        };
        let told = |fields, redacted| of_event(12289, &fields, redacted).unwrap().join(",");
        let (odd, plain) = (answered("pc-017", "at pc-017"), answered("0", "2025/03/09 07:05"));
        assert_eq!(told(odd.clone(), None), "0x0,0x00000000,1,pc-017,26,120,10080,at pc-017");
        assert_eq!(told(odd, Some(&made)), "0x0,0x00000000,1,,26,120,10080,");
        assert_eq!(told(plain, Some(&made)), "0x0,0x00000000,1,0,26,120,10080,2025/03/09 07:05");
    }

    #[test]
    fn a_domain_becomes_another_and_of_a_stranger_nothing_is_written() {
        let made = Pseudonyms::new(&[7; 32]).unwrap();
        let failed = json!({"HResult": 0x8007_232D_u32, "Domain": "corp.example"});
        assert_eq!(of_event(12293, &failed, None).unwrap(), ["0x8007232D", "corp.example"]);
        assert_eq!(of_event(12294, &failed, Some(&made)).unwrap(), [made.domain("corp.example")]);
        let stranger = json!({"Suspicious": true, "Size": 3, "Sha256": "00"});
        for id in [1337, 12288, 12290, 12291, 12294] {
            assert_eq!(of_event(id, &stranger, None), None, "{id}");
        }
    }
}
