//! Stories: prose with console blocks, run word for word. The test, the example and the specification are one text.
//!
//! `$ ` opens a command, `! ` marks its standard error, `? ` a status other than 0. A block ```` ```file NAME ```` makes a file.
//! `BLESS=1` rewrites the blocks; read the difference before committing.

use crate::support::{User, root};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn stories(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            stories(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// Runs one command of a story; its lines as the story shows them.
fn told(user: &User, command: &str) -> String {
    let output =
        user.clean("sh").arg("-c").arg(command).env("LICCTL_STORE", user.store()).output().unwrap();
    let mut text = format!("$ {command}\n");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let _ = writeln!(text, "{}", format!("! {line}").trim_end());
    }
    match output.status.code() {
        Some(0) => {}
        code => {
            let _ = writeln!(text, "? {}", code.unwrap_or(-1));
        }
    }
    // Seconds are the only thing that no fixed clock fixes.
    regex::Regex::new(r" in \d+\.\d s ").unwrap().replace_all(&text, " in 0.0 s ").into_owned()
}

/// The story as it runs.
fn play(user: &User, text: &str) -> String {
    let (mut told_text, mut lines) = (String::new(), text.lines().peekable());
    while let Some(line) = lines.next() {
        let _ = writeln!(told_text, "{line}");
        if let Some(name) = line.strip_prefix("```file ") {
            let mut body = String::new();
            for line in lines.by_ref() {
                let _ = writeln!(told_text, "{line}");
                if line == "```" {
                    break;
                }
                let _ = writeln!(body, "{line}");
            }
            user.write(name, body);
        } else if line == "```console" {
            while let Some(line) = lines.next() {
                if line == "```" {
                    told_text.push_str("```\n");
                    break;
                }
                if let Some(command) = line.strip_prefix("$ ") {
                    let mut command = command.to_owned();
                    while command.ends_with('\\') {
                        let _ = write!(command, "\n{}", lines.next().unwrap());
                    }
                    told_text.push_str(&told(user, &command));
                }
            }
        }
    }
    told_text
}

/// The story of a file comes out as it is written.
pub(crate) fn check(path: &Path) {
    check_by(&User::new(), path);
}

/// The same, of a user who goes on from there.
pub(crate) fn check_by(user: &User, path: &Path) {
    let written = std::fs::read_to_string(path).unwrap();
    let ran = play(user, &written);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &ran).unwrap();
        return;
    }
    let name = path.strip_prefix(root()).unwrap().display().to_string();
    snapbox::assert_data_eq!(ran, snapbox::Data::text(written).raw());
    drop(name);
}

#[test]
fn every_story_comes_out_as_it_is_told() {
    let mut found = Vec::new();
    stories(&root().join("tests/story"), &mut found);
    found.sort();
    assert!(found.len() >= 5, "there are stories");
    let failed: Vec<String> = found
        .iter()
        .filter(|path| std::panic::catch_unwind(|| check(path)).is_err())
        .map(|path| path.display().to_string())
        .collect();
    assert!(
        failed.is_empty(),
        "stories that came out differently: {failed:#?}\n`BLESS=1 cargo test` rewrites them"
    );
}
