//! `SyncML` documents and Fleet profiles: their structure, and what concerns a file.

use super::*;
use crate::error::{Complaint, Place, Stop, Usage};
use crate::finding::Level;

#[test]
fn a_message_without_a_fault_has_no_findings() {
    let commands = vec![
        get(EDITION, 3),
        replace(POLICY, 4, "1"),
        command(
            "Exec",
            5,
            vec![value("./Vendor/MSFT/WindowsLicensing/SMode/SwitchFromSMode", 5, "null", "")],
        ),
        get("./DevDetail/SwV", 6),
        get("./Vendor/MSFT/WindowsLicensing/Subscriptions/A%20B/Name", 7),
        get("./Vendor/MSFT/WindowsLicensing?list=StructData", 8),
    ];
    assert_eq!(marks(&of(message(commands))), Vec::<String>::new());
}

#[test]
fn a_device_that_tells_of_itself_in_source_addresses_is_left_alone() {
    let own = Item { line: 3, source: Some(text("./DevInfo/DevId", 3)), ..Item::default() };
    assert_eq!(classes(&of(message(vec![command("Replace", 3, vec![own])]))), [""; 0]);
}

#[test]
fn every_command_of_a_message_has_its_own_cmd_id() {
    let with = |id: Option<&str>, line: u64| Command {
        cmd_id: id.map(|id| text(id, line)),
        ..get(EDITION, line)
    };
    let cases = [
        (vec![with(None, 3)], vec!["CSP010@3"]),
        (vec![with(Some("  "), 3)], vec!["CSP010@3"]),
        (vec![with(Some("4"), 3), with(Some("4"), 4)], vec!["CSP011@4"]),
        (vec![with(Some("a1f3c2"), 3), with(Some("A1F3C2"), 4)], vec![]),
        (vec![with(Some("0"), 3), with(Some("0"), 4)], vec!["CSP012@3", "CSP012@4"]),
        (vec![with(Some("$CmdID$"), 3), with(Some("$CmdID$"), 4)], vec!["CSP021@3", "CSP021@4"]),
    ];
    for (commands, expected) in cases {
        assert_eq!(marks(&of(message(commands))), expected);
    }
    assert_eq!(marks(&of(bare(vec![replace(POLICY, 1, "1")]))), [""; 0]);
    let inside = Command { cmd_id: None, ..replace(POLICY, 4, "1") };
    assert_eq!(marks(&of(message(vec![group("Atomic", 3, vec![inside])]))), ["CSP010@4"]);
}

#[test]
fn each_message_of_a_file_counts_its_cmd_ids_anew() {
    let mut two = message(vec![get(EDITION, 3)]);
    two.extend(message(vec![get(EDITION, 3)]));
    assert_eq!(marks(&of(two)), [""; 0]);
}

#[test]
fn an_atomic_holds_no_atomic_and_no_get_however_deep() {
    let atomic = |inner| message(vec![group("Atomic", 3, vec![inner])]);
    assert_eq!(marks(&of(atomic(group("Atomic", 4, vec![])))), ["CSP013@4"]);
    let deep = group("Sequence", 4, vec![group("Atomic", 5, vec![])]);
    assert_eq!(marks(&of(atomic(deep))), ["CSP013@5"]);
    assert_eq!(marks(&of(atomic(get(EDITION, 4)))), ["CSP014@4"]);
    assert_eq!(marks(&of(atomic(group("Sequence", 4, vec![get(EDITION, 5)])))), ["CSP014@5"]);
    let sequence = group("Sequence", 3, vec![group("Atomic", 4, vec![]), get(EDITION, 5)]);
    assert_eq!(marks(&of(message(vec![sequence]))), [""; 0]);
}

#[test]
fn an_atomic_does_not_add_and_replace_one_node() {
    let add = |uri: &str, line| Command { name: "Add".to_owned(), ..replace(uri, line, "1") };
    let other = "./Device/Vendor/MSFT/Policy/Config/Area/Name";
    for (first, second) in [
        (POLICY, POLICY),
        (POLICY, "./Device/Vendor/MSFT/windowslicensing/SMode/Switching%50olicy"),
        (other, other),
    ] {
        let both = vec![add(first, 4), replace(second, 5, "1"), replace(second, 6, "1")];
        let found = marks(&of(message(vec![group("Atomic", 3, both)])));
        assert_eq!(found.iter().filter(|mark| *mark == "CSP015@5").count(), 1, "{second}");
        assert_eq!(found.iter().filter(|mark| mark.starts_with("CSP015")).count(), 1, "{second}");
    }
    let apart = vec![
        group("Atomic", 3, vec![add(POLICY, 4)]),
        group("Atomic", 5, vec![replace(POLICY, 6, "1")]),
    ];
    assert_eq!(marks(&of(message(apart))), ["CSP026@6"]);
}

#[test]
fn an_exec_has_exactly_one_item() {
    let smode = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchFromSMode";
    let with = |items| marks(&of(message(vec![command("Exec", 3, items)])));
    assert_eq!(with(vec![]), ["CSP016@3"]);
    assert_eq!(with(vec![item(smode, 4)]), [""; 0]);
    assert_eq!(with(vec![item(smode, 4), item(smode, 5)]), ["CSP016@3"]);
}

#[test]
fn the_notation_of_data_is_that_of_escaped_text() {
    let with = |change: fn(&mut Data)| {
        let mut item = value(POLICY, 3, "int", "1");
        change(item.data.as_mut().unwrap());
        marks(&of(message(vec![command("Replace", 3, vec![item])])))
    };
    assert_eq!(with(|_| ()), [""; 0]);
    assert_eq!(with(|data| data.cdata = true), ["CSP017@3"]);
    assert_eq!(with(|data| data.markup = true), ["CSP029@3"]);
}

#[test]
fn children_of_meta_are_in_their_own_namespace() {
    let meta = Some(Meta { foreign: Some(5), ..Meta::default() });
    let in_item = Item { meta: meta.clone(), ..item(EDITION, 4) };
    assert_eq!(marks(&of(message(vec![command("Get", 3, vec![in_item])]))), ["CSP019@5"]);
    let in_command = Command { meta, ..get(EDITION, 3) };
    assert_eq!(marks(&of(message(vec![in_command]))), ["CSP019@5"]);
}

#[test]
fn a_document_is_in_the_namespace_of_syncml_1_2() {
    for (namespace, expected) in [
        (Some("SYNCML:SYNCML1.2"), None),
        (Some("SYNCML:SYNCML1.1"), Some("CSP020@1")),
        (None, Some("CSP020@1")),
    ] {
        let mut told = message(vec![get(EDITION, 3)]);
        told[0] = start(Form::Message, namespace);
        assert_eq!(marks(&of(told)), expected.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn final_is_the_last_child_of_the_body() {
    let mut told = message(vec![get(EDITION, 3)]);
    let length = told.len();
    told[length - 2] = Told::Part(Part::Final { line: 9, last: false });
    assert_eq!(marks(&of(told.clone())), ["CSP024@9"]);
    told.remove(length - 2);
    assert_eq!(marks(&of(told)), ["CSP024@3"]);
}

#[test]
fn elements_stand_in_the_order_of_the_grammar() {
    let wrong = Command { disorder: Some(4), ..get(EDITION, 3) };
    assert_eq!(marks(&of(message(vec![wrong]))), ["CSP025@4"]);
    let mut told = message(vec![get(EDITION, 3)]);
    let header = Header { line: 2, disorder: Some(2), ..Header::default() };
    told[1] = Told::Part(Part::Header(Box::new(header)));
    assert_eq!(marks(&of(told)), ["CSP025@2"]);
}

#[test]
fn a_node_is_set_once_in_a_file() {
    let device = "./Device/Vendor/MSFT/WindowsLicensing/smode/Switching%50olicy";
    let found = of(message(vec![replace(POLICY, 3, "1"), replace(POLICY, 4, "0")]));
    assert_eq!(marks(&found), ["CSP026@4"]);
    assert_eq!(found[0].severity, Level::Error);
    assert_eq!(
        found[0].message,
        "`SMode/SwitchingPolicy` is set to `0`, but line 3 sets it to `1` already"
    );
    let found = of(message(vec![replace(POLICY, 3, "1"), replace(device, 4, "01")]));
    assert_eq!(marks(&found), ["CSP040@0", "CSP026@4", "CSP030@4"]);
    assert_eq!(found[1].severity, Level::Warning);
    let found = of(message(vec![replace(POLICY, 3, "1"), replace(LICENSE_TYPE, 4, "0")]));
    assert_eq!(marks(&found), [""; 0]);
}

#[test]
fn a_node_that_was_deleted_between_may_be_set_again() {
    let delete = command("Delete", 4, vec![item(POLICY, 4)]);
    let found = of(message(vec![replace(POLICY, 3, "1"), delete, replace(POLICY, 5, "0")]));
    assert_eq!(marks(&found), [""; 0]);
}

#[test]
fn a_reply_that_would_be_too_large_is_told_of_once() {
    let many = |count: u64| {
        let gets = (3..3 + count).map(|line| get("./Vendor/MSFT/WindowsLicensing", line)).collect();
        of(message(gets))
    };
    assert_eq!(classes(&many(100)), [""; 0]);
    assert_eq!(classes(&many(3000)), ["CSP031"]);
    let small = Target { max_message_size: 300, ..Target::default() };
    let versions = "./Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions";
    let (found, _) = findings(&small, &[message(vec![get(versions, 3)])]);
    assert_eq!(classes(&found), ["CSP031"]);
    let mut silent = message(vec![get(versions, 3)]);
    let header = Header { line: 2, no_response: true, ..Header::default() };
    silent[1] = Told::Part(Part::Header(Box::new(header)));
    assert_eq!(classes(&findings(&small, &[silent]).0), [""; 0]);
}

#[test]
fn a_fleet_profile_holds_only_add_and_replace() {
    assert_eq!(marks(&of(bare(vec![replace(POLICY, 1, "1")]))), [""; 0]);
    assert_eq!(marks(&of(bare(vec![get(EDITION, 1)]))), ["CSP033@1"]);
    let wrapped = group("Atomic", 1, vec![replace(POLICY, 2, "1")]);
    assert_eq!(marks(&of(bare(vec![wrapped]))), ["CSP033@1"]);
    let scep = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/One/Install/Enroll";
    let enrol = command("Exec", 1, vec![item(scep, 1)]);
    assert_eq!(marks(&of(bare(vec![enrol]))), ["CSP042@1"]);
    let mut declared = bare(vec![replace(POLICY, 2, "1")]);
    declared.insert(1, Told::Part(Part::Instruction { line: 1 }));
    assert_eq!(marks(&of(declared)), ["CSP033@1"]);
    let mut message = message(vec![get(EDITION, 3)]);
    message.insert(1, Told::Part(Part::Instruction { line: 1 }));
    assert_eq!(marks(&of(message)), [""; 0]);
}

#[test]
fn a_document_without_a_header_is_for_local_application() {
    let mut told = message(vec![get(EDITION, 3)]);
    told[0] = start(Form::Body, Some("SYNCML:SYNCML1.2"));
    told.remove(1);
    let found = of(told);
    assert_eq!(marks(&found), ["CSP041@1"]);
    assert_eq!(found[0].severity, Level::Info);
}

#[test]
fn what_no_reader_could_read_is_an_error_with_its_place() {
    let target = Target::default();
    let mut lint = Lint::new(&target, "broken.xml");
    let mut found = Vec::new();
    let mut each = |finding| {
        found.push(finding);
        Ok(())
    };
    let complaint = Complaint::new(Place::Line(7), "the tag `SyncBody` is not closed");
    lint.complaint(&complaint.remedied("close it"), &mut each).unwrap();
    lint.complaint(&Complaint::new(Place::Whole, "the file is empty"), &mut each).unwrap();
    assert_eq!(marks(&found), ["CSP001@7", "CSP001@0"]);
    assert_eq!(found[0].remedy, "close it");
    assert_eq!(found[0].object, "broken.xml");
    assert_eq!(found[1].place.as_ref().unwrap().line, None);
    assert_eq!(lint.finish(), Tally { errors: 2, unreadable: 2, ..Tally::default() });
}

#[test]
fn findings_come_in_the_order_of_lines_and_are_counted() {
    let atomic = group("Atomic", 3, vec![replace(POLICY, 4, "7"), get(EDITION, 5)]);
    let (found, tally) = findings(
        &Target::default(),
        &[message(vec![atomic, exec(UPGRADE, 6, KEY), get("./Other", 7)])],
    );
    assert_eq!(marks(&found), ["CSP006@4", "CSP014@5", "CSP022@6", "CSP034@6", "CSP042@7"]);
    assert_eq!(tally, Tally { errors: 2, warnings: 1, infos: 2, unreadable: 0 });
}

#[test]
fn a_listener_that_stops_stops_the_linter() {
    let target = Target::default();
    let mut lint = Lint::new(&target, "a");
    let part = Part::Command(Box::new(get("./Other", 3)));
    let stopped = lint.message(&part, &mut |_| Err(Usage::new("enough").into()));
    assert!(matches!(stopped, Err(Stop::Usage(_))));
}

#[test]
fn unknown_elements_and_answers_have_no_rule_of_their_own() {
    let foo = Command { cmd_id: None, ..command("Foo", 3, vec![item("./nothing here", 3)]) };
    let status = command("Status", 4, vec![item(EDITION, 4)]);
    assert_eq!(classes(&of(message(vec![foo, status]))), [""; 0]);
}
