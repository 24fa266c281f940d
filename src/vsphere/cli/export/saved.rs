//! `--as vcsim-dir`: the three files with licenses of a folder of `govc object.save -l`. What else is in the folder stays.

use crate::error::{Outcome, Usage, Verdict};
use crate::session::Session;
use crate::vsphere::export::xml;
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::ops::{Scene, listing};
use crate::wording::many;
use anyhow::Context;
use std::path::Path;

const MANAGER: &str = "-LicenseManager-";
const ASSIGNMENTS: &str = "LicenseAssignmentManager-LicenseAssignmentManager";

/// Writes the files into `folder`, which is made when it is not there.
///
/// Usage error when no folder is given.
pub(super) fn write(
    folder: Option<&Path>,
    scene: &Scene,
    session: &mut Session,
) -> Outcome<Verdict> {
    let folder = folder.ok_or_else(|| {
        Usage::new("`--as vcsim-dir` writes a folder").hinted("give `--into FOLDER`")
    })?;
    let names = names(folder)?;
    let rehearses = session.rehearses();
    let (store, printer) = session.store();
    let assigns = scene.vcenter.api_type == ApiType::VirtualCenter;
    let id = if assigns { "LicenseManager" } else { "ha-license-manager" };
    let manager = number(&names, MANAGER, id);
    let files = store.read(|read| {
        let inventory = listing::inventory(read, scene)?;
        let evaluation = listing::evaluation(read, scene)?;
        let text =
            xml::license_manager(id, &inventory.licenses, &evaluation, assigns, scene.secrets);
        let mut files = vec![(folder.join(&manager), text)];
        if assigns {
            let mut answer = xml::answer();
            listing::each(read, scene, &inventory, &mut |listed| {
                answer.push_str(&xml::returned(&listed.whole(), scene.secrets));
                Ok(())
            })?;
            answer.push_str(xml::ANSWERED);
            let file = format!("-{ASSIGNMENTS}.xml");
            let of_manager = names.iter().find(|name| name.ends_with(&file)).cloned();
            let of_manager = of_manager.unwrap_or_else(|| next(&names, &manager, &file));
            files.push((folder.join(of_manager), xml::assignment_manager()));
            files.push((folder.join(ASSIGNMENTS).join("QueryAssignedLicenses.xml"), answer));
        }
        Ok(files)
    })?;
    if !names.iter().any(|name| name.contains("-ServiceInstance-")) {
        printer.note(
            "the folder holds no inventory of `govc object.save`; a simulator needs one beside these files",
        );
    }
    if rehearses {
        printer.note(&format!("dry run: {} not written", many(files.len(), "file")));
        return Ok(Verdict::Yes);
    }
    for (path, text) in &files {
        save(path, text)?;
    }
    printer.note(&format!("wrote {} into {}", many(files.len(), "file"), folder.display()));
    Ok(Verdict::Yes)
}

fn save(path: &Path, text: &str) -> Outcome<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("making the folder {}", parent.display()))?;
    }
    crate::artefact::write::whole(path, text.as_bytes())
}

/// The names of the files that are there; none when the folder is not.
fn names(folder: &Path) -> Outcome<Vec<String>> {
    let reading = || format!("reading the folder {}", folder.display());
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(reading)? {
        names.push(entry.with_context(reading)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The name of the LicenseManager's file: its number stays when it is there.
fn number(names: &[String], part: &str, id: &str) -> String {
    let held = names.iter().find(|name| name.contains(part) && is_xml(name));
    held.cloned().unwrap_or_else(|| next(names, "", &format!("{part}{id}.xml")))
}

fn is_xml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
}

/// A name behind those that are there, and behind `taken`.
fn next(names: &[String], taken: &str, rest: &str) -> String {
    let number = |name: &str| name.get(..4).and_then(|head| head.parse::<u32>().ok());
    let last = names.iter().map(String::as_str).chain([taken]).filter_map(number).max();
    format!("{:04}{rest}", last.map_or(1, |last| last + 1))
}

#[cfg(test)]
mod tests {
    use super::{ASSIGNMENTS, MANAGER, next, number};

    #[test]
    fn numbers_of_files_that_are_there_stay_and_new_ones_come_behind() {
        let names = [
            "0000-ServiceInstance-ServiceInstance.xml".to_owned(),
            "0007-LicenseManager-LicenseManager.xml".to_owned(),
        ];
        assert_eq!(number(&names, MANAGER, "LicenseManager"), names[1]);
        assert_eq!(
            number(&[], MANAGER, "ha-license-manager"),
            "0001-LicenseManager-ha-license-manager.xml"
        );
        let file = format!("-{ASSIGNMENTS}.xml");
        assert_eq!(next(&names, "", &file), format!("0008{file}"));
        assert_eq!(next(&[], "0001-LicenseManager-x.xml", &file), format!("0002{file}"));
    }
}
