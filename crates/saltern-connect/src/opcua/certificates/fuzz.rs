//! Certificates that are anything, shown by a server or laid among the trusted.

use saltern_fuzz::withstands;

use super::tests::application;
use super::*;

#[test]
fn certificates_are_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = |name: &str| Certificates::open(&folder.path().join(name), &application(name));
    let (ours, theirs) = (open("ours").expect("ours"), open("theirs").expect("theirs"));
    let read = |path: PathBuf| fs::read(path).expect("a certificate");
    let examples = [read(ours.own()), read(theirs.own())];
    assert_eq!(
        ours.judge("there", &examples[1])
            .expect_err("a stranger")
            .code(),
        "connect.untrusted",
        "the example is sound"
    );
    let laid = folder.path().join("ours/trusted/of hall 2.crt");
    withstands("certificates", 100, &examples, &[], |_, der| {
        if let Err(error) = ours.judge("there", der) {
            let _ = error.to_string();
        }
        fs::write(&laid, der).expect("written");
        ours.settle().expect("settled");
        for path in files(&folder.path().join("ours/trusted")).expect("a folder") {
            fs::remove_file(path).expect("removed");
        }
    });
}
