//! Golden artefacts: a small file of each form that is read, and what licctl says of it.
//!
//! A folder of `tests/golden/<api>/` holds the file, `expect.json` and `PROVENANCE.md`. `expect.json` is a list of steps: `run`,
//! a line for a shell whose only programs are licctl and those of the system, run in the folder on a store of its own; `answer`,
//! the JSON that it prints, or the lines when it prints none, or the error; `status`, when it is not 0. The provenance says after
//! which document the file was made, what was left out of it, and its SHA-256. `BLESS=1` writes answers and digests; read the
//! difference before committing.

use crate::support::{User, root};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Every folder with an artefact, and its files but for the two that are about it.
fn folders() -> Vec<(PathBuf, Vec<PathBuf>)> {
    let entries = |path: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    };
    let about = |path: &PathBuf| !path.ends_with("expect.json") && !path.ends_with("PROVENANCE.md");
    entries(&root().join("tests/golden"))
        .iter()
        .flat_map(|api| entries(api))
        .map(|folder| {
            let files = entries(&folder).into_iter().filter(about).collect();
            (folder, files)
        })
        .collect()
}

/// What a step prints: one document, a document a line, or lines.
fn said(text: &str) -> Value {
    if let Ok(document) = serde_json::from_str(text) {
        return document;
    }
    let documents: Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
    documents.map_or_else(|_| text.lines().map(Value::from).collect(), Value::Array)
}

/// The steps as they run.
fn told(folder: &Path, steps: &[Value]) -> Value {
    let user = User::new();
    let run = |step: &Value| {
        let line = step["run"].as_str().expect("a step has `run`");
        let output = user
            .clean("sh")
            .args(["-c", line])
            .current_dir(folder)
            .env("LICCTL_STORE", user.store())
            .output()
            .unwrap();
        let out = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
        let mut told = Map::new();
        told.insert("run".to_owned(), line.into());
        if output.status.code() != Some(0) {
            told.insert("status".to_owned(), output.status.code().into());
        }
        told.insert("answer".to_owned(), said(&String::from_utf8_lossy(out)));
        Value::Object(told)
    };
    steps.iter().map(run).collect()
}

fn digest(path: &Path) -> String {
    Sha256::digest(std::fs::read(path).unwrap()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[test]
fn every_golden_artefact_is_read_as_it_is_written_down() {
    let mut wrong = Vec::new();
    for (folder, _) in folders() {
        let path = folder.join("expect.json");
        let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let found = told(&folder, written.as_array().expect("a list of steps"));
        if found == written {
            continue;
        }
        if blessing() {
            std::fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        } else {
            wrong.push(format!("{}:\n{found:#}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_provenance_of_every_golden_artefact_holds_its_digest() {
    for (folder, files) in folders() {
        let path = folder.join("PROVENANCE.md");
        let text = std::fs::read_to_string(&path).unwrap();
        for heading in ["Whence: ", "Licence: ", "Left out: "] {
            assert!(text.lines().any(|line| line.starts_with(heading)), "{}", path.display());
        }
        assert!(!files.is_empty(), "{}", folder.display());
        let digests: Vec<String> = files
            .iter()
            .map(|file| {
                let name = file.file_name().unwrap().to_string_lossy();
                format!("SHA-256 of `{name}`: {}", digest(file))
            })
            .collect();
        let kept: Vec<&str> =
            text.lines().filter(|line| !line.starts_with("SHA-256 of ")).collect();
        let expected = format!("{}\n{}\n", kept.join("\n").trim_end(), digests.join("\n"));
        if blessing() && text != expected {
            std::fs::write(&path, &expected).unwrap();
        } else {
            assert_eq!(text, expected, "{}", path.display());
        }
    }
}

/// Whoever adds a reader adds its golden artefact.
#[test]
fn every_kind_of_kms_artefact_has_a_golden_one() {
    let mut read = BTreeSet::new();
    for (folder, _) in folders() {
        let steps = std::fs::read_to_string(folder.join("expect.json")).unwrap();
        let steps: Value = serde_json::from_str(&steps).unwrap();
        for step in steps.as_array().unwrap() {
            for item in step["answer"]["items"].as_array().into_iter().flatten() {
                read.extend(item["kind"].as_str().map(str::to_owned));
            }
        }
    }
    let kinds = licctl::kms::import::KINDS.iter().map(|kind| kind.name.to_owned());
    let missing: Vec<String> = kinds.filter(|kind| !read.contains(kind)).collect();
    assert_eq!(missing, Vec::<String>::new());
}
