//! Bad input and bad stores: the right status, one clear message, and the store as it was.

use crate::support::{User, csv_log, utf16};
use std::io::Write;

/// Imports `bytes` as a named file into a store that has something; status and message, and that the store is as it was.
fn refused(name: &str, bytes: &[u8]) -> (i32, String) {
    let user = User::new();
    user.write("good.csv", csv_log(1, 5));
    user.ok(&["import", "good.csv", "--instance", "kms01"]);
    let before = user.ok(&["store", "export"]);
    user.write(name, bytes);
    let answer = user.run(&["import", name, "--instance", "kms01"]);
    assert_eq!(user.ok(&["store", "export"]), before, "{name}");
    (answer.status, answer.err)
}

#[test]
fn files_that_are_not_what_they_claim_are_refused_with_file_and_place() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;\">]><Events xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><Event><System><EventID>12290</EventID><Computer>&c;</Computer></System></Event></Events>";
    let deep =
        format!("<Events>{}{}</Events>", "<Event>".repeat(10_000), "</Event>".repeat(10_000));
    let short = "TimeCreated,RecordId,Info\n2026-03-01T00:00:00Z,1,\"0x0,25,pc,6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11,2026/3/1 0:00,0,1\"\n";
    let status = csv_log(1, 1).replace(",0,1,250000,", ",0,7,250000,");
    let number = csv_log(1, 1).replace("\"0x0,25,", "\"0x0,many,");
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("empty.csv", Vec::new(), "empty"),
        ("noise.evtx", (0..2000_u32).map(|byte| u8::try_from(byte * 7 % 251).unwrap()).collect(), "no reader knows"),
        ("cut.evtx", b"ElfFile\0\0\0\0\0".to_vec(), "cut.evtx"),
        ("bomb.xml", bomb.into(), "<!DOCTYPE"),
        ("deep.xml", deep.into(), "deep"),
        ("short.csv", short.into(), "line 2"),
        ("status.csv", status.into(), "LicenseStatus 7"),
        ("number.csv", number.into(), "many"),
        ("half.json", utf16("[{\"Id\":12290,\"RecordId\":5,\"TimeCreated\":\"\\/Date(1741503900000)\\/\",\"Prop")[..101].to_vec(), "half.json"),
        ("report.csv", b"Computername,LicenseStatus,Count\r\npc-1,Licensed,3\r\n".to_vec(), "closest is kms.event-csv"),
        ("prose.txt", b"Dear all,\nplease find attached.\n".to_vec(), "no reader knows"),
    ];
    for (name, bytes, expected) in cases {
        let (status, message) = refused(name, bytes);
        assert_eq!(status, 3, "{name}: {message}");
        assert!(message.contains(name) && message.contains(expected), "{name}: {message}");
        assert!(!message.contains("panicked"), "{message}");
    }
}

/// Files of rms that no License Manager wrote, each with what its complaint says.
fn broken_answers() -> [(&'static str, Vec<u8>, &'static str); 22] {
    let feature = |inner: &str| format!("<sentinelInfo><feature>{inner}</feature></sentinelInfo>");
    let named = |inner: &str| {
        feature(&format!("<featureName>A</featureName><licenseState>1</licenseState>{inner}"))
    };
    let deep =
        format!("<sentinelInfo>{}{}</sentinelInfo>", "<a>".repeat(5_000), "</a>".repeat(5_000));
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;\">]><sentinelInfo>&d;</sentinelInfo>";
    let outside = "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><sentinelInfo><feature><featureName>&b;</featureName></feature></sentinelInfo>";
    let hash = |hash: &str, name: &str| {
        format!(
            "<feature><featureName>{name}</featureName><licenseHash>{hash}</licenseHash></feature>"
        )
    };
    let twice = format!(
        "<sentinelInfo>{}{}</sentinelInfo>",
        hash("AAAA000000000000", "A"),
        hash("AAAA000000000000", "B")
    );
    let log =
        "2 0 MTI1 Mon Jun 01 01:00:05 2026 1780300805 WIDGET v4.2 0 1 0 ann WS-17 9.5.0 1 -\n";
    [
        ("dtd.xml", b"<!DOCTYPE sentinelInfo [<!ENTITY a \"b\">]><sentinelInfo><feature/></sentinelInfo>".to_vec(), "<!DOCTYPE"),
        ("bomb.xml", bomb.into(), "<!DOCTYPE"),
        ("outside.xml", outside.into(), "<!DOCTYPE"),
        ("entity.xml", named("<vendorInfo>&nbsp;</vendorInfo>").into(), "nbsp"),
        ("null.xml", named("<vendorInfo>&#0;</vendorInfo>").into(), "&#0;"),
        ("deep.xml", deep.into(), "deep"),
        ("cut.xml", b"<sentinelInfo><feature><featureName>A".to_vec(), "inside an element"),
        ("latin.xml", b"<sentinelInfo><feature><featureName>\xE9</featureName><licenseState>1</licenseState></feature></sentinelInfo>".to_vec(), "--encoding"),
        ("many.xml", named("<numLicenses>4294967295</numLicenses>").into(), "4294967294"),
        ("comma.xml", named("<numLicenses>1,000</numLicenses>").into(), "no whole number"),
        ("sign.xml", named("<numLicenses>+5</numLicenses>").into(), "no whole number"),
        ("minus.xml", named("<keyLifeTime>-1</keyLifeTime>").into(), "no whole number"),
        ("two.xml", named("<numLicenses>5</numLicenses><numLicenses>6</numLicenses>").into(), "numLicenses"),
        ("within.xml", named("<numLicenses><b>5</b></numLicenses>").into(), "numLicenses"),
        ("hash.xml", named("<licenseHash>XYZ</licenseHash>").into(), "hexadecimal"),
        ("nameless.xml", feature("<featurename>A</featurename><licenseState>1</licenseState>").into(), "featureName"),
        ("conflict.xml", twice.into(), "AAAA000000000000"),
        ("lsmon.txt", b"Unable to contact any servers.\n".to_vec(), "210017"),
        ("lservsta", log.replace("v4.2 0 1 0", "v4.2 zero 1 0").repeat(3).into(), "lservsta"),
        ("lsreserv", b"widget,4.2:design:4:ann\nwidget:guests:none:eve\n".to_vec(), "lsreserv"),
        ("alerts.ini", b"[WIDGET 4.2]\nsoftlimit=SCRIPT ON\nhardlimit=SCRIPT\n".to_vec(), "line 3"),
        ("table.json", br#"{"schema":"licctl.rms.snapshot/1","features":[{"featureName":"A","numLicenses":"five"}]}"#.to_vec(), "numLicenses"),
    ]
}

#[test]
fn answers_that_license_managers_never_wrote_are_refused() {
    for (name, bytes, expected) in broken_answers() {
        let (status, message) = refused(name, &bytes);
        assert_eq!(status, 3, "{name}: {message}");
        assert!(message.contains(name) && message.contains(expected), "{name}: {message}");
        assert!(!message.contains("panicked") && !message.contains("root:"), "{message}");
    }
}

#[test]
fn a_license_manager_refuses_wrong_scopes_by_code_and_stores_nothing() {
    let user = User::new();
    user.ok(&["rms", "import", "examples/contoso/rms/lic01/answers.xml", "--server", "lic01"]);
    let before = user.ok(&["store", "export"]);
    let scope = |inner: &str| format!("<sentinelScope>{inner}</sentinelScope>");
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\">]><sentinelScope>&b;</sentinelScope>";
    for (text, symbol) in [
        (String::new(), "SNTL_CALLING_ERROR"),
        (scope(""), "SNTL_CALLING_ERROR"),
        (scope("<feature index='0'/>"), "SNTL_CALLING_ERROR"),
        (scope("<license index='0'/>"), "SNTL_CALLING_ERROR"),
        (scope("<feature index='0'/><license><hash/></license>"), "SNTL_CALLING_ERROR"),
        (
            scope("<feature index='0'/><feature index='1'/><license index='0'/>"),
            "SNTL_CALLING_ERROR",
        ),
        (scope("<feature index='0'/><license index='0'/><x/>"), "SNTL_CALLING_ERROR"),
        (scope("<feature index='-1'/><license index='0'/>"), "SNTL_BAD_INDEX"),
        (scope("<feature index='4294967296'/><license index='0'/>"), "SNTL_BAD_INDEX"),
        (scope("<feature index='0'/><license index='1.0'/>"), "SNTL_BAD_INDEX"),
        (
            scope("<feature><version>7.0</version></feature><license index='0'/>"),
            "SNTL_APP_UNNAMED",
        ),
        (
            scope("<feature><name>nothing</name></feature><license index='0'/>"),
            "SNTL_NO_SUCH_FEATURE",
        ),
        (scope("<feature index='999'/><license index='0'/>"), "SNTL_NO_MORE_FEATURES"),
        (scope("<feature index='0'/><license index='999'/>"), "SNTL_NO_MORE_LICENSES"),
        (
            scope("<feature index='0'/><license><hash>0123456789ABCDEF</hash></license>"),
            "SNTL_NO_SUCH_LICENSE",
        ),
        (bomb.to_owned(), "SNTL_CALLING_ERROR"),
        (format!("<sentinelScope>{}", "<feature>".repeat(5_000)), "SNTL_CALLING_ERROR"),
    ] {
        user.write("scope.xml", text.as_bytes());
        let words = ["rms", "query", "licenseInfo", "--scope-file", "scope.xml", "-o", "json"];
        let answer = user.run(&words);
        assert_eq!(answer.status, 1, "{text}: {}", answer.err);
        assert!(answer.err.contains(&format!("\"symbol\":\"{symbol}\"")), "{text}: {}", answer.err);
    }
    assert_eq!(user.ok(&["store", "export"]), before);
}

/// Files of vsphere that no tool wrote, and what their complaint says.
fn broken_inventories() -> [(&'static str, String, &'static str); 14] {
    let license = |rest: &str| {
        format!(
            r#"[{{"licenseKey":"AAAAA-AAAAA-AAAAA-AAAAA-AAAA1","editionKey":"e","name":"n",{rest}}}]"#
        )
    };
    let xml = "<LicenseManagerLicenseInfo><licenseKey>AAAAA-AAAAA-AAAAA-AAAAA-AAAA1</licenseKey>";
    let table = "Key:                           Edition:  Used:  Total:\n";
    let deep = format!(
        r#"[{{"licenseKey":"a","editionKey":"e","properties":{}{}}}]"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    [
        (
            "key.json",
            license(r#""total":1,"costUnit":"""#).replace("AAAA1", "AAÄA1"),
            "is no license key",
        ),
        ("less.json", license(r#""total":-1,"costUnit":"""#), "`total` of"),
        ("total.json", license(r#""total":2147483648,"costUnit":"""#), "`total` exceeds int32"),
        (
            "used.json",
            license(r#""total":1,"used":-2147483649,"costUnit":"""#),
            "`used` exceeds int32",
        ),
        ("type.json", license(r#""total":"ten","costUnit":"""#), "another type"),
        ("cut.json", license("")[..60].to_owned(), "line 1"),
        ("deep.json", deep, "deep"),
        ("cut.xml", xml.to_owned(), "cut.xml"),
        (
            "bomb.xml",
            format!("<!DOCTYPE a [<!ENTITY b \"b\">]>{xml}</LicenseManagerLicenseInfo>"),
            "<!DOCTYPE",
        ),
        (
            "moved.txt",
            format!("{table}AAAAA-AAAAA-AAAAA-AAAAA-AAAA1 e         4      10\n"),
            "line 2",
        ),
        (
            "number.csv",
            "Name,Key,Total,Used,Expiration Date\nn,AAAAA-AAAAA-AAAAA-AAAAA-AAAA1,many,0,Never\n"
                .to_owned(),
            "line 2",
        ),
        (
            "date.csv",
            "Name,Key,Total,Used,Expiration Date\nn,AAAAA-AAAAA-AAAAA-AAAAA-AAAA1,1,0,03/04/2027\n"
                .to_owned(),
            "--date-order",
        ),
        (
            "assets.json",
            r#"[{"assetUri":"host-1","assetStatus":"LICENSED","assetCostUnits":[{"defaultCostUnit":true}]}]"#
                .to_owned(),
            "an asset has no",
        ),
        ("sheet.xlsx", "PK\u{3}\u{4}aaaaaaaaxl/workbook.xml".to_owned(), "cannot be unpacked"),
    ]
}

#[test]
fn inventories_that_no_vcenter_wrote_are_refused() {
    for (name, text, expected) in broken_inventories() {
        let user = User::new();
        user.ok(&["vsphere", "vcenter", "add", "vc1"]);
        let before = user.ok(&["store", "export"]);
        user.write(name, text);
        let answer = user.run(&["vsphere", "import", name, "--vcenter", "vc1"]);
        assert_eq!(answer.status, 3, "{name}: {}", answer.err);
        assert!(
            answer.err.contains(name) && answer.err.contains(expected),
            "{name}: {}",
            answer.err
        );
        assert!(!answer.err.contains("AAAAA-AAAAA-AAAAA-AAAAA"), "{name}: {}", answer.err);
        assert_eq!(user.ok(&["store", "export"]), before, "{name}");
    }
}

#[test]
fn a_vcenter_refuses_by_name_what_it_would_not_do_and_stores_nothing() {
    let user = User::new();
    user.ok(&["vsphere", "vcenter", "add", "vc1", "--resolve", "any"]);
    user.ok(&["vsphere", "entity", "add", "host-1", "--kind", "host", "--cpu", "2x16"]);
    let key = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";
    user.ok(&["vsphere", "license", "add", key]);
    user.ok(&["vsphere", "vcenter", "set", "--resolve", "catalogue"]);
    let before = user.ok(&["store", "export"]);
    let other = r#"{"licenseKey":"ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZ1","entity":"host-1"}"#;
    let cases: [(&[&str], &str, i32); 12] = [
        (&["license", "add", "junk"], "com.vmware.vim.vc.license.error.decode", 1),
        (
            &["license", "add", "AAAAA-AAAAA-AAAAA-AAAAA-AAAÄ1"],
            "com.vmware.vim.vc.license.error.decode",
            1,
        ),
        (&["license", "add", ""], "com.vmware.vim.vc.license.error.decode", 1),
        (&["license", "label", "set", "AAAA1", "=x"], "InvalidArgument", 1),
        (&["license", "label", "set", "AAAA1", "x"], "write `label=value`", 2),
        (&["license", "remove", "00000-00000-00000-00000-00000"], "notRemoved", 1),
        (&["assign", "AAAA1", "nosuch"], "LicenseEntityNotFound", 1),
        (&["unassign", "nosuch"], "LicenseEntityNotFound", 1),
        (&["call", "UpdateAssignedLicense", "--params", other], "InvalidArgument", 1),
        (&["call", "AddLicense", "--params", r#"{"licenseKey":1}"#], "licenseKey", 2),
        (&["call", "AddLicense", "--params", "{"], "no JSON object", 2),
        (&["call", "Nonsense"], "MethodNotFound", 1),
    ];
    for (words, expected, status) in cases {
        let words: Vec<&str> = ["vsphere"].iter().chain(words).copied().collect();
        let answer = user.run(&words);
        assert_eq!(answer.status, status, "{words:?}: {}", answer.err);
        assert!(answer.err.contains(expected), "{words:?}: {}", answer.err);
        assert_eq!(user.ok(&["store", "export"]), before, "{words:?}");
    }
}

#[test]
fn what_license_servers_never_showed_is_refused_and_nothing_of_it_is_stored() {
    let pack = "KeyPackId,KeyPackType,ProductType,ProductVersionID,TotalLicenses";
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("negative.csv", format!("{pack}\n3,5,1,6,50\n4,5,1,6,-2\n").into(), "line 3"),
        ("overflow.csv", format!("{pack}\n3,5,1,6,4294967296\n").into(), "4294967295"),
        ("ragged.csv", format!("{pack}\n3,5,1,6\n").into(), "4 fields, the header 5"),
        ("keyless.csv", "KeyPackType,ProductType,ProductVersionID,TotalLicenses\n5,1,6,50\n".into(), "`KeyPackId`"),
        ("mixed.csv", format!("{pack}\n3,5,1,6,50\n3,5,1,6,60\n").into(), "DUPLICATE_KEY"),
        ("two.csv", format!("{pack}\n3,5,1,6,50\nLicenseId,KeyPackId,LicenseStatus\n1,3,2\n").into(), "a second table"),
        ("date.csv", format!("{pack},ExpirationDate\n3,5,1,6,50,31/31/2026\n").into(), "31/31/2026"),
        ("cut.json", utf16("[{\"KeyPackId\":3,\"KeyPackType\":5,\"TotalLicenses\":50,\"Produc"), "inside an element"),
        ("coded.ldif", b"dn: CN=x,DC=a\nsAMAccountName: x\nmsTSExpireDate:: !!!!\n\n".to_vec(), "Base64"),
        ("mode.reg", b"REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\RCM\\Licensing Core]\n\"LicensingMode\"=dword:zz\n".to_vec(), "line 4"),
        ("bomb.xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><Win32_TSLicenseKeyPack/></s:Envelope>".to_vec(), "<!DOCTYPE"),
    ];
    for (name, bytes, expected) in cases {
        let (user, name): (User, &str) = (User::new(), name);
        user.ok(&["tslicense", "server", "add", "ls-a.corp.example", "--os", "2022"]);
        let before = user.ok(&["store", "export"]);
        user.write(name, bytes);
        let answer = user.run(&["tslicense", "import", name, "--host", "rdsh-1"]);
        assert_eq!(answer.status, 3, "{name}: {}", answer.err);
        assert!(answer.err.contains(name) && answer.err.contains(expected), "{}", answer.err);
        assert_eq!(user.ok(&["store", "export"]), before, "{name}");
    }
}

#[test]
fn every_complaint_is_listed_in_json_and_the_rest_are_counted() {
    let user = User::new();
    let mut text = csv_log(1, 1500);
    text = text.replace(",0,1,250000,", ",0,9,250000,");
    user.write("bad.csv", text);
    let answer = user.run(&["import", "bad.csv", "--instance", "kms01", "-o", "json"]);
    assert_eq!((answer.status, answer.out.as_str()), (3, ""));
    let error: serde_json::Value = serde_json::from_str(&answer.err).unwrap();
    assert_eq!(error["error"]["kind"], "artefact");
    assert_eq!(error["error"]["complaints"].as_array().unwrap().len(), 1000);
    assert_eq!(error["error"]["detail"]["moreComplaints"], 500);
    assert_eq!(error["error"]["complaints"][0]["line"], 2);
}

#[test]
fn skip_bad_keeps_the_good_and_lists_the_bad() {
    let user = User::new();
    let text = csv_log(1, 3).replacen(",0,1,250000,", ",0,9,250000,", 1);
    user.write("some.csv", text);
    let answer = user.json(&["import", "some.csv", "--instance", "kms01", "--skip-bad"]);
    assert_eq!(answer["items"][0]["sections"]["requests"]["added"], 2);
    assert_eq!(answer["items"][0]["skipped"].as_array().unwrap().len(), 1);
}

/// A line without an end, read in little memory.
#[test]
#[cfg(target_os = "linux")]
fn a_line_of_two_hundred_megabytes_is_a_complaint_and_not_an_allocation() {
    let user = User::new();
    let path = user.path("line.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    file.write_all(b"TimeCreated,RecordId,Info\n2026-03-01T00:00:00Z,1,\"0x0,25,").unwrap();
    let piece = vec![b'a'; 1 << 20];
    for _ in 0..200 {
        file.write_all(&piece).unwrap();
    }
    file.flush().unwrap();
    let store = user.store().display().to_string();
    let words =
        format!("ulimit -v 400000; exec licctl --store {store} import line.csv --instance kms01");
    let output = user.clean("bash").arg("-c").arg(words).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("line.csv"), "{err}");
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read_is_our_trouble() {
    let user = User::new();
    let answer = user.run(&["import", "nowhere.csv"]);
    assert_eq!(answer.status, 4);
    assert!(answer.err.contains("nowhere.csv"), "{}", answer.err);
}

#[test]
fn control_characters_of_a_log_do_not_reach_the_terminal() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 1).replace("pc-00001", "\u{1b}[31mpc\u{7}"));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    let table = user.ok(&["kms", "event", "list"]);
    assert!(!table.contains('\u{1b}') && table.contains("\\u{1b}"), "{table}");
    let csv = user.ok(&["kms", "event", "list", "-o", "csv"]);
    assert!(csv.contains("pc"));
}

#[test]
fn a_store_that_is_no_store_is_left_alone() {
    let cases: &[(&str, Vec<u8>, &str)] = &[
        (
            "text",
            b"this is no database at all, but long enough to be read as one by a careless program"
                .repeat(20),
            "not a store",
        ),
        ("truncated", b"SQLite format 3\0".to_vec(), "store"),
    ];
    for (what, bytes, expected) in cases {
        let user = User::new();
        user.write("store.db", bytes);
        user.write("log.csv", csv_log(1, 2));
        for words in [&["status"][..], &["import", "log.csv"][..], &["undo"][..]] {
            let answer = user.run(words);
            assert_eq!(answer.status, 4, "{what} {words:?}: {}", answer.err);
            assert!(answer.err.contains(expected), "{what} {words:?}: {}", answer.err);
        }
        assert_eq!(&std::fs::read(user.store()).unwrap(), bytes, "{what}");
    }
}

fn sqlite(path: &std::path::Path, sql: &str) {
    use licctl::store::sqlite::{Engine, Sqlite};
    Sqlite::open_write(path).unwrap().script(sql).unwrap();
}

#[test]
fn another_programs_database_and_a_newer_store_are_refused() {
    let user = User::new();
    sqlite(&user.store(), "create table theirs(a)");
    user.write("log.csv", csv_log(1, 2));
    let answer = user.run(&["import", "log.csv", "--instance", "kms01"]);
    assert_eq!(answer.status, 4);
    assert!(answer.err.contains("another program"), "{}", answer.err);

    let user = User::new();
    user.write("log.csv", csv_log(1, 2));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    sqlite(&user.store(), "pragma user_version = 9999");
    for words in [&["status"][..], &["undo"][..]] {
        let answer = user.run(words);
        assert_eq!(answer.status, 4);
        assert!(
            answer.err.contains("newer") && answer.err.contains("update licctl"),
            "{}",
            answer.err
        );
    }
}

#[test]
fn a_truncated_store_is_told_and_a_backup_brings_it_back() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 500));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    user.ok(&["store", "backup", "backup.db"]);
    let whole = user.ok(&["store", "export"]);
    let bytes = std::fs::read(user.store()).unwrap();
    std::fs::write(user.store(), &bytes[..bytes.len() / 2]).unwrap();
    assert_ne!(user.run(&["store", "check"]).status, 0);
    assert_eq!(user.run(&["store", "restore", "backup.db"]).status, 2, "it asks");
    std::fs::remove_file(user.store()).unwrap();
    user.ok(&["store", "restore", "backup.db", "--yes"]);
    assert_eq!(user.ok(&["store", "export"]), whole);
}

#[test]
fn an_export_brings_a_store_to_another_place() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 50));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    user.ok(&["store", "export", "--into", "export.jsonl"]);
    let whole = user.ok(&["store", "export"]);
    let other = User::new();
    std::fs::copy(user.path("export.jsonl"), other.path("export.jsonl")).unwrap();
    other.ok(&["store", "import", "export.jsonl", "--yes"]);
    assert_eq!(other.ok(&["store", "export"]), whole);
    other.write("broken.jsonl", whole.replacen("\"rows\":", "\"rowz\":", 1));
    let answer = other.run(&["store", "import", "broken.jsonl", "--yes"]);
    assert_eq!(answer.status, 3, "{}", answer.err);
    assert!(answer.err.contains("broken.jsonl, line"), "{}", answer.err);
    assert_eq!(other.ok(&["store", "export"]), whole);
}

#[test]
fn wrong_words_are_told_in_the_form_that_was_asked_for() {
    let user = User::new();
    for words in [
        &["imporrt"][..],
        &["kms", "threshhold"][..],
        &["kms", "event", "list", "--filter", "Nope=1"][..],
        &["status", "--frobnicate"][..],
    ] {
        let answer = user.run(words);
        assert_eq!(answer.status, 2, "{words:?}: {}", answer.err);
        let words: Vec<&str> = words.iter().copied().chain(["-o", "json"]).collect();
        let answer = user.run(&words);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{words:?}");
        let error: serde_json::Value = serde_json::from_str(&answer.err)
            .unwrap_or_else(|error| panic!("{words:?}: {error}: {}", answer.err));
        assert_eq!(error["error"]["kind"], "usage");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_stores_nothing_and_says_so() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 5));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    let before = user.ok(&["store", "export"]);
    user.write("large.csv", csv_log(1000, 50_000));
    // A limit on the size of files is what a full disk looks like to a program, without being root.
    let store = user.store().display().to_string();
    let words = format!(
        "ulimit -f 400; trap '' XFSZ; exec licctl --store {store} import large.csv --instance kms01"
    );
    let output = user.clean("bash").arg("-c").arg(words).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("fault:"), "{err}");
    assert_eq!(user.ok(&["store", "export"]), before);
    assert_eq!(user.run(&["store", "check"]).status, 0);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 5000));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    let store = user.store().display().to_string();
    let words =
        format!("set -o pipefail; licctl --store {store} kms event list -o jsonl | head -n 1");
    let output = user.clean("bash").arg("-c").arg(words).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout.split(|byte| *byte == b'\n').count() - 1, 1);
}

#[test]
fn of_ten_thousand_licenses_in_one_document_the_first_is_read_before_the_last_is_asked_for() {
    let user = User::new();
    let license = |number: u32| {
        format!(
            "<feature><featureName>F{}</featureName><featureVersion/><licenseHash>{number:016X}</licenseHash>\
             <numLicenses>4</numLicenses></feature>\n",
            number / 2
        )
    };
    let licenses: String = (0..10_000).map(license).collect();
    user.write("answers.xml", format!("<sentinelInfo>\n{licenses}</sentinelInfo>\n"));
    user.ok(&["rms", "import", "answers.xml", "--server", "lic01"]);
    let store = user.store().display().to_string();
    for form in ["-o jsonl", "--format concat", "--format merged"] {
        // 64 KiB wait in the pipe; the rest is never made.
        let words = format!(
            "set -o pipefail; ulimit -v 200000; licctl --store {store} rms query licenseInfo --all {form} | head -n 1"
        );
        let output = user.clean("bash").arg("-c").arg(words).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*err), (Some(0), ""), "{form}");
        assert_eq!(output.stdout.split(|byte| *byte == b'\n').count() - 1, 1, "{form}");
    }
}

#[test]
fn a_key_typed_in_the_wrong_place_is_not_repeated() {
    let user = User::new();
    for words in [
        &["kms", "key", "install", "QQQQQ-WWWWW-RRRRR-TTTTT-YYYYY"][..],
        &["status", "--key=QQQQQ-WWWWW-RRRRR-TTTTT-YYYYY"][..],
        &["explain", "QQQQQ-WWWWW-RRRRR-TTTTT-YYYYY"][..],
        &["config", "get", "QQQQQ-WWWWW-RRRRR-TTTTT-YYYYY"][..],
    ] {
        for form in ["table", "json"] {
            let words: Vec<&str> = words.iter().copied().chain(["-o", form]).collect();
            let answer = user.run(&words);
            assert_eq!(answer.status, 2, "{}", answer.err);
            assert!(
                !answer.err.contains("QQQQQ") && !answer.err.contains("TTTTT"),
                "{}",
                answer.err
            );
        }
    }
}

#[test]
fn logs_that_contradict_each_other_are_kept_and_reported() {
    let user = User::new();
    user.write("one.csv", csv_log(1, 5));
    user.write("other.csv", csv_log(3, 1).replace(",0,1,250000,", ",0,2,40000,"));
    user.ok(&["import", "one.csv", "--instance", "kms01"]);
    user.ok(&["import", "other.csv", "--instance", "kms01"]);
    let check = user.run(&[
        "check",
        "-o",
        "json",
        "--fail-on",
        "warning",
        "--filter",
        "class=evidence.contradiction",
    ]);
    assert_eq!(check.status, 1);
    let document: serde_json::Value = serde_json::from_str(&check.out).unwrap();
    assert_eq!(document["items"][0]["detail"]["records"], 1);
    assert_eq!(document["items"][0]["instance"], "kms01");
    user.ok(&["undo"]);
    let check = user.run(&["check", "-o", "name", "--filter", "class=evidence.contradiction"]);
    assert_eq!(check.out, "");
}

#[test]
fn a_store_that_stays_locked_is_told_after_ten_seconds() {
    use licctl::store::sqlite::{Engine, Purpose, Sqlite};
    let user = User::new();
    user.write("log.csv", csv_log(1, 5));
    user.ok(&["import", "log.csv", "--instance", "kms01"]);
    let before = user.ok(&["store", "export"]);
    let mut holder = Sqlite::open_write(&user.store()).unwrap();
    holder.begin(Purpose::Write).unwrap();
    let answer = user.run(&["undo"]);
    assert_eq!(answer.status, 4, "{}", answer.err);
    assert!(
        answer.err.contains("busy for ten seconds") && answer.err.contains("try again"),
        "{}",
        answer.err
    );
    holder.rollback().unwrap();
    assert_eq!(user.ok(&["store", "export"]), before);
}

#[test]
fn a_place_that_cannot_be_written_is_our_trouble() {
    let user = User::new();
    user.write("log.csv", csv_log(1, 5));
    user.write("file", "no folder");
    let output = user
        .clean(crate::support::licctl())
        .args(["--store", "file/store.db", "import", "log.csv"])
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("file"), "{err}");
}

#[test]
fn the_same_files_give_byte_equal_exports() {
    let exports: Vec<String> = (0..2)
        .map(|_| {
            let user = User::new();
            user.ok(&["import", "examples/contoso/kms"]);
            // The history keeps the command line, which names each user's own store.
            let export = user.ok(&["store", "export"]);
            export.replace(&user.store().display().to_string(), "STORE")
        })
        .collect();
    assert!(exports[0].lines().count() > 40_000);
    assert!(exports[0] == exports[1]);
}

#[test]
fn what_was_cut_off_amid_a_record_is_refused() {
    let example = |path: &str| {
        std::fs::read(crate::support::root().join("examples/contoso").join(path)).unwrap()
    };
    let listing = example("rms/lic01/lsmon.txt");
    // Behind the title of a client, whose user and host come next.
    let title = &utf16("Client Information")[2..];
    let cut = listing.windows(title.len()).rposition(|bytes| bytes == title).unwrap() + title.len();
    let rows = example("vsphere/plant/RVTools_tabvHost.csv");
    for (name, bytes) in
        [("lsmon.txt", &listing[..cut]), ("RVTools_tabvHost.csv", &rows[..rows.len() - 40])]
    {
        let (status, message) = refused(name, bytes);
        assert_eq!((status, message.contains("cut off")), (3, true), "{name}: {message}");
    }
}
