//! The server itself as an asset with tags and alarms, so that its troubles are answered, journalled and counted like any
//! other: a store that can't write, samples lost, a base folder that can't be read, a connection that is down.

use saltern_base::energy::Identity;
use saltern_base::model::Label;
use saltern_base::tags::{Alarm, AlarmKind, Asset, Level, Priority, Quantity, Source, Tag, Tags};
use saltern_units::place::Place;
use saltern_units::unit;

/// What ids of the server's own tags begin with.
pub(crate) const PREFIX: &str = "saltern.";

/// A condition of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Condition {
    /// The store can't write.
    Store,
    /// Samples were lost because they could not be stored for too long.
    Lost,
    /// The records can't be written.
    Records,
    /// The base folder was changed and can't be read.
    Folder,
    /// Readings for systems above were dropped because they could not be reached for too long.
    Dropped,
}

impl Condition {
    pub(crate) const ALL: [Condition; 5] = [
        Condition::Store,
        Condition::Lost,
        Condition::Records,
        Condition::Folder,
        Condition::Dropped,
    ];

    fn texts(self) -> Texts {
        match self {
            Condition::Store => Texts {
                id: "store",
                name: ["Samples cannot be stored", "数据无法保存"],
                cause: ["Disk full, read-only or broken", "磁盘已满、只读或损坏"],
                consequence: [
                    "Nothing is acknowledged; samples wait in memory and are lost in the end",
                    "数据不予确认，暂存内存，久则丢失",
                ],
                action: ["Make room or mend the disk", "清理或修复磁盘"],
                priority: Priority::Critical,
            },
            Condition::Lost => Texts {
                id: "lost",
                name: ["Samples were lost", "数据已丢失"],
                cause: [
                    "The store could not write for longer than memory holds",
                    "存储不可写的时间超过内存可暂存的时间",
                ],
                consequence: ["A gap in the history", "历史数据缺口"],
                action: [
                    "Mend the disk; fill the gap from the source if it keeps a record",
                    "修复磁盘；若数据源有记录则补录",
                ],
                priority: Priority::High,
            },
            Condition::Records => Texts {
                id: "records",
                name: ["The journal cannot be written", "报警日志无法写入"],
                cause: ["Disk full, read-only or broken", "磁盘已满、只读或损坏"],
                consequence: [
                    "Lines of the journal wait in memory; nobody can sign in",
                    "日志暂存内存，无法登录",
                ],
                action: ["Make room or mend the disk", "清理或修复磁盘"],
                priority: Priority::Critical,
            },
            Condition::Folder => Texts {
                id: "folder",
                name: ["The changed base folder is wrong", "基地文件夹的改动有误"],
                cause: ["An edit that can't be read", "编辑内容无法读取"],
                consequence: [
                    "The base as it was read last stays in force",
                    "仍按上次读入的基地运行",
                ],
                action: [
                    "Run `saltern base check` and mend what it says",
                    "运行 `saltern base check` 并按提示修正",
                ],
                priority: Priority::Medium,
            },
            Condition::Dropped => Texts {
                id: "dropped",
                name: ["Readings for a system above were dropped", "外发数据被丢弃"],
                cause: [
                    "It was away for longer than the outbox holds",
                    "上级系统离线时间超过发件箱容量",
                ],
                consequence: ["A gap in its history", "上级历史数据缺口"],
                action: [
                    "See what keeps it away; our own history is whole",
                    "检查其离线原因；本地历史数据完整",
                ],
                priority: Priority::Medium,
            },
        }
    }
}

struct Texts {
    id: &'static str,
    name: [&'static str; 2],
    cause: [&'static str; 2],
    consequence: [&'static str; 2],
    action: [&'static str; 2],
    priority: Priority,
}

/// Rows of the server's own tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Of each condition, in the order of [`Condition::ALL`].
    conditions: Vec<u32>,
    /// Of each connection.
    connections: Vec<u32>,
}

impl Rows {
    pub(crate) fn condition(&self, condition: Condition) -> u32 {
        let place = Condition::ALL.iter().position(|c| *c == condition);
        place.map_or(u32::MAX, |place| self.conditions[place])
    }

    pub(crate) fn connections(&self) -> &[u32] {
        &self.connections
    }
}

/// Adds the server's own asset, tags and alarms.
pub(crate) fn extend(live: &mut Tags) -> Rows {
    let asset = live.assets.len();
    live.assets.push(Asset {
        who: who("saltern", ["Server", "服务器"]),
        level: Level::Equipment,
        level_name: "control_module",
        parent: None,
        node: None,
        tenant: None,
    });
    let mut rows = Rows::default();
    for condition in Condition::ALL {
        let texts = condition.texts();
        let row = state(
            live,
            asset,
            who(&format!("{PREFIX}{}", texts.id), texts.name),
        );
        rows.conditions.push(row as u32);
        live.alarms.push(alarm(live, row, 1.0, &texts));
    }
    let connections: Vec<Identity> = live.connections.iter().map(|c| c.who.clone()).collect();
    for Identity { id, name, .. } in connections {
        let label = Label {
            en: format!("{}: connection", name.en),
            zh: format!("{}：连接", name.zh),
        };
        let identity = Identity {
            name: label,
            ..who(&format!("{PREFIX}connection.{id}"), ["", ""])
        };
        let row = state(live, asset, identity);
        rows.connections.push(row as u32);
        let texts = Texts {
            id: "connection",
            name: ["", ""],
            cause: [
                "The other system or the network is down, or has changed",
                "对方系统或网络中断，或配置已变",
            ],
            consequence: ["Its tags show gaps", "其位号出现缺口"],
            action: [
                "Look at the connection's trouble; it goes on by itself once the other answers",
                "查看连接故障原因；对方恢复后自动续传",
            ],
            priority: Priority::High,
        };
        live.alarms.push(alarm(live, row, 2.0, &texts));
    }
    rows
}

/// A tag that is a number of a state.
fn state(live: &mut Tags, asset: usize, who: Identity) -> usize {
    live.tags.push(Tag {
        who,
        asset,
        unit: unit::Dimension::Fraction.si(),
        quantity: Quantity::State,
        component: None,
        low: None,
        high: None,
        resolution: Some(1.0),
        source: Source::Calculated,
        connection: None,
        period_s: 60.0,
        deadband: 0.0,
        retention_s: None,
        writing: None,
    });
    live.tags.len() - 1
}

fn alarm(live: &Tags, tag: usize, limit: f64, texts: &Texts) -> Alarm {
    Alarm {
        who: live.tags[tag].who.clone(),
        tag,
        kind: AlarmKind::State,
        limit,
        reference: None,
        window_s: 0.0,
        deadband: 0.0,
        on_delay_s: 5.0,
        off_delay_s: 5.0,
        realarm_s: None,
        latching: false,
        confirm: false,
        priority: texts.priority,
        class: Some("system".into()),
        group: None,
        shelve_max_s: 8.0 * 3600.0,
        suppress_when: None,
        cause: label(texts.cause),
        consequence: label(texts.consequence),
        action: label(texts.action),
        source: None,
    }
}

fn who(id: &str, name: [&str; 2]) -> Identity {
    Identity {
        id: id.into(),
        name: label(name),
        place: Place::file("saltern"),
    }
}

fn label([en, zh]: [&str; 2]) -> Label {
    Label {
        en: en.into(),
        zh: zh.into(),
    }
}
