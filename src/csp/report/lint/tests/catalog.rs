//! The rules as a whole.

use crate::csp::catalog::lint::RULES;

#[test]
fn every_rule_has_a_document_that_it_finds_fault_with() {
    let tests =
        concat!(include_str!("messages.rs"), include_str!("nodes.rs"), include_str!("profiles.rs"));
    for rule in RULES {
        assert!(tests.contains(&format!("\"{}", rule.id)), "{}", rule.id);
    }
}
