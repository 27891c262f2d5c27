//! `saltern backup` and `saltern restore`.

use saltern_server::copies;
use saltern_units::Lang;

use crate::args::{BackupArgs, RestoreArgs};
use crate::failure::Failure;
use crate::talk;

/// Copies what a server keeps.
pub(crate) fn back_up(args: &BackupArgs, lang: Lang) -> Result<(), Failure> {
    copies::back_up(&args.data, &args.output)
        .map_err(|problem| Failure::problems(vec![problem]))?;
    let output = args.output.display();
    talk(&lang.pick(
        format!("copied to {output}; `saltern restore {output} --data DIR` brings it back"),
        format!("已复制到 {output}；用 `saltern restore {output} --data DIR` 可恢复"),
    ));
    Ok(())
}

/// Puts a copy in place of lost data.
pub(crate) fn restore(args: &RestoreArgs, lang: Lang) -> Result<(), Failure> {
    copies::restore(&args.copy, &args.data).map_err(|problem| Failure::problems(vec![problem]))?;
    let data = args.data.display();
    talk(&lang.pick(
        format!("restored; `saltern serve BASE --data {data}` goes on from there"),
        format!("已恢复；用 `saltern serve BASE --data {data}` 继续运行"),
    ));
    Ok(())
}
