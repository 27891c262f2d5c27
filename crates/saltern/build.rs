//! Puts the console into the program: what `npm run build` in `web/` left in `web/dist`. Without it the program is whole but for
//! its pages, and says so where they would be.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = here.join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &mut files)?;
    }
    files.sort();
    let mut code = String::from("&[\n");
    for path in files.iter().filter(|path| !is_gzip(path)) {
        let name = path.strip_prefix(&dist).unwrap_or(path);
        let name = name.to_string_lossy().replace('\\', "/");
        let gzip = PathBuf::from(format!("{}.gz", path.display()));
        let gzip = match gzip.is_file() {
            true => format!("Some(include_bytes!({gzip:?}))"),
            false => "None".into(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            code,
            "    saltern_server::PageFile {{ path: {name:?}, bytes: include_bytes!({path:?}), gzip: {gzip} }},"
        );
    }
    code += "]\n";
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("console.rs"), code)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

fn is_gzip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}
