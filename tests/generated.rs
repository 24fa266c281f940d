//! What is generated is what the code makes now; and the README's blocks run.

use crate::support::{User, root};
use clap_complete::Shell;
use std::path::Path;

fn same(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == text, "{} is stale; `./check --bless` renews it", path.display());
}

#[test]
fn the_man_pages_are_what_the_rows_and_the_command_tree_say() {
    let pages = licctl::manual::pages().unwrap();
    assert!(pages.len() > licctl::apis::APIS.len());
    for (name, text) in &pages {
        same(&root().join("man").join(name), text);
    }
    let names: Vec<&String> = pages.iter().map(|(name, _)| name).collect();
    for entry in std::fs::read_dir(root().join("man")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(names.contains(&&name), "man/{name} is made by nothing");
    }
}

#[test]
fn the_completions_are_what_the_shells_are_given() {
    let files = [
        (Shell::Bash, "licctl.bash"),
        (Shell::Zsh, "_licctl"),
        (Shell::Fish, "licctl.fish"),
        (Shell::PowerShell, "licctl.ps1"),
        (Shell::Elvish, "licctl.elv"),
    ];
    for (shell, name) in files {
        same(&root().join("completions").join(name), &licctl::manual::completion(shell).unwrap());
    }
}

#[test]
fn the_readme_runs_word_for_word() {
    crate::story::check(&root().join("README.md"));
}

#[test]
fn the_man_pages_are_valid_for_the_formatter() {
    for (name, text) in licctl::manual::pages().unwrap() {
        assert!(text.starts_with(['.', '\'']), "{name}");
        for section in ["NAME", "EXIT STATUS"] {
            assert!(
                text.contains(&format!(".SH {section}"))
                    || text.contains(&format!(".SH \"{section}\"")),
                "{name}: {section}"
            );
        }
    }
}

#[test]
fn every_help_text_says_of_each_command_what_it_does() {
    let user = User::new();
    let mut waiting = vec![Vec::<String>::new()];
    let mut count = 0;
    while let Some(path) = waiting.pop() {
        let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = user.ok(&words);
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        // A name stands two columns in; what goes on with a long line stands further in.
        for line in
            listed.take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "))
        {
            let (name, about) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            assert!(
                !about.trim().is_empty(),
                "licctl {}: nothing is said of `{name}`",
                words.join(" ")
            );
            count += 1;
            if path.len() < 2 {
                waiting.push(path.iter().cloned().chain([name.to_owned()]).collect());
            }
        }
    }
    assert!(count > 200, "{count}");
}
