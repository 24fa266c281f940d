//! `vsphere export`: what an instance holds, in the forms of the tools that people have.

mod saved;

use super::acting::Vcenters;
use crate::error::{Outcome, Usage, Verdict};
use crate::session::Session;
use crate::store::Read;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::export::list::{List, Shape};
use crate::vsphere::export::sheet::Sheet;
use crate::vsphere::export::steps::{Step, Tool};
use crate::vsphere::export::{catalogue, steps, terraform, vim_cmd, xml};
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::ops::listing::{self, Inventory};
use crate::vsphere::ops::{Scene, entities};
use anyhow::Context;
use clap::ValueEnum;
use clap_complete::ArgValueCompleter;
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// As `govc license.ls -json` and `govc license.assigned.ls -json` print
    GovcJson,
    /// As VI/JSON sends: every value with its type
    Vijson,
    /// Plain values, `used` whenever it is set
    Json,
    /// As `govc license.ls -xml` prints: XML with types
    GovcXml,
    /// Calls of govc for a shell
    GovcScript,
    /// Calls of `PowerCLI`
    Powercli,
    /// Tasks of community.vmware
    Ansible,
    /// Resources `vsphere_license`
    Terraform,
    /// Sheets vLicense and vHost of RVTools
    RvtoolsCsv,
    /// The same, and a table of assignments
    Csv,
    /// As the shell of a host prints it
    VimCmd,
    /// Folder of `govc object.save -l`, for `vcsim -load`
    VcsimDir,
    /// Editions and keys, keys as digests
    Catalogue,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Select {
    Licenses,
    Assignments,
    Hosts,
    All,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere export --as govc-json\n  licctl vsphere export --as vijson --select=assignments --show-secrets --into assigned.json\n  licctl vsphere export --as json --select=assignments --all-vcenters\n  licctl vsphere export --as vcsim-dir --show-secrets --into saved"
)]
pub(super) struct Arguments {
    /// The form of the file
    #[arg(
        long = "as",
        value_name = "FORM",
        hide_possible_values = true,
        help = "The form: govc-json, vijson, json, govc-xml, govc-script, powercli, ansible, terraform, rvtools-csv, csv, vim-cmd, vcsim-dir, catalogue"
    )]
    form: Form,
    /// What is written; default: licenses, in scripts and folders all
    #[arg(long = "select", value_name = "WHAT")]
    what: Option<Select>,
    /// Write into this file or folder instead of the standard output
    #[arg(long, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    into: Option<PathBuf>,
    /// The host whose license is printed as its shell does
    #[arg(long, value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
    host: Option<String>,
    /// Let variables stand for keys in scripts, also where keys may be shown
    #[arg(long)]
    keys_as_vars: bool,
    #[command(flatten)]
    vcenters: Vcenters,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let what = chosen(arguments)?;
    let scenes = arguments.vcenters.scenes(session)?;
    let Some(scene) = scenes.first() else {
        return Err(Usage::new("the store has no vCenter")
            .hinted("`licctl vsphere import FILE` brings one in")
            .into());
    };
    if !scene.secrets {
        session.printer.note("keys are masked; `--show-secrets` writes them in full");
    }
    if arguments.form == Form::VcsimDir {
        return saved::write(arguments.into.as_deref(), scene, session);
    }
    let writing = Writing { arguments, what, scene, scenes: &scenes };
    let rehearses = session.rehearses();
    let (store, printer) = session.store();
    match &arguments.into {
        None => store.read(|read| writing.write(read, printer.writer()?))?,
        Some(path) if rehearses => {
            store.read(|read| writing.write(read, &mut std::io::sink()))?;
            printer.note(&format!("dry run: {} was not written", path.display()));
        }
        Some(path) => {
            store.read(|read| {
                crate::artefact::write::streamed(path, |out| writing.write(read, out))
            })?;
            printer.note(&format!("wrote {}", path.display()));
        }
    }
    Ok(Verdict::Yes)
}

/// What is written in that form.
///
/// Usage error when the form cannot carry what was asked.
fn chosen(arguments: &Arguments) -> Outcome<Select> {
    use Form::{
        Ansible, Catalogue, Csv, GovcJson, GovcScript, GovcXml, Json, Powercli, RvtoolsCsv,
        Terraform, VcsimDir, Vijson, VimCmd,
    };
    use Select::{All, Assignments, Hosts, Licenses};
    let carries: &[Select] = match arguments.form {
        GovcJson | Vijson | Json | GovcXml => &[Licenses, Assignments],
        GovcScript | Powercli | Ansible => &[All, Licenses, Assignments],
        Terraform | VimCmd | Catalogue => &[Licenses],
        RvtoolsCsv => &[Licenses, Hosts],
        Csv => &[Licenses, Assignments, Hosts],
        VcsimDir => &[All],
    };
    if arguments.vcenters.all_vcenters
        && !matches!(arguments.form, GovcJson | Vijson | Json | GovcXml)
    {
        let form = arguments.form.name();
        return Err(Usage::new(format!("`--as {form}` holds what one vCenter has"))
            .hinted("give `--vcenter NAME`, or `--as json`, `govc-json`, `vijson` or `govc-xml`")
            .into());
    }
    let Some(what) = arguments.what else {
        return Ok(carries.first().copied().unwrap_or(Licenses));
    };
    if carries.contains(&what) {
        return Ok(what);
    }
    let word = |value: &dyn ToName| value.name();
    let words: Vec<String> = carries.iter().map(|select| word(select)).collect();
    let message = format!("`--as {}` cannot carry `{}`", word(&arguments.form), word(&what));
    Err(Usage::new(message)
        .hinted(format!("give `--select={}`", words.join("` or `--select=")))
        .into())
}

/// The word of a value on the command line.
trait ToName {
    fn name(&self) -> String;
}

impl<T: ValueEnum> ToName for T {
    fn name(&self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// One export.
struct Writing<'a> {
    arguments: &'a Arguments,
    what: Select,
    scene: &'a Scene,
    /// It, and the others that are written into the same list.
    scenes: &'a [Scene],
}

impl Writing<'_> {
    fn write(&self, read: &mut dyn Read, out: &mut dyn Write) -> Outcome<()> {
        match self.arguments.form {
            Form::GovcJson => self.list(read, out, Shape::Govc),
            Form::Vijson => self.list(read, out, Shape::Typed),
            Form::Json => self.list(read, out, Shape::Plain),
            Form::GovcXml => self.xml(read, out),
            Form::GovcScript => self.script(read, out, Tool::Govc),
            Form::Powercli => self.script(read, out, Tool::Powercli),
            Form::Ansible => self.script(read, out, Tool::Ansible),
            Form::Terraform => self.terraform(read, out),
            Form::RvtoolsCsv | Form::Csv => self.sheet(read, out),
            Form::VimCmd => self.shell(read, out),
            Form::Catalogue => {
                let held = listing::catalogue(read, self.scene)?;
                put(out, &catalogue::write(&held, self.scene.secrets))
            }
            Form::VcsimDir => Ok(()),
        }
    }

    fn list(&self, read: &mut dyn Read, out: &mut dyn Write, shape: Shape) -> Outcome<()> {
        let mut list = List::new(out, shape, self.scene.secrets);
        for scene in self.scenes {
            let inventory = listing::inventory(read, scene)?;
            if self.what == Select::Assignments {
                list.next_inventory();
                listing::each(read, scene, &inventory, &mut |listed| {
                    let written = list.assignment(&listed.assignment, listed.place, listed.license);
                    written.context("writing").map_err(Into::into)
                })?;
            } else {
                for info in &inventory.licenses {
                    list.license(info).context("writing")?;
                }
            }
        }
        list.end().context("writing").map_err(Into::into)
    }

    fn xml(&self, read: &mut dyn Read, out: &mut dyn Write) -> Outcome<()> {
        let secrets = self.scene.secrets;
        self.scenes.iter().try_for_each(|scene| {
            let inventory = listing::inventory(read, scene)?;
            if self.what == Select::Assignments {
                return listing::each(read, scene, &inventory, &mut |listed| {
                    put(out, &xml::assignment(&listed.whole(), secrets))
                });
            }
            inventory.licenses.iter().try_for_each(|info| put(out, &xml::license(info, secrets)))
        })
    }

    /// The calls that would make the state as it is.
    fn script(&self, read: &mut dyn Read, out: &mut dyn Write, tool: Tool) -> Outcome<()> {
        let inventory = listing::inventory(read, self.scene)?;
        let mut made = Vec::new();
        if self.what != Select::Licenses {
            listing::each(read, self.scene, &inventory, &mut |listed| {
                if listed.held.is_some() && is_key(listed.license) {
                    made.push((listed.entity.clone(), listed.license.license_key.clone()));
                }
                Ok(())
            })?;
        }
        let keys = inventory.licenses.iter().filter(|info| is_key(info));
        let added = keys.map(|info| Step::Add { key: &info.license_key, labels: &info.labels });
        let added = added.filter(|_| self.what != Select::Assignments);
        let assigned = made.iter().map(|(entity, key)| Step::Assign { entity, key });
        let all: Vec<Step<'_>> = added.chain(assigned).collect();
        put(out, &steps::write(tool, &all, self.in_clear()))
    }

    fn terraform(&self, read: &mut dyn Read, out: &mut dyn Write) -> Outcome<()> {
        let inventory = listing::inventory(read, self.scene)?;
        let mut assignments = 0;
        listing::each(read, self.scene, &inventory, &mut |listed| {
            assignments += usize::from(listed.held.is_some());
            Ok(())
        })?;
        let keys = inventory.licenses.iter().filter(|info| is_key(info));
        let keys: Vec<_> = keys.map(|info| (&info.license_key, info.labels.as_slice())).collect();
        put(out, &terraform::write(&keys, assignments, self.in_clear()))
    }

    fn sheet(&self, read: &mut dyn Read, out: &mut dyn Write) -> Outcome<()> {
        let (vcenter, secrets) = (&self.scene.vcenter, self.scene.secrets);
        let inventory = listing::inventory(read, self.scene)?;
        let writing = "writing";
        match self.what {
            Select::Hosts => {
                let held = holders(read, self.scene, &inventory)?;
                let all = listing::entities(read, self.scene)?;
                let clusters: HashMap<&str, &str> =
                    all.iter().map(|entity| (entity.entity_id.as_str(), entity.called())).collect();
                let mut sheet = Sheet::hosts(out, vcenter, secrets).context(writing)?;
                for host in all.iter().filter(|entity| entity.kind == EntityKind::Host) {
                    let cluster = host.parent.as_deref().unwrap_or_default();
                    let cluster = clusters.get(cluster).copied().unwrap_or(cluster);
                    let keys = held.get(&host.id).map(Vec::as_slice).unwrap_or_default();
                    sheet.host(host, cluster, keys).context(writing)?;
                }
            }
            Select::Assignments => {
                let mut sheet = Sheet::assignments(out, vcenter, secrets).context(writing)?;
                listing::each(read, self.scene, &inventory, &mut |listed| {
                    let written = sheet.assignment(&listed.assignment, listed.license);
                    written.context(writing).map_err(Into::into)
                })?;
            }
            Select::Licenses | Select::All => {
                let mut sheet = Sheet::licenses(out, vcenter, secrets).context(writing)?;
                for info in &inventory.licenses {
                    sheet.license(info).context(writing)?;
                }
            }
        }
        Ok(())
    }

    /// The licenses of a host, as its own shell shows them; of a stand-alone host those of the instance.
    fn shell(&self, read: &mut dyn Read, out: &mut dyn Write) -> Outcome<()> {
        let inventory = listing::inventory(read, self.scene)?;
        let infos: Vec<LicenseInfo> = match &self.arguments.host {
            None if self.scene.vcenter.uuid.is_some() => {
                return Err(Usage::new("`--as vim-cmd` prints what one host says of itself")
                    .hinted("give `--host ENTITY`")
                    .into());
            }
            None => inventory.licenses.clone(),
            Some(text) => {
                let host = entities::named(read, self.scene, text)?;
                let mut infos = Vec::new();
                listing::each(read, self.scene, &inventory, &mut |listed| {
                    if listed.entity.entity_id == host {
                        infos.push(listed.license.clone());
                    }
                    Ok(())
                })?;
                infos
            }
        };
        put(out, &vim_cmd::write(&infos, self.scene.secrets))
    }

    /// Whether keys stand in scripts.
    fn in_clear(&self) -> bool {
        self.scene.secrets && !self.arguments.keys_as_vars
    }
}

/// Whether a license has a key that can be added: the evaluation and entitlements have none.
fn is_key(info: &LicenseInfo) -> bool {
    !info.license_key.is_evaluation() && !info.license_key.is_placeholder()
}

/// The keys that entities hold, by their numbers.
fn holders(
    read: &mut dyn Read,
    scene: &Scene,
    inventory: &Inventory,
) -> Outcome<HashMap<i64, Vec<String>>> {
    let mut held: HashMap<i64, Vec<String>> = HashMap::new();
    listing::each(read, scene, inventory, &mut |listed| {
        let key = listed.license.license_key.text(scene.secrets).to_owned();
        held.entry(listed.entity.id).or_default().push(key);
        Ok(())
    })?;
    Ok(held)
}

fn put(out: &mut dyn Write, text: &str) -> Outcome<()> {
    out.write_all(text.as_bytes()).context("writing").map_err(Into::into)
}
