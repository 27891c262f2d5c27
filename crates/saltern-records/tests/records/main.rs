//! Records against what must hold of them.

use proptest::prelude::*;
use saltern_records::{
    Act, Broken, Line, NewOrder, NewToken, NewUser, Records, RecordsError, Role, Span, Standing,
};

const HOUR_US: i64 = 3_600_000_000;

fn opened() -> (tempfile::TempDir, Records) {
    let folder = tempfile::tempdir().expect("records");
    let records = Records::open(&folder.path().join("records.sqlite")).expect("records");
    (folder, records)
}

fn add(records: &Records, name: &str, role: Role, tenant: Option<&str>) {
    let new = NewUser {
        name: name.into(),
        password: format!("{name} knows the lake"),
        role,
        tenant: tenant.map(String::from),
    };
    records.add_user(&new, 0).expect("records");
}

#[test]
fn a_file_of_records_holds_no_secret() {
    let (folder, records) = opened();
    add(&records, "lan", Role::Operator, None);
    let (secret, _) = records.begin_session("lan", 0, HOUR_US).unwrap();
    let new = NewToken {
        name: "gateway".into(),
        user: "lan".into(),
        scopes: vec!["ingest".into()],
        ends_us: HOUR_US,
    };
    let (token, _) = records.add_token(&new, 0).unwrap();
    drop(records);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for hidden in [secret.reveal(), &token, "lan knows the lake"] {
            let found = bytes
                .windows(hidden.len())
                .any(|part| part == hidden.as_bytes());
            assert!(!found, "{hidden}");
        }
    }
}

#[test]
fn sessions_and_tokens_end() {
    let (_folder, records) = opened();
    add(&records, "lan", Role::Operator, Some("works"));
    add(&records, "admin", Role::Admin, None);
    let (secret, session) = records.begin_session("lan", 0, HOUR_US).unwrap();
    assert_eq!(session.user.tenant.as_deref(), Some("works"));
    let holds = |now| records.session(secret.reveal(), now).unwrap().is_some();
    assert!(holds(HOUR_US - 1) && !holds(HOUR_US));
    let new = NewToken {
        name: "gateway".into(),
        user: "lan".into(),
        scopes: vec!["ingest".into(), "read".into()],
        ends_us: HOUR_US,
    };
    let (text, token) = records.add_token(&new, 0).unwrap();
    assert_eq!(token.scopes, ["ingest", "read"]);
    let right = |now| records.check_token(&text, now).unwrap().is_some();
    assert!(right(1) && !right(HOUR_US));
    // Who may not sign in has neither session nor token.
    records.change_user("lan", Role::Operator, false).unwrap();
    assert!(!holds(1) && !right(1));
    assert_eq!(
        records.check_password("lan", "lan knows the lake").unwrap(),
        None
    );
    records.change_user("lan", Role::Operator, true).unwrap();
    assert!(right(1) && !holds(1));
    records.withdraw_token(token.id, 2).unwrap();
    assert!(!right(3));
}

#[test]
fn somebody_is_always_left_to_administer() {
    let (_folder, records) = opened();
    add(&records, "admin", Role::Admin, None);
    // An enterprise's own administrator can't help the park.
    add(&records, "theirs", Role::Admin, Some("works"));
    let last = records.change_user("admin", Role::Engineer, true);
    assert!(matches!(last, Err(RecordsError::LastAdmin { .. })));
    add(&records, "second", Role::Admin, None);
    assert!(records.change_user("admin", Role::Admin, false).is_ok());
}

#[test]
fn names_and_passwords_are_checked() {
    let (_folder, records) = opened();
    let new = |name: &str, password: &str| {
        let new = NewUser {
            name: name.into(),
            password: password.into(),
            role: Role::Viewer,
            tenant: None,
        };
        records.add_user(&new, 0).map_err(|e| e.code())
    };
    assert_eq!(new("", "long enough it is"), Err("user.bad_name"));
    assert_eq!(new("a b", "long enough it is"), Err("user.bad_name"));
    assert_eq!(new("张", "short"), Err("user.short_password"));
    assert!(new("张伟", "long enough it is").is_ok());
    assert_eq!(new("张伟", "long enough it is"), Err("user.exists"));
}

#[test]
fn an_order_needs_another_person_and_is_decided_once() {
    let (_folder, records) = opened();
    let new = NewOrder {
        tag: "pump3.speed",
        value: 40.0,
        why: "level high",
        who: "lan",
        ends_us: HOUR_US,
    };
    let id = records.add_order(&new, 0).unwrap().id;
    let same = records.decide_order(id, "lan", true, 1);
    assert!(matches!(same, Err(RecordsError::SamePerson { .. })));
    let agreed = records.decide_order(id, "mei", true, 1).unwrap();
    assert_eq!(agreed.standing, Standing::Agreed);
    let again = records.decide_order(id, "mei", false, 2);
    assert!(matches!(again, Err(RecordsError::UnknownOrder { .. })));
    let late = records.add_order(&new, 0).unwrap().id;
    assert!(records.decide_order(late, "mei", true, HOUR_US).is_err());
}

fn act<'t>(who: &'t str, detail: &'t str) -> Act<'t> {
    Act {
        time_us: 5,
        who,
        tenant: None,
        category: "control",
        action: "tag.write",
        object: "pump3.speed",
        detail,
    }
}

#[test]
fn a_chain_that_was_touched_says_where() {
    let (folder, records) = opened();
    for i in 0..10 {
        let detail = format!("{{\"value\":{i}}}");
        records.audit(&act("lan", &detail)).unwrap();
    }
    assert_eq!(records.verify_audit().unwrap(), Ok(10));
    drop(records);
    let path = folder.path().join("records.sqlite");
    for (touch, broken) in [
        ("UPDATE audit SET who = 'mei' WHERE sequence = 4", 4),
        ("UPDATE audit SET tenant = '' WHERE sequence = 3", 3),
        ("DELETE FROM audit WHERE sequence = 2", 2),
    ] {
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute(touch, []).unwrap();
        drop(file);
        let records = Records::open(&path).unwrap();
        let sequence = broken;
        assert_eq!(records.verify_audit().unwrap(), Err(Broken { sequence }));
    }
}

#[test]
fn the_last_line_of_each_alarm_before_a_time_is_found() {
    let (_folder, records) = opened();
    let line = |server_us: i64, alarm: Option<&str>, event: &str| Line {
        number: 0,
        server_us,
        alarm: alarm.map(String::from),
        entry: format!("{{\"event\":\"{event}\"}}"),
    };
    let lines = [
        line(1, Some("a"), "Raised"),
        line(2, Some("b"), "Raised"),
        line(3, None, "FloodBegan"),
        line(4, Some("b"), "Cleared"),
        // Not one of those that are asked for: what stands stands since it was raised.
        line(5, Some("a"), "Acknowledged"),
        line(6, Some("c"), "Acknowledged"),
        line(7, Some("a"), "Cleared"),
        line(8, None, "FloodEnded"),
    ];
    records.write_journal(&lines).unwrap();
    let before = |us: i64| {
        let events = ["Raised", "Cleared", "FloodBegan", "FloodEnded"];
        let found = records.journal_before(us, &events).unwrap();
        found.iter().map(|line| line.number).collect::<Vec<i64>>()
    };
    assert_eq!(before(1), [0i64; 0]);
    assert_eq!(before(3), [1, 2]);
    assert_eq!(before(7), [1, 3, 4]);
    assert_eq!(before(i64::MAX), [4, 7, 8]);
    assert!(records.journal_before(9, &[]).unwrap().is_empty());
}

#[test]
fn a_journal_is_read_back_in_order_and_a_copy_has_it_all() {
    let (folder, records) = opened();
    let lines: Vec<Line> = (0..1000)
        .map(|i| Line {
            number: i + 1,
            server_us: i / 10,
            alarm: (i % 7 > 0).then(|| format!("alarm{}", i % 7)),
            entry: format!("{{\"sequence\":{i}}}"),
        })
        .collect();
    records.write_journal(&lines).unwrap();
    let all = Span {
        from_us: 0,
        to_us: i64::MAX,
        most: usize::MAX,
    };
    assert_eq!(records.journal(all).unwrap(), lines);
    let few = Span {
        from_us: 10,
        to_us: 20,
        most: 30,
    };
    assert_eq!(records.journal(few).unwrap(), lines[170..200]);
    records.keep("watch", b"{}", 7).unwrap();
    let copy = folder.path().join("copy.sqlite");
    records.back_up(&copy).unwrap();
    let copy = Records::open(&copy).unwrap();
    assert_eq!(copy.journal(all).unwrap(), lines);
    assert_eq!(copy.kept("watch").unwrap(), Some((b"{}".to_vec(), 7)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    /// Texts that run into each other are told apart: moving a character from one field to the next breaks the chain.
    #[test]
    fn hashes_tell_fields_apart(who in "[a-z]{1,8}", detail in "[a-z]{0,8}") {
        let (_one, first) = opened();
        let (_two, second) = opened();
        first.audit(&act(&who, &detail)).unwrap();
        let (head, tail) = who.split_at(who.len() - 1);
        second.audit(&act(head, &format!("{tail}{detail}"))).unwrap();
        let hash = |records: &Records| records.audited(None, None, 1).unwrap()[0].hash.clone();
        prop_assert_ne!(hash(&first), hash(&second));
    }
}
