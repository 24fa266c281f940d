//! Methods that bring licenses: install, import, reinstall. Steps 5 to 8, and the change.

use super::call::{Answer, Effect, ManualCall, Moved, Scenery, SourceState, clearinghouse};
use super::shrink::taken;
use super::source;
use super::standing;
use super::terms::{self, Terms};
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{
    WBEM_E_ALREADY_EXISTS, WBEM_E_INVALID_OPERATION, WBEM_E_INVALID_PARAMETER, WBEM_E_NOT_FOUND,
    WBEM_E_NOT_SUPPORTED,
};
use crate::tslicense::catalog::events::{
    NOT_REMOVED, REMOVED_FROM_SOURCE, SOURCE_DEAD, SOURCE_NOT_REACHABLE,
};
use crate::tslicense::catalog::methods::{Act, Program};
use crate::tslicense::catalog::versions::{self, Os};
use crate::tslicense::model::{
    Activation, Arguments, Event, Held, KeyPack, KeyPackId, Purchase, Server,
};
use crate::wording::{are, many};

/// Brings licenses onto a server.
pub(super) fn bring(
    act: Act,
    arguments: &Arguments,
    scenery: &Scenery<'_>,
) -> Result<Effect, Refusal> {
    let Some(program) = act.program() else {
        return Ok(Effect::on(scenery.target));
    };
    let call =
        Bringing { program, arguments, scenery, purchase: terms::purchase(program, arguments) };
    let mut effect = Effect::on(scenery.target);
    standing::activated(&scenery.target.server, &mut effect.warnings)?;
    match act {
        Act::Import(_) => call.import(&mut effect)?,
        Act::Reinstall(_) => call.reinstall(&mut effect)?,
        _ => call.install(&mut effect)?,
    }
    Ok(effect)
}

/// A call that brings licenses.
struct Bringing<'a> {
    program: Program,
    arguments: &'a Arguments,
    scenery: &'a Scenery<'a>,
    purchase: Purchase,
}

/// The packs of the source that an import draws from.
struct Drawn {
    terms: Terms,
    /// What to take out of which pack.
    taken: Vec<(KeyPackId, u32)>,
}

impl Bringing<'_> {
    /// The terms that the call or the user states.
    fn told(&self) -> Option<Terms> {
        let stated = Terms::stated(self.program, self.arguments);
        let modelled = self.scenery.controls.modelled.as_ref();
        stated.or_else(|| modelled.map(|modelled| Terms::modelled(self.program, modelled)))
    }

    /// The terms, when neither the call nor a pack told them.
    fn untold(&self) -> Refusal {
        let what = match self.program {
            Program::Retail => "license code",
            _ => "license key pack ID",
        };
        Refusal::new(
            &WBEM_E_INVALID_OPERATION,
            format!("version, product and count are inside the {what}, and only the clearinghouse reads them"),
        )
        .hinted("tell the model: `--product-version V --product-type T --count N`")
    }

    /// Step 6: the server is new enough for the licenses.
    fn holds(&self, terms: &Terms, warnings: &mut Vec<Warning>) -> Result<(), Refusal> {
        let server = &self.scenery.target.server;
        let Some(os) = server.os else {
            warnings.push(Warning::new(
                "OS_UNKNOWN",
                format!("the release of `{}` is not known; it is taken as new enough", server.name),
            ));
            return Ok(());
        };
        if terms.tier() <= os.tier() {
            return Ok(());
        }
        Err(Refusal::new(
            &WBEM_E_NOT_SUPPORTED,
            format!(
                "`{}` runs {} and cannot hold licenses of {}",
                server.name,
                os.title(),
                versions::short(terms.version)
            ),
        )
        .hinted("bring them onto a license server of at least the version of the licenses"))
    }

    /// The packs of the called server under the same numbers.
    fn under_the_same(&self) -> impl Iterator<Item = &KeyPack> {
        self.scenery.target.packs.iter().filter(|pack| self.is_under(pack))
    }

    fn is_under(&self, pack: &KeyPack) -> bool {
        pack.purchase.as_ref().is_some_and(|held| held.is_under(&self.purchase.numbers))
    }

    /// Whether a number names one pack: it may be installed once, everywhere.
    fn names_one_pack(&self) -> bool {
        matches!(self.program, Program::Retail | Program::Offline)
    }

    fn install(&self, effect: &mut Effect) -> Result<(), Refusal> {
        let told = self.told();
        if let Some(terms) = &told {
            self.holds(terms, &mut effect.warnings)?;
        }
        if self.names_one_pack() {
            self.first_installation()?;
        }
        let terms = told.ok_or_else(|| self.untold())?;
        clearinghouse(&self.scenery.controls)?;
        self.ordered(&terms, effect);
        self.add(&terms, effect);
        Ok(())
    }

    fn first_installation(&self) -> Result<(), Refusal> {
        if let Some(pack) = self.under_the_same().next() {
            return Err(Refusal::new(
                &WBEM_E_ALREADY_EXISTS,
                format!("the licenses are installed already, as key pack {}", pack.id.0),
            )
            .hinted("to install them again use `reinstall`"));
        }
        if let Some((server, _)) = self.scenery.elsewhere.first() {
            return Err(Refusal::new(
                &WBEM_E_INVALID_OPERATION,
                format!("the licenses are installed on `{server}`"),
            )
            .hinted("to move them use `import`"));
        }
        Ok(())
    }

    /// Warns when more is installed than was ordered, over all servers.
    fn ordered(&self, terms: &Terms, effect: &mut Effect) {
        let elsewhere = self.scenery.elsewhere.iter().map(|(_, pack)| pack);
        let packs: Vec<&KeyPack> = self.under_the_same().chain(elsewhere).collect();
        let ordered = packs.iter().filter_map(|pack| pack.purchase.as_ref()?.ordered).max();
        let sum =
            packs.iter().map(|pack| u64::from(pack.total)).sum::<u64>() + u64::from(terms.count);
        if let Some(ordered) = ordered.filter(|ordered| sum > u64::from(*ordered)) {
            effect.warnings.push(Warning::new(
                "OVER_PURCHASE",
                format!(
                    "{} {} installed under numbers with which {ordered} were ordered",
                    many(sum, "license"),
                    are(sum)
                ),
            ));
        }
    }

    /// Puts the new pack in.
    fn add(&self, terms: &Terms, effect: &mut Effect) {
        let id = effect.target.next_id();
        let of = (terms.version, terms.product);
        let pack = KeyPack::new(id, terms.key_pack_type, of, terms.count);
        effect.target.put(KeyPack { purchase: Some(self.purchase.clone()), ..pack });
        effect.answer.key_pack = Some(id);
    }

    fn reinstall(&self, effect: &mut Effect) -> Result<(), Refusal> {
        let told = self.told();
        if let Some(terms) = &told {
            self.holds(terms, &mut effect.warnings)?;
        }
        let fits = |pack: &&KeyPack| told.is_none_or(|terms| terms.are_those_of(pack));
        let Some(pack) = self.under_the_same().find(fits) else {
            let terms = told.ok_or_else(|| self.untold())?;
            clearinghouse(&self.scenery.controls)?;
            self.add(&terms, effect);
            return Ok(());
        };
        let total = told.map_or(pack.total, |terms| terms.count);
        if pack.is_per_device() && total < pack.issued {
            return Err(Refusal::new(
                &WBEM_E_INVALID_PARAMETER,
                format!(
                    "{} of key pack {} {} issued; {total} cannot hold them",
                    many(pack.issued, "license"),
                    pack.id.0,
                    are(pack.issued)
                ),
            )
            .with("parameter", "LicenseCount"));
        }
        clearinghouse(&self.scenery.controls)?;
        effect.answer.key_pack = Some(pack.id);
        effect.target.put(pack.with_total(total));
        Ok(())
    }

    fn import(&self, effect: &mut Effect) -> Result<(), Refusal> {
        let stated = self.told();
        if let Some(terms) = &stated {
            self.holds(terms, &mut effect.warnings)?;
        }
        source::agrees(&self.scenery.target.server, self.scenery.others, self.arguments)?;
        let drawn = match self.asked() {
            Some(source) => Some(self.draw(source, stated.as_ref())?),
            None => {
                let terms = stated.ok_or_else(|| self.untold())?;
                self.first_import(&terms, effect)?;
                None
            }
        };
        let terms = match (&drawn, stated) {
            (Some(drawn), _) => drawn.terms,
            (None, Some(terms)) => terms,
            (None, None) => return Err(self.untold()),
        };
        if stated.is_none() {
            self.holds(&terms, &mut effect.warnings)?;
        }
        clearinghouse(&self.scenery.controls)?;
        self.add(&terms, effect);
        self.leave(&terms, drawn, effect);
        Ok(())
    }

    /// The source, when it is known and can be asked.
    fn asked(&self) -> Option<&Held> {
        let as_stored = self.scenery.controls.source == SourceState::AsStored;
        self.scenery.source.filter(|source| as_stored && source.server.reachable)
    }

    /// Step 7.4 and 7.5: the source has the licenses, and enough of them.
    fn draw(&self, source: &Held, stated: Option<&Terms>) -> Result<Drawn, Refusal> {
        let whole = source.packs.iter().find(|pack| self.names_one_pack() && self.is_under(pack));
        if let Some(pack) = whole {
            let taken = vec![(pack.id, pack.total)];
            return Ok(Drawn { terms: Terms::of(pack), taken });
        }
        let terms = *stated.ok_or_else(|| self.untold())?;
        let fits = |pack: &&KeyPack| {
            pack.key_pack_type == terms.key_pack_type
                && terms.are_those_of(pack)
                && (pack.purchase.is_none() || self.is_under(pack))
        };
        let matching: Vec<&KeyPack> = source.packs.iter().filter(fits).collect();
        let name = &source.server.name;
        if matching.is_empty() {
            return Err(Refusal::new(
                &WBEM_E_NOT_FOUND,
                format!("`{name}` has no pack of licenses {} under these numbers", terms.words()),
            )
            .hinted(format!("`licctl tslicense keypack list --server {name}` shows what it has")));
        }
        let removable: u64 = matching.iter().map(|pack| u64::from(pack.removable())).sum();
        if removable < u64::from(terms.count) {
            return Err(Refusal::new(
                &WBEM_E_INVALID_PARAMETER,
                format!(
                    "`{name}` has {} to give; {} asked for",
                    many(removable, "such license"),
                    match terms.count {
                        1 => "1 was".to_owned(),
                        count => format!("{count} were"),
                    }
                ),
            )
            .hinted(match removable {
                0 => "the others are issued; they move once they come back".to_owned(),
                most => format!("ask for {most} at most"),
            })
            .with("parameter", "LicenseCount"));
        }
        Ok(Drawn { terms, taken: taken(matching.into_iter(), terms.count) })
    }

    /// Step 7.6: what cannot be asked is imported once.
    fn first_import(&self, terms: &Terms, effect: &mut Effect) -> Result<(), Refusal> {
        let from = self.purchase.origin.as_ref();
        let same_source = |pack: &KeyPack| {
            let origin = pack.purchase.as_ref().and_then(|purchase| purchase.origin.as_ref());
            origin.zip(from).is_some_and(|(held, from)| held.id.eq_ignore_ascii_case(&from.id))
        };
        let repeated = self
            .under_the_same()
            .find(|pack| terms.are_those_of(pack) && same_source(pack))
            .map(|pack| pack.id);
        let Some(id) = repeated else { return Ok(()) };
        let message =
            format!("the licenses were imported from that server before, as key pack {}", id.0);
        if !self.scenery.controls.allow_repeat {
            return Err(Refusal::new(&WBEM_E_ALREADY_EXISTS, message)
                .hinted("`--allow-repeat` imports them again"));
        }
        effect.warnings.push(Warning::new("REPEATED_IMPORT", message));
        Ok(())
    }

    /// The side of the source: the licenses leave it, or the administrator is told what to do.
    fn leave(&self, terms: &Terms, drawn: Option<Drawn>, effect: &mut Effect) {
        let name = match self.scenery.source {
            Some(source) => source.server.name.clone(),
            None => self.arguments.text("sSourceLSName").to_owned(),
        };
        let (mut moved, id) = match (drawn, self.asked()) {
            (Some(drawn), Some(source)) => {
                let automatic = gives(&source.server) && gives(&self.scenery.target.server);
                let moved = if automatic {
                    let after = without(source, &drawn.taken, &mut effect.warnings);
                    effect.source = Some(after);
                    Moved { name, removed: drawn.taken, calls: Vec::new() }
                } else {
                    let calls = drawn.taken.iter().map(|taken| by_hand(source, *taken)).collect();
                    Moved { name, removed: Vec::new(), calls }
                };
                (moved, if automatic { REMOVED_FROM_SOURCE } else { NOT_REMOVED })
            }
            _ => {
                let dead = self.scenery.controls.source == SourceState::Dead;
                let calls = vec![across(terms)];
                let id = if dead { SOURCE_DEAD } else { SOURCE_NOT_REACHABLE };
                (Moved { name, removed: Vec::new(), calls }, id)
            }
        };
        let text =
            format!("{} {} from {}", many(terms.count, "license"), terms.words(), moved.name);
        effect.events.push(Event { at: self.scenery.now, id, text });
        moved.removed.sort_unstable();
        effect.answer = Answer { moved: Some(moved), ..std::mem::take(&mut effect.answer) };
    }
}

/// Whether a server takes part when licenses are moved without an administrator's hand.
#[must_use]
pub fn gives(server: &Server) -> bool {
    server.os.is_some_and(Os::migrates) && server.activation == Activation::Activated
}

/// The source without what was taken.
fn without(source: &Held, taken: &[(KeyPackId, u32)], warnings: &mut Vec<Warning>) -> Held {
    let mut after = source.clone();
    for (id, count) in taken {
        if let Some(pack) = source.pack(*id) {
            super::shrink::shrunk(&mut after, pack, *count, warnings);
        }
    }
    after
}

/// What an administrator calls on the source for one pack.
fn by_hand(source: &Held, (id, count): (KeyPackId, u32)) -> ManualCall {
    let whole = source.pack(id).is_some_and(|pack| pack.total == count);
    if whole {
        return ManualCall { act: Act::UninstallWithId, parameters: vec![("KeyPackId", id.0)] };
    }
    ManualCall { act: Act::Remove, parameters: vec![("KeyPackId", id.0), ("LicenseCount", count)] }
}

/// What an administrator calls on a source whose packs are not known.
fn across(terms: &Terms) -> ManualCall {
    ManualCall {
        act: Act::Uninstall,
        parameters: vec![
            ("ProductVersion", terms.version),
            ("ProductType", terms.product),
            ("LicenseCount", terms.count),
        ],
    }
}
