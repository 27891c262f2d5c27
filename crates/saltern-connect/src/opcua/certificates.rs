//! Our own certificate and those of others that we trust.
//!
//! A folder of four: `own/cert.der`, `private/private.pem`, `trusted/` and `rejected/`. A certificate that is unknown is put
//! among the rejected; a person who knows it to be the right one moves it to the trusted. Only the very certificate is
//! trusted, never another that it has signed, so names and addresses in it are not asked; its time is.

use std::fs;
use std::path::{Path, PathBuf};

use opcua_crypto::{CertificateStore, X509, X509Data};

use crate::error::ConnectError;
use crate::reason::Reason;

/// Bits of our key (all three security policies accept 2048 to 4096: OPC 10000-7, their profiles).
const KEY_BITS: u32 = 2048;
/// How long our own certificate is good, days. Renewing it means that every peer must trust it anew.
const GOOD_FOR_DAYS: u32 = 3650;
/// Rejected certificates that are kept, the latest; a stranger who knocks with ever new ones must not fill the disk.
const REJECTED_MAX: usize = 100;

/// What a certificate of ours says.
#[derive(Clone, Debug)]
pub struct Application {
    /// `urn:…`, the same as long as the installation lives.
    pub uri: String,
    /// Name as people read it.
    pub name: String,
    /// Host names and addresses under which we are reached.
    pub hosts: Vec<String>,
}

impl Application {
    /// The one of this machine that serves a base.
    pub fn here(base: &str) -> Application {
        let mut hosts = X509Data::computer_hostnames();
        let host = hosts.first().cloned().unwrap_or_else(|| "localhost".into());
        for loopback in ["localhost", "127.0.0.1"] {
            if !hosts.iter().any(|host| host == loopback) {
                hosts.push(loopback.into());
            }
        }
        Application {
            uri: format!("urn:{}:saltern:{}", plain(&host), plain(base)),
            name: format!("Saltern {base}"),
            hosts,
        }
    }
}

/// The folder of certificates.
#[derive(Clone, Debug)]
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// Opens the folder; makes it and our own certificate where they are missing. Making a key takes up to seconds.
    ///
    /// # Errors
    /// Where the folder can't be read or written.
    pub fn open(folder: &Path, application: &Application) -> Result<Certificates, ConnectError> {
        let certificates = Certificates {
            folder: folder.to_path_buf(),
        };
        for part in ["own", "private", "trusted", "rejected"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).map_err(|error| trouble(&path, &error))?;
        }
        keep_private(&folder.join("private"), 0o700)?;
        if !certificates.own().exists() {
            certificates.create(application)?;
        }
        certificates.settle()?;
        Ok(certificates)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where our own certificate lies.
    pub fn own(&self) -> PathBuf {
        self.folder.join("own/cert.der")
    }

    /// Where the key to it lies.
    pub fn key(&self) -> PathBuf {
        self.folder.join("private/private.pem")
    }

    /// Until when our own certificate is good, µs since 1970; `None` where it can't be read.
    pub fn own_until_us(&self) -> Option<i64> {
        let own = CertificateStore::read_cert(&self.own()).ok()?;
        Some(own.not_after().ok()?.timestamp_micros())
    }

    /// Makes a key and a certificate signed by itself. The key is there first, so that a certificate is never without one.
    fn create(&self, application: &Application) -> Result<(), ConnectError> {
        let made = self.folder.join("own/new");
        let (certificate, key) = (made.join("cert.der"), made.join("private.pem"));
        fs::create_dir_all(&made).map_err(|error| trouble(&made, &error))?;
        keep_private(&made, 0o700)?;
        let data = X509Data {
            key_size: KEY_BITS,
            common_name: plain(&application.name),
            organization: "Saltern".into(),
            organizational_unit: String::new(),
            country: String::new(),
            state: String::new(),
            alt_host_names: X509Data::alt_host_names(
                &application.uri,
                Some(application.hosts.clone()),
                false,
                false,
                false,
            ),
            certificate_duration_days: GOOD_FOR_DAYS,
        };
        CertificateStore::create_certificate_and_key(&data, true, &certificate, &key).map_err(
            |reason| ConnectError::CertificateFolder {
                path: made.display().to_string(),
                reason,
            },
        )?;
        keep_private(&key, 0o600)?;
        for (from, to) in [(&key, self.key()), (&certificate, self.own())] {
            fs::rename(from, &to).map_err(|error| trouble(&to, &error))?;
        }
        fs::remove_dir(&made).map_err(|error| trouble(&made, &error))
    }

    /// Says that the certificate in a file is the right one, as a person would by moving it.
    ///
    /// # Errors
    /// Where it can't be read or written.
    pub fn trust(&self, certificate: &Path) -> Result<(), ConnectError> {
        let bytes = fs::read(certificate).map_err(|error| trouble(certificate, &error))?;
        let to = self.folder.join("trusted/new.der");
        fs::write(&to, bytes).map_err(|error| trouble(&to, &error))?;
        self.settle()
    }

    /// Puts the folder in order: trusted certificates bear the name under which they are looked for, whatever name they came
    /// with; what is trusted is not rejected as well; of the rejected the latest are kept.
    ///
    /// # Errors
    /// Where the folder can't be read or written.
    pub fn settle(&self) -> Result<(), ConnectError> {
        for path in files(&self.folder.join("trusted"))? {
            let Some(certificate) = read(&path) else {
                continue;
            };
            let name = file_name(&certificate);
            let right = self.folder.join("trusted").join(&name);
            if path != right {
                let der = certificate.to_der().unwrap_or_default();
                fs::write(&right, der).map_err(|error| trouble(&right, &error))?;
                fs::remove_file(&path).map_err(|error| trouble(&path, &error))?;
            }
            let rejected = self.folder.join("rejected").join(&name);
            if rejected.exists() {
                fs::remove_file(&rejected).map_err(|error| trouble(&rejected, &error))?;
            }
        }
        let mut rejected = files(&self.folder.join("rejected"))?;
        if rejected.len() > REJECTED_MAX {
            rejected.sort_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok());
            for path in &rejected[..rejected.len() - REJECTED_MAX] {
                fs::remove_file(path).map_err(|error| trouble(path, &error))?;
            }
        }
        Ok(())
    }

    /// Whether the certificate of a server is trusted and in its time; an unknown one is put among the rejected.
    ///
    /// # Errors
    /// Where it is not.
    pub fn judge(&self, endpoint: &str, der: &[u8]) -> Result<(), ConnectError> {
        self.settle()?;
        let Ok(certificate) = X509::from_der(der) else {
            return Err(ConnectError::Refused {
                endpoint: endpoint.into(),
                reason: Reason::Said("BadCertificateInvalid".into()),
            });
        };
        let name = file_name(&certificate);
        let trusted = self.folder.join("trusted").join(&name);
        if fs::read(&trusted).ok().as_deref() != Some(der) {
            let rejected = self.folder.join("rejected").join(&name);
            fs::write(&rejected, der).map_err(|error| trouble(&rejected, &error))?;
            return Err(ConnectError::Untrusted {
                endpoint: endpoint.into(),
                certificate: rejected.display().to_string(),
                trusted: self.folder.join("trusted").display().to_string(),
            });
        }
        let now = std::time::SystemTime::now().into();
        certificate
            .is_time_valid(&now)
            .map_err(|_| ConnectError::CertificateOver {
                endpoint: endpoint.into(),
                certificate: trusted.display().to_string(),
            })
    }
}

/// The files of a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, ConnectError> {
    let entries = fs::read_dir(folder).map_err(|error| trouble(folder, &error))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths.filter(|path| path.is_file()).collect())
}

/// The certificate in a file, as DER or as PEM, whatever it is called.
fn read(path: &Path) -> Option<X509> {
    let bytes = fs::read(path).ok()?;
    X509::from_der(&bytes)
        .or_else(|_| X509::from_pem(&bytes))
        .ok()
}

/// What the file of a certificate is called: as the protocol crate calls it, whose server looks for it under that name, or by its
/// thumbprint alone where its subject, which a stranger chooses, makes no name of one file here.
fn file_name(certificate: &X509) -> String {
    let theirs = CertificateStore::cert_file_name(certificate);
    match is_one_file(&theirs, NEVER_IN_NAMES) {
        true => theirs,
        false => format!("{}.der", certificate.thumbprint().as_hex_string()),
    }
}

/// Characters that Windows takes for ways to other folders, drives or streams, or for patterns.
const NEVER_ON_WINDOWS: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
const NEVER_IN_NAMES: &[char] = if cfg!(windows) {
    NEVER_ON_WINDOWS
} else {
    &['/']
};
/// The longest name of a file, bytes: what Linux, macOS and Windows take.
const LONGEST_NAME: usize = 255;

fn is_one_file(name: &str, never: &[char]) -> bool {
    let is_bad = |c: char| c.is_control() || never.contains(&c);
    name.len() <= LONGEST_NAME && !name.contains(is_bad)
}

/// What a certificate may be called without quoting: a name like `CN=…,O=…` is made of it.
fn plain(name: &str) -> String {
    let keep = |c: char| {
        if c.is_ascii_alphanumeric() || " -_.".contains(c) {
            c
        } else {
            '_'
        }
    };
    name.chars().map(keep).collect::<String>().trim().into()
}

/// Keeps others of the machine away.
fn keep_private(path: &Path, mode: u32) -> Result<(), ConnectError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(|error| trouble(path, &error))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, mode);
        Ok(())
    }
}

fn trouble(path: &Path, error: &std::io::Error) -> ConnectError {
    ConnectError::CertificateFolder {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn application(name: &str) -> Application {
        Application {
            uri: format!("urn:saltern:test:{name}"),
            name: format!("Saltern, {name}"),
            hosts: vec!["localhost".into(), "127.0.0.1".into()],
        }
    }

    #[test]
    fn an_unknown_certificate_is_rejected_until_a_person_moves_it() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| Certificates::open(&folder.path().join(name), &application(name));
        let (ours, theirs) = (open("ours").unwrap(), open("theirs").unwrap());
        let der = fs::read(theirs.own()).unwrap();
        let refused = ours.judge("opc.tcp://them", &der).unwrap_err();
        assert_eq!(refused.code(), "connect.untrusted");
        // It stays refused, and lies there once.
        assert!(ours.judge("opc.tcp://them", &der).is_err());
        let rejected = files(&ours.folder().join("rejected")).unwrap();
        assert_eq!(rejected.len(), 1);
        // Copied under any name it is trusted and no longer rejected.
        fs::copy(
            &rejected[0],
            ours.folder().join("trusted/plc of hall 2.crt"),
        )
        .unwrap();
        ours.judge("opc.tcp://them", &der).unwrap();
        assert_eq!(files(&ours.folder().join("rejected")).unwrap().len(), 0);
        assert_eq!(
            ours.judge("opc.tcp://them", b"none").unwrap_err().code(),
            "connect.refused"
        );
    }

    #[test]
    fn our_own_is_made_once_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let first = Certificates::open(folder.path(), &application("one")).unwrap();
        let own = fs::read(first.own()).unwrap();
        let again = Certificates::open(folder.path(), &application("one")).unwrap();
        assert_eq!(fs::read(again.own()).unwrap(), own);
        assert!(again.own_until_us().unwrap() > 2_000_000_000_000_000);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(again.key()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    /// A certificate signed by itself. A backslash is doubled in a subject as it is written (RFC 4514, 2.4).
    fn of_a_stranger(folder: &Path, common_name: &str) -> Vec<u8> {
        let data = X509Data {
            key_size: KEY_BITS,
            common_name: common_name.into(),
            organization: String::new(),
            organizational_unit: String::new(),
            country: String::new(),
            state: String::new(),
            alt_host_names: X509Data::alt_host_names("urn:stranger", None, false, false, false),
            certificate_duration_days: 1,
        };
        let (certificate, key) = (folder.join("cert.der"), folder.join("key.pem"));
        CertificateStore::create_certificate_and_key(&data, true, &certificate, &key).unwrap();
        fs::read(certificate).unwrap()
    }

    #[test]
    fn no_subject_leads_out_of_the_folder() {
        let room = tempfile::tempdir().unwrap();
        let ours = Certificates::open(&room.path().join("a/ours"), &application("one")).unwrap();
        let long = "x".repeat(300);
        for name in [
            r"..\\..\\stolen",
            "../../stolen",
            r"C:\\stolen",
            "盐湖: 1 号*",
            &long,
        ] {
            let der = of_a_stranger(room.path(), name);
            let refused = ours.judge("opc.tcp://them", &der).unwrap_err();
            assert_eq!(refused.code(), "connect.untrusted", "{name}: {refused}");
            let rejected = files(&ours.folder().join("rejected")).unwrap();
            assert_eq!(rejected.len(), 1, "{name}: {rejected:?}");
            assert_eq!(fs::read(&rejected[0]).unwrap(), der, "{name}");
            ours.trust(&rejected[0]).unwrap();
            ours.judge("opc.tcp://them", &der).unwrap();
            let trusted = files(&ours.folder().join("trusted")).unwrap();
            assert_eq!(trusted.len(), 1, "{name}: {trusted:?}");
            fs::remove_file(&trusted[0]).unwrap();
        }
        // Beside the folder there is nothing but what this test has laid there.
        let beside: Vec<_> = fs::read_dir(room.path().join("a")).unwrap().collect();
        assert_eq!((beside.len(), files(room.path()).unwrap().len()), (1, 2));
    }

    #[test]
    fn names_of_files_hold_no_way_on_any_system() {
        let windows = |name: &str| is_one_file(name, NEVER_ON_WINDOWS);
        assert!(windows("CN=Saltern_ hall 2 [0aff].der"));
        for bad in [r"CN=..\..\x [0a].der", "CN=C:x [0a].der", "CN=a\0 [0a].der"] {
            assert!(!windows(bad), "{bad}");
        }
        assert!(!windows(&"x".repeat(256)));
    }

    #[test]
    fn the_rejected_do_not_fill_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let ours = Certificates::open(folder.path(), &application("one")).unwrap();
        for at in 0..REJECTED_MAX + 7 {
            fs::write(folder.path().join(format!("rejected/{at}.der")), "x").unwrap();
        }
        ours.settle().unwrap();
        let left = files(&folder.path().join("rejected")).unwrap();
        assert_eq!(left.len(), REJECTED_MAX);
    }
}
