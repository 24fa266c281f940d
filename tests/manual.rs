//! Every example that help and man pages show runs as it is written.

use crate::story;
use crate::support::{Answer, User, root};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Which instance is meant where an example names none.
const MEANT: [(&str, &str); 6] = [
    ("LICCTL_KMS_MACHINE", "kms01.corp.contoso.example"),
    ("LICCTL_CSP_DEVICE", "NB-017"),
    ("LICCTL_TSLICENSE_SERVER", "ls01.corp.contoso.example"),
    ("LICCTL_VSPHERE_VCENTER", "hq"),
    ("LICCTL_RMS_SERVER", "lic01"),
    ("LSHOST", "lic01~lic02"),
];

/// Runs an example in a copy of the folder; why it does not run, if so.
fn trouble(folder: &User, example: &str) -> Option<String> {
    let own = User::new();
    let copied = Command::new("cp").arg("-a").arg(folder.path(".")).arg(own.path(".")).status();
    assert!(copied.unwrap().success(), "the folder is copied");
    let path = format!("{}:{}", own.path("bin").display(), User::search_path());
    let mut shell = own.clean("bash");
    shell
        .args(["-o", "pipefail", "-c", example])
        .env("LICCTL_STORE", own.store())
        .env("PATH", path)
        .envs(MEANT);
    let answer = Answer::of(&shell.output().unwrap());
    // 1 is what a command ends with that finds something; plug-ins of monitors end with 2 then.
    let most = if example.contains("--as nagios") { 2 } else { 1 };
    let runs = (0..=most).contains(&answer.status) && !answer.err.contains("panicked");
    (!runs).then(|| format!("{example}\n  {}: {}", answer.status, answer.err.trim_end()))
}

#[test]
fn every_example_of_the_manual_runs() {
    let folder = User::new();
    story::check_by(&folder, &root().join("tests/manual.md"));
    let examples = licctl::manual::examples();
    assert!(examples.len() > 500, "there are examples: {}", examples.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let taken = std::iter::from_fn(|| examples.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.filter_map(|example| trouble(&folder, example)).collect::<Vec<_>>()
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let failed: Vec<String> = std::thread::scope(|scope| {
        let working: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        working.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "examples that do not run:\n{}", failed.join("\n"));
}
