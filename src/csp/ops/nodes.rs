//! Commands on one address each: what a management server sends, or the command line in its stead.

use super::{Scene, devices};
use crate::clock::Timestamp;
use crate::csp::catalog::nodes::Verb;
use crate::csp::model::device::Device;
use crate::csp::model::key::ProductKey;
use crate::csp::rules::answer::{self, Answer, Origin, Request};
use crate::csp::rules::read::{self as reading, Branch};
use crate::csp::store::{devices as rows, keys};
use crate::error::Outcome;
use crate::store::{Read, Tx, secrets};

/// Answers a Get of each address, in their order.
///
/// Usage error when there is no such device.
pub fn get(
    read: &mut dyn Read,
    device: &str,
    uris: &[String],
    now: Timestamp,
) -> Outcome<Vec<Answer>> {
    let (_, device) = devices::load(read, device)?;
    let catalog = keys::load(read)?;
    let salt = secrets::salt(read)?.unwrap_or_default();
    let scene = answer::Scene { now, salt: &salt };
    Ok(uris
        .iter()
        .map(|uri| answer::answer(&device, &catalog, &request(Verb::Get, uri, None), &scene))
        .collect())
}

/// The tree below an address, as far as it can be read.
///
/// Refuses as a Get of the address.
pub fn tree(
    read: &mut dyn Read,
    device: &str,
    uri: &str,
    depth: Option<usize>,
    now: Timestamp,
) -> Outcome<Branch> {
    let (_, device) = devices::load(read, device)?;
    reading::tree(&device, uri, depth, now).map_err(|refusal| refusal.of("Get").into())
}

/// A request of a management server.
#[must_use]
pub fn request<'a>(verb: Verb, uri: &'a str, data: Option<&'a str>) -> Request<'a> {
    Request { verb, uri, format: None, data, origin: Origin::Management }
}

/// Runs one command on one address.
///
/// The answer may be a refusal; an injected fault that fired is gone all the same.
pub fn act(tx: &mut dyn Tx, device: &str, request: &Request<'_>, scene: &Scene) -> Outcome<Answer> {
    let (id, device) = devices::load(tx.reading(), device)?;
    let catalog = keys::load(tx.reading())?;
    let salt = secrets::make_salt(tx)?;
    let scene = answer::Scene { now: scene.now, salt: &salt };
    let answer = answer::answer(&device, &catalog, request, &scene);
    if let Some(after) = &answer.device {
        rows::save(tx, Some(id), after)?;
        tx.call(request.verb.word(), &told(&device, request));
    }
    Ok(answer)
}

/// The parameters of a command as the journal keeps them: a product key shows its last group.
fn told(device: &Device, request: &Request<'_>) -> String {
    let data = request.data.map_or_else(String::new, |data| match ProductKey::new(data) {
        Ok(key) => format!(", Data={}", key.masked()),
        Err(_) if request.verb == Verb::Exec => String::new(),
        Err(_) => format!(", Data={}", data.trim()),
    });
    format!("device={}, LocURI={}{data}", device.name, request.uri.trim())
}
