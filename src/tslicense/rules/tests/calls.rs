//! Calls of the methods that bring, move and remove licenses, and of the standing of a server.

use crate::tslicense::catalog::methods::{Act, Program};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Activation, Argument, Held, KeyPack, KeyPackId, Purchase};
use crate::tslicense::rules::call::{Clearinghouse, Controls, Modelled, SourceState};
use crate::tslicense::rules::fixture::{
    ID_A, ID_B, NAME_A, Play, a, b, filed, number, refused, text,
};

const INVALID: &str = "WBEM_E_INVALID_PARAMETER";

#[test]
fn licenses_move_from_the_source_to_the_target() {
    let mut play = Play::new();
    let effect = play.import(&[]).ok().unwrap();
    assert_eq!(effect.answer.key_pack, Some(KeyPackId(3)));
    let pack = play.target.pack(KeyPackId(3)).unwrap();
    assert_eq!((pack.key_pack_type, pack.description.as_str()), (5, "C50-10.01-S"));
    assert_eq!(pack.type_and_model, "RDS Per User CAL");
    assert_eq!(pack.access_rights, 7);
    assert_eq!(Play::counts(&play.target, 3), Some((20, 0, 20)));
    assert_eq!(Play::counts(play.other.as_ref().unwrap(), 3), Some((30, 0, 30)));
    let events: Vec<u32> = effect.events.iter().map(|event| event.id).collect();
    assert_eq!(events, [89]);
    let moved = effect.answer.moved.unwrap();
    assert_eq!(moved.removed, [(KeyPackId(3), 20)]);
    assert!(moved.calls.is_empty());

    let before = play.target.clone();
    assert_eq!(
        refused(play.import(&[("LicenseCount", number(31))])),
        (INVALID, "LicenseCount".to_owned())
    );
    assert_eq!(play.target, before);

    let effect = play.import(&[("LicenseCount", number(30))]).ok().unwrap();
    assert_eq!(effect.answer.key_pack, Some(KeyPackId(4)));
    assert_eq!(Play::counts(play.other.as_ref().unwrap(), 3), None);
}

#[test]
fn a_refusal_says_what_the_call_hands_back() {
    let refusal = Play::new().import(&[("LicenseCount", number(0))]).err().unwrap();
    assert_eq!(refusal.api, "Win32_TSLicenseKeyPack.ImportOpenPurchaseLicenseKeyPack");
    assert_eq!(refusal.answer, [("ReturnValue", Some(2_147_749_896)), ("KeyPackId", None)]);
}

/// Runs the base call with one argument changed: it is refused so, and nothing changes.
fn refuses(name: &str, value: Argument, symbol: &str, parameter: &str) {
    let mut play = Play::new();
    let (target, other) = (play.target.clone(), play.other.clone());
    let found = refused(play.import(&[(name, value)]));
    assert_eq!(found, (symbol, parameter.to_owned()), "{name}");
    assert_eq!((play.target, play.other), (target, other));
}

#[test]
fn codes_of_another_shape_are_refused() {
    for (name, wrong) in [
        ("sLicenseNumber", "1234567"),
        ("sLicenseNumber", "123456789"),
        ("sLicenseNumber", "1234-5678"),
        ("sLicenseNumber", "1234567A"),
        ("sLicenseNumber", "１２３４５６７８"),
        ("sLicenseNumber", " 2345678"),
        ("sLicenseNumber", "1234567\0"),
        ("sLicenseNumber", "12345678\r\n"),
        ("sAuthorizationNumber", "TEST0AUTH00001"),
        ("sAuthorizationNumber", "TEST0AUTH0000001"),
        ("sAuthorizationNumber", "TEST0-AUTH00001"),
        ("sSourceLSName", ""),
        ("sSourceLSName", &"a".repeat(256)),
        ("sSourceLSName", "bad name"),
        ("sSourceLSProductId", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG"),
        ("sSourceLSProductId", "00111-20000-00001-AT001"),
    ] {
        refuses(name, text(wrong), INVALID, name);
    }
}

#[test]
fn numbers_that_the_method_does_not_take_are_refused() {
    for (name, wrong, symbol) in [
        ("ProductVersion", 0, "WBEM_E_NOT_SUPPORTED"),
        ("ProductVersion", 1, "WBEM_E_NOT_SUPPORTED"),
        ("ProductVersion", 9, INVALID),
        ("ProductType", 2, INVALID),
        ("ProductType", 3, INVALID),
        ("ProductType", 6, INVALID),
        ("LicenseCount", 0, INVALID),
        ("LicenseCount", u32::MAX, INVALID),
    ] {
        refuses(name, number(wrong), symbol, name);
    }
    // They have the right shape, and are refused for the state of the servers.
    refuses("ProductVersion", number(2), "WBEM_E_NOT_FOUND", "");
    refuses("ProductVersion", number(8), "WBEM_E_NOT_SUPPORTED", "");
}

#[test]
fn name_and_id_of_the_source_are_those_of_one_other_server() {
    let state = "WBEM_E_INVALID_OPERATION";
    for (name, wrong, symbol) in [
        ("sSourceLSProductId", ID_B, state),
        ("sSourceLSName", "LS-B.corp.example", state),
        ("sSourceLSName", "ls-x.corp.example", INVALID),
        ("sSourceLSName", "CN=ls-a,OU=Servers,DC=corp,DC=example", INVALID),
        ("sSourceLSProductId", &"Z".repeat(35), INVALID),
    ] {
        refuses(name, text(wrong), symbol, name);
    }
}

#[test]
fn the_first_wrong_argument_in_signature_order_is_refused() {
    let both = [("sAuthorizationNumber", text("")), ("sLicenseNumber", text(""))];
    assert_eq!(refused(Play::new().import(&both)), (INVALID, "sLicenseNumber".to_owned()));
    let both = [("ProductType", number(2)), ("ProductVersion", number(0))];
    let found = refused(Play::new().import(&both));
    assert_eq!(found, ("WBEM_E_NOT_SUPPORTED", "ProductVersion".to_owned()));
}

#[test]
fn what_went_wrong_with_a_code_is_told_without_repeating_it() {
    let told = |name: &'static str, value: &str| {
        let refusal = Play::new().import(&[(name, text(value))]).err().unwrap();
        (refusal.message, refusal.hint.unwrap_or_default())
    };
    let (message, hint) = told("sLicenseNumber", "1234-5678");
    assert_eq!(message, "a license number has 8 digits, without hyphens and blanks");
    assert!(hint.contains("--normalize"));
    let (message, hint) = told("sSourceLSProductId", "00111-20000-00001-AT001");
    assert!(message.ends_with("this looks like a product ID"), "{message}");
    assert!(hint.contains("GetLicenseServerId"));
    for (name, value) in [("sLicenseNumber", "7654321"), ("sAuthorizationNumber", "SECRET")] {
        let (message, hint) = told(name, value);
        assert!(!message.contains(value) && !hint.contains(value), "{message}");
    }
}

#[test]
fn codes_are_compared_without_regard_to_case() {
    let mut play = Play::new();
    let id = ID_A.to_ascii_lowercase();
    let changed =
        [("sAuthorizationNumber", text("test0auth000001")), ("sSourceLSProductId", text(&id))];
    assert!(play.import(&changed).is_ok());
}

#[test]
fn a_pack_of_another_purchase_is_not_given() {
    let other = [("sAuthorizationNumber", text("OTHER0AUTH00001"))];
    assert_eq!(refused(Play::new().import(&other)).0, "WBEM_E_NOT_FOUND");
    let mut source = a();
    source.packs[1].purchase = None;
    assert!(Play::on(b(), Some(source)).import(&other).is_ok(), "a pack without memory matches");
}

#[test]
fn an_address_names_the_source_by_its_id() {
    let mut play = Play::new();
    let effect = play.import(&[("sSourceLSName", text("10.1.2.3"))]).ok().unwrap();
    assert_eq!(effect.answer.moved.unwrap().name, NAME_A);
    assert_eq!(Play::counts(play.other.as_ref().unwrap(), 3), Some((30, 0, 30)));
    let unknown =
        [("sSourceLSName", text("2001:db8::7")), ("sSourceLSProductId", text(&"Z".repeat(35)))];
    let effect = play.import(&unknown).ok().unwrap();
    assert_eq!(effect.events[0].id, 92);
    let moved = effect.answer.moved.unwrap();
    assert_eq!((moved.removed.len(), moved.calls.len()), (0, 1));
}

#[test]
fn a_single_label_passes_with_a_warning() {
    let mut source = a();
    source.server.aliases.push("ls-a".to_owned());
    let effect =
        Play::on(b(), Some(source)).import(&[("sSourceLSName", text("LS-A"))]).ok().unwrap();
    assert_eq!(effect.warnings[0].code, "SOURCE_NAME_NOT_FQDN");
}

#[test]
fn only_an_activated_server_takes_licenses_and_arguments_are_looked_at_before() {
    let mut target = b();
    target.server.activation = Activation::NotActivated;
    let refusal = Play::on(target.clone(), Some(a())).import(&[]).err().unwrap();
    assert_eq!(refusal.code.symbol, "WBEM_E_INVALID_OPERATION");
    assert!(refusal.hint.unwrap().contains("server activate"));
    let mut play = Play::on(target.clone(), Some(a()));
    assert_eq!(refused(play.import(&[("LicenseCount", number(0))])).0, INVALID);
    target.server.activation = Activation::Unknown;
    target.server.os = None;
    let effect = Play::on(target, Some(a())).import(&[("ProductVersion", number(6))]).ok().unwrap();
    let codes: Vec<&str> = effect.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["ACTIVATION_UNKNOWN", "OS_UNKNOWN"]);
    assert_eq!(effect.events[0].id, 90, "what is not known takes no part by itself");
}

#[test]
fn a_server_holds_no_licenses_newer_than_itself() {
    let mut target = b();
    target.server.os = Some(Os::V2016);
    let mut play = Play::on(target, Some(a()));
    assert_eq!(refused(play.import(&[])).0, "WBEM_E_NOT_SUPPORTED");
    assert_eq!(
        refused(play.import(&[("sSourceLSName", text("nowhere"))])).0,
        "WBEM_E_NOT_SUPPORTED"
    );
}

#[test]
fn the_clearinghouse_has_the_last_word() {
    for (says, symbol) in
        [(Clearinghouse::Offline, "WBEM_E_NOT_AVAILABLE"), (Clearinghouse::Refuse, "WBEM_E_FAILED")]
    {
        let mut play = Play::new();
        play.controls.clearinghouse = says;
        let before = play.target.clone();
        assert_eq!(refused(play.import(&[])).0, symbol);
        assert_eq!(play.target, before);
        assert_eq!(refused(play.import(&[("LicenseCount", number(51))])).0, INVALID);
    }
}

#[test]
fn a_source_that_cannot_be_asked_is_imported_from_once() {
    let mut play = Play::on(b(), None);
    assert_eq!(play.import(&[]).ok().unwrap().events[0].id, 92);
    assert_eq!(refused(play.import(&[])).0, "WBEM_E_ALREADY_EXISTS");
    let other = [("sSourceLSProductId", text(&"Z".repeat(35)))];
    assert!(play.import(&other).is_ok(), "another source is another import");
    play.controls.allow_repeat = true;
    let effect = play.import(&[]).ok().unwrap();
    assert_eq!(effect.warnings[0].code, "REPEATED_IMPORT");
}

#[test]
fn what_cannot_be_removed_on_the_source_is_left_to_the_administrator() {
    let mut unreachable = a();
    unreachable.server.reachable = false;
    let mut play = Play::on(b(), Some(unreachable.clone()));
    let effect = play.import(&[("LicenseCount", number(500))]).ok().unwrap();
    assert_eq!(effect.events[0].id, 92);
    assert_eq!(play.other, Some(unreachable));

    let mut play = Play::new();
    play.controls.source = SourceState::Dead;
    assert_eq!(play.import(&[]).ok().unwrap().events[0].id, 93);

    let mut old = a();
    old.server.os = Some(Os::V2008);
    let mut play = Play::on(b(), Some(old.clone()));
    let effect = play.import(&[]).ok().unwrap();
    assert_eq!(effect.events[0].id, 90);
    let moved = effect.answer.moved.unwrap();
    assert_eq!(moved.calls[0].act, Act::Remove);
    assert_eq!(moved.calls[0].parameters, [("KeyPackId", 3), ("LicenseCount", 20)]);
    assert_eq!(play.other, Some(old));
    let effect = play.import(&[("LicenseCount", number(50))]).ok().unwrap();
    assert_eq!(effect.answer.moved.unwrap().calls[0].act, Act::UninstallWithId);
}

#[test]
fn a_number_of_a_pack_is_never_given_twice() {
    let mut play = Play::new();
    assert!(play.import(&[("LicenseCount", number(0))]).is_err());
    assert_eq!(play.import(&[]).ok().unwrap().answer.key_pack, Some(KeyPackId(3)));
    assert!(play.run(Act::UninstallWithId, &[number(3)]).is_ok());
    assert_eq!(Play::counts(&play.target, 3), None);
    assert_eq!(play.import(&[]).ok().unwrap().answer.key_pack, Some(KeyPackId(4)));
}

#[test]
fn the_strict_reference_keeps_to_the_versions_that_a_page_lists() {
    let mut play = Play::new();
    play.controls.strict_reference = true;
    assert_eq!(refused(play.import(&[])).0, "WBEM_E_NOT_SUPPORTED");
    assert_eq!(refused(play.import(&[("ProductVersion", number(2))])).0, "WBEM_E_NOT_FOUND");
    let numbers = [text("12345678"), text("TEST0AUTH000001")];
    let mut install = |version| {
        let terms = [number(version), number(1), number(1)];
        play.run(Act::Install(Program::Open), &[numbers.as_slice(), &terms].concat())
    };
    for version in [2, 4, 5, 6] {
        assert!(install(version).is_ok());
    }
    for version in [3, 7] {
        assert_eq!(refused(install(version)).0, "WBEM_E_NOT_SUPPORTED");
    }
}

#[test]
fn licenses_leave_the_lowest_packs_first_on_import_and_the_highest_on_uninstall() {
    let mut source = a();
    source.packs.remove(1);
    for (id, total) in [(3, 10), (7, 5)] {
        source.put(KeyPack::new(KeyPackId(id), 5, (6, 1), total));
    }
    let mut play = Play::on(b(), Some(source.clone()));
    assert!(play.import(&[("LicenseCount", number(12))]).is_ok());
    let other = play.other.as_ref().unwrap();
    assert_eq!((Play::counts(other, 3), Play::counts(other, 7)), (None, Some((3, 0, 3))));
    let mut play = Play::on(source, None);
    assert!(play.run(Act::Uninstall, &[number(6), number(1), number(8)]).is_ok());
    assert_eq!(Play::counts(&play.target, 7), None);
    assert_eq!(Play::counts(&play.target, 3), Some((7, 0, 7)));
    assert_eq!(
        refused(play.run(Act::Uninstall, &[number(6), number(1), number(8)])),
        (INVALID, "LicenseCount".to_owned())
    );
    let gone = play.run(Act::Uninstall, &[number(7), number(1), number(1)]);
    assert_eq!(refused(gone).0, "WBEM_E_NOT_FOUND");
}

#[test]
fn issued_licenses_per_device_stay_in_their_pack() {
    let mut play = Play::on(a(), None);
    assert_eq!(
        refused(play.run(Act::Remove, &[number(4), number(29)])),
        (INVALID, "LicenseCount".to_owned())
    );
    assert!(play.run(Act::Remove, &[number(4), number(28)]).is_ok());
    assert_eq!(Play::counts(&play.target, 4), Some((12, 12, 0)));
    assert_eq!(refused(play.run(Act::Remove, &[number(4), number(1)])).0, INVALID);
    for (id, symbol) in [(2, "WBEM_E_INVALID_OPERATION"), (99, "WBEM_E_NOT_FOUND")] {
        assert_eq!(refused(play.run(Act::Remove, &[number(id), number(1)])).0, symbol);
        assert_eq!(refused(play.run(Act::UninstallWithId, &[number(id)])).0, symbol);
    }
    let effect = play.run(Act::UninstallWithId, &[number(4)]).ok().unwrap();
    assert_eq!(effect.answer.dropped, Some(12));
    let effect = play.run(Act::Uninstall, &[number(6), number(1), number(50)]).ok().unwrap();
    assert!(effect.warnings.is_empty());
    assert_eq!(play.target.packs.len(), 1, "the built-in pack stays");
}

#[test]
fn a_pack_that_vanishes_with_issued_licenses_says_so() {
    let mut target = a();
    target.packs[1].issued = 3;
    let mut play = Play::on(target, None);
    let effect = play.run(Act::Uninstall, &[number(6), number(1), number(50)]).ok().unwrap();
    assert_eq!(effect.warnings[0].code, "ISSUED_DROPPED");
}

#[test]
fn licenses_per_device_become_licenses_per_user() {
    let mut play = Play::on(a(), None);
    play.key = Some(KeyPackId(4));
    let effect = play.run(Act::Convert, &[number(10)]).ok().unwrap();
    assert_eq!(effect.answer.key_pack, Some(KeyPackId(5)));
    assert_eq!(Play::counts(&play.target, 4), Some((30, 12, 18)));
    assert_eq!(Play::counts(&play.target, 5), Some((10, 0, 10)));
    let made = play.target.pack(KeyPackId(5)).unwrap();
    assert_eq!((made.key_pack_type, made.product), (2, 1));
    assert_eq!(made.description, "C50-10.00-S");
    for (key, count, symbol) in [
        (4, 0, INVALID),
        (4, 19, INVALID),
        (2, 1, "WBEM_E_NOT_SUPPORTED"),
        (9, 0, "WBEM_E_NOT_FOUND"),
    ] {
        play.key = Some(KeyPackId(key));
        assert_eq!(refused(play.run(Act::Convert, &[number(count)])).0, symbol, "{key}");
    }
    play.key = Some(KeyPackId(5));
    assert!(play.run(Act::Convert, &[number(10)]).is_ok());
    assert_eq!(Play::counts(&play.target, 5), None, "what is empty disappears");
}

#[test]
fn agreement_numbers_have_seven_digits_unless_the_program_has_others() {
    let mut play = Play::on(b(), None);
    let mut install = |lenient, kind, agreement: &str| {
        play.controls = Controls { lenient_agreement: lenient, ..Controls::default() };
        let given = [number(kind), text(agreement), number(6), number(1), number(1)];
        play.run(Act::Install(Program::Agreement), &given)
    };
    assert!(install(false, 4, "1234567").ok().unwrap().warnings.is_empty());
    assert_eq!(refused(install(false, 4, "12345678")).1, "sAgreementNumber");
    let effect = install(true, 4, "12345678").ok().unwrap();
    assert_eq!(effect.warnings[0].code, "AGREEMENT_NUMBER_LENGTH");
    assert_eq!(refused(install(false, 6, "1234567")), (INVALID, "AgreementType".to_owned()));
    assert_eq!(install(false, 5, "OV12").ok().unwrap().warnings.len(), 1);
    assert!(install(false, 5, "1234567").ok().unwrap().warnings.is_empty());
    assert_eq!(play.target.pack(KeyPackId(3)).unwrap().key_pack_type, 2);
}

#[test]
fn a_license_code_is_installed_once_and_only_the_clearinghouse_can_read_it() {
    let code = text("AAAAABBBBBCCCCCDDDDDEEEEE");
    let install = Act::Install(Program::Retail);
    let mut play = Play::on(b(), None);
    assert_eq!(
        refused(play.run(install, std::slice::from_ref(&code))).0,
        "WBEM_E_INVALID_OPERATION"
    );
    let modelled = Modelled { version: 6, product: 0, count: 5, key_pack_type: None };
    play.controls.modelled = Some(modelled);
    assert!(play.run(install, std::slice::from_ref(&code)).is_ok());
    assert_eq!(play.target.pack(KeyPackId(3)).unwrap().key_pack_type, 1);
    assert_eq!(refused(play.run(install, std::slice::from_ref(&code))).0, "WBEM_E_ALREADY_EXISTS");
    let again =
        play.run(Act::Reinstall(Program::Retail), std::slice::from_ref(&code)).ok().unwrap();
    assert_eq!(again.answer.key_pack, Some(KeyPackId(3)));

    let source = Held { server: a().server, packs: play.target.packs.clone() };
    let mut target = Play::on(b(), Some(source));
    let named = [code.clone(), text(NAME_A), text(ID_A)];
    let effect = target.run(Act::Import(Program::Retail), &named).ok().unwrap();
    assert_eq!(Play::counts(&target.target, 3), Some((5, 0, 5)));
    assert_eq!(effect.answer.moved.unwrap().removed, [(KeyPackId(3), 5)]);
    assert_eq!(Play::counts(target.other.as_ref().unwrap(), 3), None);

    let mut other = Play::on(b(), None);
    other.controls.modelled = Some(modelled);
    other.elsewhere = vec![(NAME_A.to_owned(), KeyPack::new(KeyPackId(3), 1, (6, 0), 5))];
    assert_eq!(refused(other.run(install, &[code])).0, "WBEM_E_INVALID_OPERATION");
}

#[test]
fn reinstalling_sets_the_count_of_the_pack_that_is_there() {
    let mut target = a();
    target.packs[2].purchase = Some(Purchase {
        program: Program::Open,
        agreement: None,
        numbers: filed(&["87654321", "TEST0AUTH000002"]),
        ordered: None,
        note: String::new(),
        origin: None,
    });
    let mut play = Play::on(target, None);
    let mut again = |count| {
        let given =
            [text("87654321"), text("TEST0AUTH000002"), number(5), number(0), number(count)];
        play.run(Act::Reinstall(Program::Open), &given)
    };
    assert_eq!(refused(again(11)), (INVALID, "LicenseCount".to_owned()));
    assert_eq!(again(12).ok().unwrap().answer.key_pack, Some(KeyPackId(4)));
    assert_eq!(again(60).ok().unwrap().answer.key_pack, Some(KeyPackId(4)));
    assert_eq!(Play::counts(&play.target, 4), Some((60, 12, 48)));
    let new = [text("11111111"), text("TEST0AUTH000003"), number(5), number(0), number(1)];
    let effect = play.run(Act::Reinstall(Program::Open), &new).ok().unwrap();
    assert_eq!(effect.answer.key_pack, Some(KeyPackId(5)));
}

#[test]
fn more_than_was_ordered_is_told_over_all_servers() {
    let mut play = Play::on(b(), None);
    let mut pack = a().packs[1].clone();
    pack.purchase.as_mut().unwrap().ordered = Some(60);
    play.elsewhere = vec![(NAME_A.to_owned(), pack)];
    let mut install = |count| {
        let given =
            [text("12345678"), text("TEST0AUTH000001"), number(6), number(1), number(count)];
        play.run(Act::Install(Program::Open), &given).ok().unwrap().warnings
    };
    assert!(install(10).is_empty());
    assert_eq!(install(1)[0].code, "OVER_PURCHASE");
}

#[test]
fn a_server_is_activated_with_its_contact_and_no_id_is_invented() {
    let mut target = b();
    target.server.activation = Activation::NotActivated;
    target.server.license_server_id = None;
    let mut play = Play::on(target, None);
    assert_eq!(refused(play.run(Act::GetLicenseServerId, &[])).0, "WBEM_E_INVALID_OPERATION");
    assert_eq!(refused(play.run(Act::Deactivate, &[text("1")])).0, "WBEM_E_INVALID_OPERATION");
    for (at, missing) in ["FirstName", "LastName", "Company", "CountryRegion"].iter().enumerate() {
        let found = refused(play.run(Act::ActivateAutomatic, &[]));
        assert_eq!(found, ("WBEM_E_INVALID_OPERATION", (*missing).to_owned()));
        assert_eq!(play.target.server.activation, Activation::NotActivated);
        play.target.server.contact.0[at] = "x".to_owned();
    }
    let effect = play.run(Act::ActivateAutomatic, &[]).ok().unwrap();
    assert_eq!(effect.answer.status, Some(0));
    assert_eq!(refused(play.run(Act::GetLicenseServerId, &[])).0, "WBEM_E_NOT_AVAILABLE");
    assert_eq!(refused(play.run(Act::Activate, &[text(ID_A)])).0, "WBEM_E_INVALID_OPERATION");
    assert!(play.run(Act::Reactivate, &[text(ID_A)]).is_ok());
    assert!(play.run(Act::Activate, &[text(ID_A)]).is_ok());
    let effect = play.run(Act::GetLicenseServerId, &[]).ok().unwrap();
    assert_eq!(effect.answer.server_id.as_deref(), Some(ID_A));
    let reason = refused(play.run(Act::ReactivateAutomatic, &[number(5)]));
    assert_eq!(reason, (INVALID, "Reason".to_owned()));
    let effect = play.run(Act::DeactivateAutomatic, &[]).ok().unwrap();
    assert_eq!(effect.answer.status, Some(1));
}

#[test]
fn the_role_goes_with_the_domain() {
    let mut play = Play::on(b(), None);
    assert!(play.run(Act::ChangeRole, &[number(2)]).is_ok());
    assert_eq!(refused(play.run(Act::ChangeRole, &[number(0)])).0, "WBEM_E_INVALID_OPERATION");
    assert_eq!(refused(play.run(Act::ChangeRole, &[number(3)])).0, INVALID);
    play.target.server.joined = Some(false);
    assert_eq!(refused(play.run(Act::ChangeRole, &[number(1)])).0, "WBEM_E_INVALID_OPERATION");
    assert!(play.run(Act::ChangeRole, &[number(0)]).is_ok());
}
