//! Calls of the methods of both classes: load, rule, save. Several calls may be one change.

use super::machines::{Held, Scene};
use super::{faults, products};
use crate::catalog::{Kind, Parameter};
use crate::error::{Outcome, Refusal, Usage, Warning};
use crate::kms::catalog::methods::{self, ServiceMethod};
use crate::kms::model::{InstalledLicense, KeyTarget, PartialKey, State};
use crate::kms::rules::call::{self, Context, Effect};
use crate::kms::rules::checks::{self, Arguments, Class};
use crate::kms::store::marks;
use crate::store::{Read, Tx};
use uuid::Uuid;

/// How an operation ended that keeps what it did even when the answer is no: a fault that was used up, a request that was counted.
#[derive(Debug)]
pub enum Ended<T> {
    Done(T),
    Refused(Box<Refusal>),
}

impl<T> Ended<T> {
    /// The answer, or the refusal as one that nothing is kept of: for callers that have kept it already.
    pub fn answer(self) -> Outcome<T> {
        match self {
            Self::Done(answer) => Ok(answer),
            Self::Refused(refusal) => Err((*refusal).into()),
        }
    }

    /// The same end with another answer.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Ended<U> {
        match self {
            Self::Done(answer) => Ended::Done(map(answer)),
            Self::Refused(refusal) => Ended::Refused(refusal),
        }
    }
}

/// What calls brought about.
#[derive(Debug)]
pub struct Called {
    pub state: State,
    /// A setting of a host, which clients see after the service was restarted.
    pub pending_restart: bool,
    /// The methods that were called, without their class, each with the product whose method it is.
    pub calls: Vec<(&'static str, Option<Uuid>)>,
    pub warnings: Vec<Warning>,
}

/// A machine on which calls are made: all of them take effect, or none does.
#[derive(Debug)]
pub struct Calls {
    held: Held,
    scene: Scene,
    state: State,
    licenses: Vec<InstalledLicense>,
    pending_restart: bool,
    raised: Option<Box<Refusal>>,
    /// The methods that were called, each with its product.
    words: Vec<(&'static str, Option<Uuid>)>,
}

/// Parameters of a call, by name, as text.
pub type Given<'g> = [(&'g str, &'g str)];

impl Calls {
    /// Usage error when no machine has that name.
    pub fn open(read: &mut dyn Read, scene: &Scene, machine: &str) -> Outcome<Self> {
        let held = Held::load(read, machine, scene.now)?;
        Ok(Self {
            state: held.state.clone(),
            held,
            scene: *scene,
            licenses: Vec::new(),
            pending_restart: false,
            raised: None,
            words: Vec::new(),
        })
    }

    /// The machine as the calls made it so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Calls a method of the service, by its name without the class.
    ///
    /// Usage error when the machine's class has no such method. Refuses with the codes of the method's row.
    pub fn service(&mut self, tx: &mut dyn Tx, word: &str, given: &Given<'_>) -> Outcome<()> {
        let method = self.method(Class::Service, word)?;
        let arguments = checks::arguments(method, given)?;
        self.run(tx, method, (&arguments, &told(method, given)), None)
    }

    /// Calls a method of a product.
    ///
    /// Usage error when there is no such product or method. Refuses with the codes of the method's row.
    pub fn product(
        &mut self,
        tx: &mut dyn Tx,
        of: Uuid,
        word: &str,
        given: &Given<'_>,
    ) -> Outcome<()> {
        let method = self.method(Class::Product, word)?;
        let arguments = checks::arguments(method, given)?;
        let product = products::by_id(&self.state, of)?.clone();
        let context = self.context(None);
        let effect = call::product(&self.state, &product, method, &arguments, &context)?;
        let told = format!("ID={of}{}", joined(&told(method, given)));
        self.take(tx, (method, Some(of)), effect, &told)
    }

    /// Calls `InstallProductKey` with a key of which only the last five characters are known.
    pub fn install_key(
        &mut self,
        tx: &mut dyn Tx,
        key: PartialKey,
        target: Option<&KeyTarget>,
    ) -> Outcome<()> {
        let method = self.method(Class::Service, "InstallProductKey")?;
        let masked = format!("ProductKey=*****-*****-*****-*****-{key}");
        let told = match target {
            None => masked,
            Some(KeyTarget { activation, channel, .. }) => {
                format!("{masked}, ID={activation}, ProductKeyChannel={channel}")
            }
        };
        let arguments = Arguments::of_partial_key(key);
        self.run(tx, method, (&arguments, &told), target)
    }

    /// Changes the machine beside any method.
    pub(super) fn change(&mut self, change: impl FnOnce(State) -> State) {
        self.state = change(self.state.clone());
    }

    /// Writes what the calls made of the machine; nothing of it when an injected fault was raised.
    pub fn close(self, tx: &mut dyn Tx) -> Outcome<Ended<Called>> {
        let name = &self.state.machine.name;
        let words: Vec<&str> = self.words.iter().map(|(word, _)| *word).collect();
        tx.summary(format!("{} on {name}", words.join(", ")));
        if let Some(refusal) = self.raised {
            return Ok(Ended::Refused(refusal));
        }
        self.held.save(tx, &self.state, self.scene.now)?;
        for license in &self.licenses {
            marks::save_license(tx, self.held.id(), license)?;
        }
        Ok(Ended::Done(Called {
            state: self.state,
            pending_restart: self.pending_restart,
            calls: self.words,
            warnings: self.held.warnings,
        }))
    }

    fn method(&self, class: Class, word: &str) -> Outcome<&'static ServiceMethod> {
        Ok(checks::method(class, self.state.machine.profile(), word)?)
    }

    fn context<'k>(&self, key: Option<&'k KeyTarget>) -> Context<'k> {
        Context {
            now: self.scene.now,
            caller: self.scene.caller,
            // A fault that is raised is used up, which must be kept: see `take`.
            fault: None,
            key,
            examine: super::licenses::examine,
        }
    }

    fn run(
        &mut self,
        tx: &mut dyn Tx,
        method: &'static ServiceMethod,
        (arguments, told): (&Arguments, &str),
        key: Option<&KeyTarget>,
    ) -> Outcome<()> {
        let effect = call::service(&self.state, method, arguments, &self.context(key))?;
        self.take(tx, (method, None), effect, told)
    }

    /// Takes the effect of a call, unless a fault was injected into the method: then every later call is for nothing.
    fn take(
        &mut self,
        tx: &mut dyn Tx,
        (method, of): (&'static ServiceMethod, Option<Uuid>),
        effect: Effect,
        told: &str,
    ) -> Outcome<()> {
        if self.raised.is_some() {
            return Ok(());
        }
        tx.call(method.method.name, told);
        self.words.push((method.word(), of));
        self.raised = faults::raise(tx, self.held.id(), method)?.map(Box::new);
        if self.raised.is_none() {
            self.state = effect.state;
            self.licenses.extend(effect.license);
            self.pending_restart |= effect.pending_restart;
        }
        Ok(())
    }
}

/// Calls one method of the service, or with `of` one of that product.
///
/// Usage error when there is no such machine, method or product. Refuses with the codes of the method's row.
pub fn call(
    tx: &mut dyn Tx,
    scene: &Scene,
    (machine, of): (&str, Option<&str>),
    word: &str,
    given: &Given<'_>,
) -> Outcome<Ended<Called>> {
    let mut calls = Calls::open(tx, scene, machine)?;
    if let Some(of) = of {
        let id = products::find(calls.state(), of)?.id;
        if word.eq_ignore_ascii_case("Activate") {
            let ended = super::activation::activate(tx, scene, machine, Some(of))?;
            return Ok(ended.map(|(called, _)| called));
        }
        calls.product(tx, id, word, given)?;
    } else {
        if methods::service(word).is_none() && methods::product(word).is_some() {
            let usage = Usage::new(format!("`{word}` is a method of a product"));
            return Err(usage
                .hinted(
                    "name the product with `--activation-id`; `licctl kms product list` shows them",
                )
                .into());
        }
        calls.service(tx, word, given)?;
    }
    calls.close(tx)
}

/// Makes several calls of the service as one change.
pub fn calls(
    tx: &mut dyn Tx,
    scene: &Scene,
    machine: &str,
    planned: &[(&str, Vec<(&str, &str)>)],
) -> Outcome<Ended<Called>> {
    let mut calls = Calls::open(tx, scene, machine)?;
    for (word, given) in planned {
        calls.service(tx, word, given)?;
    }
    calls.close(tx)
}

/// Makes several calls of the service, or of one of its products, as one change.
///
/// - `plan`: makes the plan when the machine is known.
pub fn planned<'p>(
    tx: &mut dyn Tx,
    scene: &Scene,
    (machine, of): (&str, Option<&str>),
    plan: impl FnOnce(&State) -> Outcome<Vec<(&'static str, Vec<(&'static str, &'p str)>)>>,
) -> Outcome<Ended<Called>> {
    let mut calls = Calls::open(tx, scene, machine)?;
    let plan = plan(calls.state())?;
    let of =
        of.map(|of| products::find(calls.state(), of).map(|product| product.id)).transpose()?;
    for (word, given) in &plan {
        match of {
            Some(id) => calls.product(tx, id, word, given)?,
            None => calls.service(tx, word, given)?,
        }
    }
    calls.close(tx)
}

/// The parameters of a call for the history: secrets masked, long texts by their length.
fn told(method: &ServiceMethod, given: &Given<'_>) -> String {
    let row = |name: &str| {
        let mut rows = method.method.parameters.iter();
        rows.find(|row| row.name.eq_ignore_ascii_case(name))
    };
    let parts: Vec<String> = given
        .iter()
        .filter_map(|(name, text)| {
            row(name).map(|row| format!("{}={}", row.name, shown(row, text)))
        })
        .collect();
    parts.join(", ")
}

fn shown(row: &Parameter, text: &str) -> String {
    match row.kind {
        Kind::Secret(mask) => mask.apply(text),
        _ if text.chars().count() > 255 => format!("({} bytes)", text.len()),
        _ => text.to_owned(),
    }
}

fn joined(told: &str) -> String {
    if told.is_empty() { String::new() } else { format!(", {told}") }
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, Scratch, done, symbol};
    use super::{call, calls};
    use crate::kms::model::PropertyValue;
    use crate::store::journal;

    #[test]
    fn of_two_calls_none_takes_effect_when_one_is_refused() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        for (renewal, expected, kept) in [("14", "E_INVALIDARG", 120), ("10080", "", 15)] {
            let planned = [
                ("SetVLActivationInterval", vec![("ActivationInterval", "15")]),
                ("SetVLRenewalInterval", vec![("RenewalInterval", renewal)]),
            ];
            let ended = scratch.write(|tx, scene| calls(tx, scene, "KMS1", &planned));
            assert_eq!(symbol(ended), expected);
            assert_eq!(scratch.number("kms1", "VLActivationInterval"), kept);
        }
    }

    #[test]
    fn a_setting_of_a_host_waits_for_a_restart() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        let given = [("PortNumber", "1689")];
        let mut set = |word| {
            done(scratch.write(|tx, scene| call(tx, scene, ("kms1", None), word, &given)))
                .pending_restart
        };
        assert!(set("SetKeyManagementServiceListeningPort"));
        assert!(!set("SetKeyManagementServicePort"));
    }

    #[test]
    fn the_history_names_the_call_and_undo_takes_it_back() {
        let mut scratch = Scratch::new();
        scratch.add("pc", Some(DESKTOP));
        let key = [("productkey", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")];
        assert_eq!(scratch.call("pc", "InstallProductKey", &key), "");
        let last = scratch.read(|read| journal::find(read, 2)).unwrap();
        assert_eq!(
            last.calls,
            "SoftwareLicensingService.InstallProductKey(ProductKey=*****-*****-*****-*****-EEEEE)"
        );
        let partial = |scratch: &mut Scratch| {
            scratch.held("pc").0.state.products[0].key.clone().unwrap().to_string()
        };
        assert_eq!(partial(&mut scratch), "EEEEE");
        scratch.undo();
        assert_eq!(partial(&mut scratch), "XXXXX");
    }

    #[test]
    fn a_method_of_a_product_is_called_on_the_product_alone() {
        let mut scratch = Scratch::new();
        scratch.add("pc", Some(DESKTOP));
        let given = [("MachineName", "kms2")];
        let word = "SetKeyManagementServiceMachine";
        let mut on =
            |of| symbol(scratch.write(|tx, scene| call(tx, scene, ("pc", of), word, &given)));
        assert_eq!(on(Some(DESKTOP)), "");
        assert_eq!(on(Some("Windows 11")), "usage");
        assert_eq!(scratch.shows("pc", "KeyManagementServiceMachine"), PropertyValue::Null);
        let host = scratch.held("pc").0.state.products[0].host.name.clone();
        assert_eq!(host.unwrap().as_str(), "kms2");
        assert_eq!(scratch.call("pc", "ReArmSku", &[]), "usage");
    }

    #[test]
    fn a_licence_file_is_noted_once_by_its_digest() {
        let mut scratch = Scratch::new();
        scratch.add("pc", None);
        for (text, expected) in
            [("<a/>", ""), ("<a/>", ""), ("<b/>", ""), ("<a>", "SL_E_INVALID_LICENSE")]
        {
            assert_eq!(scratch.call("pc", "InstallLicense", &[("License", text)]), expected);
        }
        let count = scratch
            .read(|read| read.one("select count(*) from kms_licenses", &[], |row| row.int(0)));
        assert_eq!(count, Some(2));
    }
}
