//! Whole documents on one device: SyncML messages, Intune profiles, provisioning packages. What a document did is stored as one change.

use super::{Scene, devices};
use crate::clock::Timestamp;
use crate::csp::catalog::codes::{FAILED, SL_E_MISMATCHED_PRODUCT_SKU};
use crate::csp::catalog::nodes::Verb;
use crate::csp::catalog::{editions, paths};
use crate::csp::export::response::{self, Sender};
use crate::csp::model::answer::{Answer as Line, Receipt, Reply, Told};
use crate::csp::model::device::Device;
use crate::csp::model::keys::KeyCatalog;
use crate::csp::model::message::{Item, Part};
use crate::csp::model::profile::Profile;
use crate::csp::rules::answer::{self, Origin, Request};
use crate::csp::rules::intune::{self, Action};
use crate::csp::rules::session::{Mode, Rollback, Session, Tree};
use crate::csp::rules::{fold, protocol};
use crate::csp::store::{devices as rows, keys};
use crate::error::{Outcome, Refusal};
use crate::store::{Read, Tx, secrets};
use std::borrow::Cow;
use std::collections::VecDeque;

/// A device on which a document runs.
struct Running {
    device: Device,
    keys: KeyCatalog,
    salt: [u8; 32],
    now: Timestamp,
    origin: Origin,
    changed: bool,
}

impl Running {
    fn request(&mut self, request: &Request<'_>) -> Reply {
        let scene = answer::Scene { now: self.now, salt: &self.salt };
        let answer = answer::answer(&self.device, &self.keys, request, &scene);
        if let Some(after) = answer.device {
            self.changed = true;
            self.device = *after;
        }
        let (reason, remedy) = answer.refusal.map_or_else(Default::default, |refusal| {
            let remedy = refusal.hint.unwrap_or_else(|| refusal.code.remedy.to_owned());
            (refusal.message, remedy)
        });
        Reply {
            status: answer.status,
            original_error: answer.hresult,
            reason,
            remedy,
            results: answer.results,
        }
    }
}

impl Tree for Running {
    type State = (Device, bool);

    fn answer(&mut self, verb: Verb, item: &Item) -> Reply {
        let uri = item.target.as_ref().map_or("", |target| target.text.as_str());
        let format = item.meta.as_ref().and_then(|meta| meta.format.as_ref());
        let data = item.data.as_ref().map(|data| data.text.as_str());
        self.request(&Request {
            verb,
            uri,
            format: format.map(|format| format.text.as_str()),
            data,
            origin: self.origin,
        })
    }

    fn remember(&mut self) -> Self::State {
        (self.device.clone(), self.changed)
    }

    fn go_back(&mut self, to: Self::State) -> Rollback {
        if self.device.faults.rollback.take().is_some() {
            return Rollback::Failed;
        }
        (self.device, self.changed) = to;
        Rollback::Done
    }

    fn canonical(&self, loc_uri: &str) -> String {
        protocol::canonical(loc_uri)
    }

    fn fits(&self, receipt: &Receipt, answers: &[Line<'_>]) -> bool {
        let length = response::length(&sends(&self.device), receipt, answers);
        u64::try_from(length).is_ok_and(|length| length <= u64::from(self.device.max_message_size))
    }
}

/// How a message is run, and what for.
#[derive(Debug, Clone, Copy)]
pub struct How {
    pub mode: Mode,
    pub origin: Origin,
}

/// What a reader hands its parts to.
pub type Feed<'f> = dyn FnMut(&mut dyn FnMut(&Part) -> Outcome<()>) -> Outcome<()> + 'f;

/// What is told of each answer; beside a split run the status that the whole message would have got.
pub type Each<'f> = dyn FnMut(Told<'_>, Option<u16>) -> Outcome<()> + 'f;

/// What the device writes into its response.
pub fn sender(read: &mut dyn Read, name: &str) -> Outcome<Sender> {
    let (_, device) = devices::load(read, name)?;
    Ok(sends(&device))
}

fn sends(device: &Device) -> Sender {
    Sender {
        original_errors: protocol::tells_original_errors(device),
        device_id: device.info.dev_id.clone(),
        limit: Some(u64::from(device.max_message_size)),
    }
}

/// Runs a message on a device. `feed` reads the document; a document that breaks off stores nothing, since the change is abandoned.
pub fn message(
    tx: &mut dyn Tx,
    name: &str,
    scene: &Scene,
    how: How,
    (feed, each): (&mut Feed<'_>, &mut Each<'_>),
) -> Outcome<()> {
    let (id, mut running) = running(tx, name, scene, how.origin)?;
    let mut session = Session::new(how.mode);
    // Beside a split run the whole message runs on a copy, so that both outcomes can be seen.
    let mut beside = (how.mode == Mode::Split).then(|| {
        let copy = Running {
            device: running.device.clone(),
            keys: running.keys.clone(),
            changed: false,
            ..running
        };
        (Session::new(Mode::Whole), copy)
    });
    let mut whole = Outcomes::default();
    feed(&mut |part| {
        whole.0.clear();
        if let Some((session, tree)) = &mut beside {
            session.take(part, tree, &mut |told| {
                if let Told::Answer(answer) = told {
                    whole.note(&answer);
                }
                Ok(())
            })?;
        }
        session.take(part, &mut running, &mut |told| {
            let status = match &told {
                Told::Answer(answer) => whole.take(answer),
                Told::Receipt(_) => None,
            };
            each(told, status)
        })
    })?;
    keep(tx, id, &running, "apply")
}

/// What each item of one command would have got in the whole message, in the order of the message.
#[derive(Default)]
struct Outcomes(VecDeque<(Asked, u16)>);

/// Line, command and address of an item. Several may be alike, and numbers that were given out differ between two runs.
type Asked = (u64, String, Option<String>);

impl Outcomes {
    fn note(&mut self, answer: &Line<'_>) {
        let uri = answer.loc_uri.as_deref().map(str::to_owned);
        let asked = (answer.line, answer.name.clone().into_owned(), uri);
        self.0.push_back((asked, answer.reply.status));
    }

    /// The outcome of the same item, once: both runs go through the message in its order.
    fn take(&mut self, answer: &Line<'_>) -> Option<u16> {
        let same = |(line, name, uri): &Asked| {
            *line == answer.line
                && *name == answer.name
                && uri.as_deref() == answer.loc_uri.as_deref()
        };
        let at = self.0.iter().position(|(asked, _)| same(asked))?;
        self.0.drain(..=at).next_back().map(|(_, status)| status)
    }
}

/// Runs what a management service would send for a profile, or a device would take from a package.
///
/// Refuses with `E_CONSENT` a package that the user does not let go on, with `E_MASKED_VALUE` when the profile hides a value, with
/// `SL_E_MISMATCHED_PRODUCT_SKU` when the edition that a template is for cannot be reached.
pub fn profile(
    tx: &mut dyn Tx,
    name: &str,
    scene: &Scene,
    (profile, origin): (&Profile, Origin),
    each: &mut Each<'_>,
) -> Outcome<()> {
    origin.consented().map_err(|refusal| refusal.of("Exec"))?;
    let (id, mut running) = running(tx, name, scene, origin)?;
    let current = |uri: &str| {
        let request = Request { verb: Verb::Get, uri, format: None, data: None, origin };
        let scene = answer::Scene { now: scene.now, salt: &running.salt };
        let answer = answer::answer(&running.device, &running.keys, &request, &scene);
        answer.results.into_iter().next().and_then(|item| item.data)
    };
    let plan = intune::plan(profile, &current)?;
    if let Some(target) = &plan.target_edition {
        reach(&running.device, target)?;
    }
    for step in &plan.steps {
        let (verb, reply) = match &step.action {
            Action::Keep => (Verb::Replace, Reply::status(200)),
            Action::Send(sent) => {
                let request = Request {
                    verb: sent.verb,
                    uri: &sent.uri,
                    format: sent.format,
                    data: sent.data.as_deref(),
                    origin,
                };
                let reply = running.request(&request);
                // A node that is added by its first value has nothing to replace.
                if sent.verb == Verb::Replace && reply.status == 404 {
                    (Verb::Add, running.request(&Request { verb: Verb::Add, ..request }))
                } else {
                    (sent.verb, reply)
                }
            }
        };
        let line = Line {
            line: step.line,
            command: Cow::Borrowed(""),
            name: Cow::Borrowed(verb.word()),
            loc_uri: Some(Cow::Borrowed(&step.uri)),
            one_of_several: false,
            reply,
            silent: false,
            last: true,
        };
        each(Told::Answer(line), None)?;
    }
    keep(tx, id, &running, "apply")
}

/// Refuses when no path leads from the device's edition to the one that a template is for.
fn reach(device: &Device, target: &str) -> Result<(), Refusal> {
    let Some(edition) = editions::graph(target).and_then(|row| row.edition) else {
        return Ok(());
    };
    let build = device.detail.os_version.build;
    let there = device.edition == edition
        || paths::edge(device.path_policy, device.edition, edition, build).is_some();
    if there {
        return Ok(());
    }
    let message = format!(
        "the profile is for {}, which MDM cannot reach from {}",
        editions::title(edition),
        editions::title(device.edition)
    );
    let from = editions::title(device.edition);
    Err(Refusal::new(&SL_E_MISMATCHED_PRODUCT_SKU, message)
        .answered(&FAILED)
        .of("Exec")
        .hinted(format!("`licctl csp path list --from '{from}'` shows where it can go")))
}

fn running(tx: &mut dyn Tx, name: &str, scene: &Scene, origin: Origin) -> Outcome<(i64, Running)> {
    let (id, device) = devices::load(tx.reading(), name)?;
    // A document is one change: it is refused as a whole before the last one, not item by item.
    fold::begin(&device, scene.now).map_err(|refusal| refusal.of("apply"))?;
    let keys = keys::load(tx.reading())?;
    let salt = secrets::make_salt(tx)?;
    Ok((id, Running { device, keys, salt, now: scene.now, origin, changed: false }))
}

fn keep(tx: &mut dyn Tx, id: i64, running: &Running, call: &str) -> Outcome<()> {
    if running.changed {
        rows::save(tx, Some(id), &running.device)?;
        tx.call(call, &format!("device={}", running.device.name));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Line, Outcomes, Reply};
    use std::borrow::Cow;

    fn line<'a>(name: &'a str, uri: &'a str, status: u16) -> Line<'a> {
        Line {
            line: 1,
            command: Cow::Borrowed(""),
            name: Cow::Borrowed(name),
            loc_uri: Some(Cow::Borrowed(uri)),
            one_of_several: false,
            reply: Reply::status(status),
            silent: false,
            last: true,
        }
    }

    #[test]
    fn items_on_one_line_are_told_apart_by_command_address_and_order() {
        let mut outcomes = Outcomes::default();
        let answers = [("Atomic", "", 507), ("Add", "a", 216), ("Replace", "a", 500)];
        for (name, uri, status) in answers.into_iter().chain([("Replace", "a", 215)]) {
            outcomes.note(&line(name, uri, status));
        }
        let found = [("Add", "a"), ("Replace", "a"), ("Replace", "a"), ("Replace", "a")]
            .map(|(name, uri)| outcomes.take(&line(name, uri, 200)));
        assert_eq!(found, [Some(216), Some(500), Some(215), None]);
    }
}
