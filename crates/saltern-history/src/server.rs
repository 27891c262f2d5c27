//! A store on a PostgreSQL server, for what is past one machine's disk. Where TimescaleDB is there, samples are a hypertable.
//!
//! Samples are copied to a table of the session and merged from there in one transaction, so that a batch is there whole or
//! not at all, and a sample that was written before is corrected.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use postgres::{Client, NoTls, Row};

use crate::acceptance::{self, Accepted, Rule};
use crate::commit::{Committer, Sink};
use crate::embedded::Options;
use crate::error::HistoryError;
use crate::tally::{Counts, Tally, hold};
use saltern_samples::Series;
use saltern_samples::bucket::{Bucket, Grid};
use saltern_samples::quality::Quality;
use saltern_samples::sample::{Reading, Sample, TagId};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS saltern_tags (id SERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS saltern_samples (
        tag INTEGER NOT NULL, time TIMESTAMPTZ NOT NULL, value DOUBLE PRECISION, quality SMALLINT NOT NULL,
        PRIMARY KEY (tag, time));";

const INCOMING: &str = "
    CREATE TEMPORARY TABLE IF NOT EXISTS saltern_incoming (
        place INTEGER NOT NULL, tag INTEGER NOT NULL, time TIMESTAMPTZ NOT NULL, value DOUBLE PRECISION,
        quality SMALLINT NOT NULL) ON COMMIT DELETE ROWS;
    SET synchronous_commit = on;";

const MERGE: &str = "
    INSERT INTO saltern_samples (tag, time, value, quality)
    SELECT DISTINCT ON (tag, time) tag, time, value, quality FROM saltern_incoming ORDER BY tag, time, place DESC
    ON CONFLICT (tag, time) DO UPDATE SET value = EXCLUDED.value, quality = EXCLUDED.quality";

const SERIES: &str = "
    SELECT time, value, quality FROM saltern_samples WHERE tag = $1 AND time >= $2 AND time < $3 ORDER BY time";

/// What lies in each span of a grid: start $4 and width $5 in microseconds. What is usable is what
/// [`Sample::is_usable`] says.
const BUCKETS: &str = "
    WITH span AS (
        SELECT ((extract(epoch FROM time) * 1000000)::bigint - $4) / $5 AS place, time, value,
               value IS NOT NULL AND (quality & 192) IN (64, 192) AS usable
        FROM saltern_samples WHERE tag = $1 AND time >= $2 AND time < $3)
    SELECT place, min(value) FILTER (WHERE usable), max(value) FILTER (WHERE usable),
           sum(value ORDER BY time) FILTER (WHERE usable), count(*) FILTER (WHERE usable),
           count(*) FILTER (WHERE NOT usable),
           (array_agg(value ORDER BY time) FILTER (WHERE usable))[1],
           (array_agg(value ORDER BY time DESC) FILTER (WHERE usable))[1]
    FROM span GROUP BY place ORDER BY place";

/// A store on a server.
pub struct Server {
    committer: Committer,
    shared: Arc<Shared>,
}

struct Shared {
    /// Where the server is and who asks: `host=… user=… dbname=…` or `postgresql://…`.
    address: String,
    options: Options,
    /// `None` after a failure: connected anew at the next use.
    reader: Mutex<Option<Client>>,
    writer: Mutex<Option<Client>>,
    tags: Mutex<Tags>,
    tally: Tally,
}

#[derive(Default)]
struct Tags {
    by_name: HashMap<String, TagId>,
    rules: HashMap<TagId, Rule>,
    latest: HashMap<TagId, Sample>,
}

fn failed(doing: &'static str) -> impl Fn(postgres::Error) -> HistoryError {
    move |error| {
        let detail = error.as_db_error().map(|e| e.message().to_owned());
        HistoryError::Server {
            doing,
            reason: detail.unwrap_or_else(|| error.to_string()),
        }
    }
}

/// The server keeps microseconds from 4713 BC to 294276 AD; further away nothing is.
fn instant(time_us: i64) -> SystemTime {
    const FURTHEST_US: i64 = 200_000_000_000 * 1_000_000;
    let time = Duration::from_micros(time_us.unsigned_abs().min(FURTHEST_US as u64));
    if time_us < 0 {
        UNIX_EPOCH - time
    } else {
        UNIX_EPOCH + time
    }
}

fn microseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_micros() as i64,
        Err(before) => -(before.duration().as_micros() as i64),
    }
}

fn byte(row: &Row, column: usize) -> Quality {
    Quality::from_byte(row.get::<_, i16>(column) as u8)
}

impl Server {
    /// Connects and makes the tables if need be.
    pub fn open(address: &str, options: Options) -> Result<Server, HistoryError> {
        let shared = Arc::new(Shared {
            address: address.to_owned(),
            options,
            reader: Mutex::default(),
            writer: Mutex::default(),
            tags: Mutex::default(),
            tally: Tally::default(),
        });
        shared.load()?;
        let committing = Arc::clone(&shared);
        let sink = Sink {
            commit: Box::new(move |batches| committing.commit(batches)),
            // The server keeps its own house.
            freeze: Box::new(|| Ok(())),
            is_due: Box::new(|| false),
        };
        let committer =
            Committer::start(sink, shared.options.window).map_err(|e| HistoryError::Server {
                doing: "start a thread",
                reason: e.to_string(),
            })?;
        Ok(Server { committer, shared })
    }

    /// As [`Embedded::register`](crate::Embedded::register).
    pub fn register(&self, tags: &[(&str, Rule)]) -> Result<Vec<TagId>, HistoryError> {
        HistoryError::check_names(tags)?;
        let mut known = hold(&self.shared.tags);
        let mut new: Vec<&str> = tags.iter().map(|(name, _)| *name).collect();
        new.retain(|name| !known.by_name.contains_key(*name));
        new.sort_unstable();
        new.dedup();
        if !new.is_empty() {
            let rows = self.shared.with(&self.shared.writer, "add tags", |client| {
                client.query(
                    "INSERT INTO saltern_tags (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING id, name",
                    &[&new],
                )
            })?;
            for row in rows {
                known
                    .by_name
                    .insert(row.get(1), TagId(row.get::<_, i32>(0) as u32));
            }
        }
        let mut ids = Vec::new();
        for (name, rule) in tags {
            if let Some(id) = known.by_name.get(*name).copied() {
                known.rules.insert(id, *rule);
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// As [`Embedded::tag`](crate::Embedded::tag).
    pub fn tag(&self, name: &str) -> Result<TagId, HistoryError> {
        let tags = hold(&self.shared.tags);
        tags.by_name
            .get(name)
            .copied()
            .ok_or_else(|| HistoryError::UnknownTag {
                tag: name.to_owned(),
            })
    }

    /// As [`Embedded::append_then`](crate::Embedded::append_then).
    pub fn append_then(
        &self,
        mut readings: Vec<Reading>,
        acknowledge: impl FnOnce(Result<(), HistoryError>) + Send + 'static,
    ) -> Result<Accepted, HistoryError> {
        let now_us = (self.shared.options.clock)();
        let latest_us = now_us + self.shared.options.ahead.as_micros() as i64;
        let accepted = {
            let tags = hold(&self.shared.tags);
            let rule = |tag| tags.rules.get(&tag).copied();
            acceptance::admit(&mut readings, rule, now_us, latest_us)
        };
        self.shared.tally.refused(&accepted);
        self.committer.append(readings, acknowledge)?;
        Ok(accepted)
    }

    /// As [`Embedded::series`](crate::Embedded::series).
    pub fn series(&self, tag: TagId, from_us: i64, to_us: i64) -> Result<Series, HistoryError> {
        let (from, to) = (instant(from_us), instant(to_us));
        let rows = self
            .shared
            .with(&self.shared.reader, "read samples", |client| {
                client.query(SERIES, &[&(tag.0 as i32), &from, &to])
            })?;
        let samples = rows.iter().map(|row| Sample {
            time_us: microseconds(row.get(0)),
            value: row.get::<_, Option<f64>>(1).unwrap_or(f64::NAN),
            quality: byte(row, 2),
        });
        Ok(samples.collect())
    }

    /// As [`Embedded::buckets`](crate::Embedded::buckets).
    pub fn buckets(
        &self,
        tag: TagId,
        from_us: i64,
        to_us: i64,
        most: usize,
    ) -> Result<Vec<Bucket>, HistoryError> {
        let grid = Grid::over(from_us, to_us, most);
        let (from, to) = (instant(grid.start_us), instant(grid.end_us()));
        let rows = self
            .shared
            .with(&self.shared.reader, "read samples", |client| {
                let start: [&(dyn postgres::types::ToSql + Sync); 5] =
                    [&(tag.0 as i32), &from, &to, &grid.start_us, &grid.width_us];
                client.query(BUCKETS, &start)
            })?;
        let mut buckets = grid.buckets();
        for row in rows {
            let number = |column: usize| row.get::<_, Option<f64>>(column).unwrap_or(f64::NAN);
            if let Some(bucket) = buckets.get_mut(row.get::<_, i64>(0) as usize) {
                bucket.min = number(1);
                bucket.max = number(2);
                bucket.sum = row.get::<_, Option<f64>>(3).unwrap_or(0.0);
                bucket.count = row.get::<_, i64>(4) as u64;
                bucket.bad = row.get::<_, i64>(5) as u64;
                bucket.first = number(6);
                bucket.last = number(7);
            }
        }
        Ok(buckets)
    }

    /// As [`Embedded::latest`](crate::Embedded::latest).
    pub fn latest(&self, tag: TagId) -> Result<Option<Sample>, HistoryError> {
        Ok(hold(&self.shared.tags).latest.get(&tag).copied())
    }

    /// Removes what is older than the rules of its tags keep.
    pub fn tend(&self) -> Result<(), HistoryError> {
        let now_us = (self.shared.options.clock)();
        let rules = hold(&self.shared.tags).rules.clone();
        for (tag, rule) in rules.iter().filter(|(_, rule)| rule.keep_days.is_some()) {
            let oldest = instant(rule.oldest_us(now_us));
            self.shared
                .with(&self.shared.writer, "remove old samples", |client| {
                    client.execute(
                        "DELETE FROM saltern_samples WHERE tag = $1 AND time < $2",
                        &[&(tag.0 as i32), &oldest],
                    )
                })?;
        }
        Ok(())
    }

    /// As [`Embedded::trouble`](crate::Embedded::trouble).
    pub fn trouble(&self) -> Option<HistoryError> {
        self.shared.tally.trouble()
    }

    /// What it has done; what the server holds is the server's to say.
    pub fn counts(&self) -> Counts {
        self.shared.tally.counts()
    }
}

impl Shared {
    /// Does something with a connection, made anew where the last one failed.
    fn with<T>(
        &self,
        client: &Mutex<Option<Client>>,
        doing: &'static str,
        work: impl FnOnce(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, HistoryError> {
        let mut client = hold(client);
        let mut open = match client.take() {
            Some(open) if !open.is_closed() => open,
            _ => {
                let mut open = Client::connect(&self.address, NoTls).map_err(failed("connect"))?;
                open.batch_execute(INCOMING).map_err(failed("prepare"))?;
                open
            }
        };
        let result = work(&mut open).map_err(failed(doing));
        // After a failure it is unknown what the server believes of this session.
        *client = result.is_ok().then_some(open);
        result
    }

    fn load(&self) -> Result<(), HistoryError> {
        let rows = self.with(&self.writer, "make its tables", |client| {
            client.batch_execute(TABLES)?;
            let scaled = "SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb'";
            if client.query_opt(scaled, &[])?.is_some() {
                client.batch_execute(
                    "CREATE EXTENSION IF NOT EXISTS timescaledb;
                     SELECT create_hypertable('saltern_samples', 'time', if_not_exists => TRUE, migrate_data => TRUE)",
                )?;
            }
            client.query(
                "SELECT t.id, t.name, l.time, l.value, l.quality FROM saltern_tags t LEFT JOIN LATERAL (
                     SELECT time, value, quality FROM saltern_samples s WHERE s.tag = t.id ORDER BY time DESC LIMIT 1) l ON TRUE",
                &[],
            )
        })?;
        let mut tags = hold(&self.tags);
        for row in rows {
            let id = TagId(row.get::<_, i32>(0) as u32);
            tags.by_name.insert(row.get(1), id);
            tags.rules.insert(id, Rule::KEEP_ALL);
            if let Some(time) = row.get::<_, Option<SystemTime>>(2) {
                let sample = Sample {
                    time_us: microseconds(time),
                    value: row.get::<_, Option<f64>>(3).unwrap_or(f64::NAN),
                    quality: byte(&row, 4),
                };
                tags.latest.insert(id, sample);
            }
        }
        Ok(())
    }

    fn commit(&self, batches: &[&[Reading]]) -> Result<(), HistoryError> {
        let result = self.with(&self.writer, "store samples", |client| {
            let mut transaction = client.transaction()?;
            let copy = transaction.copy_in(
                "COPY saltern_incoming (place, tag, time, value, quality) FROM STDIN BINARY",
            )?;
            let types = [
                Type::INT4,
                Type::INT4,
                Type::TIMESTAMPTZ,
                Type::FLOAT8,
                Type::INT2,
            ];
            let mut rows = BinaryCopyInWriter::new(copy, &types);
            for (place, Reading { tag, sample }) in batches.iter().copied().flatten().enumerate() {
                let value = (!sample.value.is_nan()).then_some(sample.value);
                rows.write(&[
                    &(place as i32),
                    &(tag.0 as i32),
                    &instant(sample.time_us),
                    &value,
                    &i16::from(sample.quality.byte()),
                ])?;
            }
            rows.finish()?;
            transaction.execute(MERGE, &[])?;
            transaction.commit()
        });
        let readings = || batches.iter().copied().flatten();
        if result.is_ok() {
            let mut tags = hold(&self.tags);
            for Reading { tag, sample } in readings() {
                let latest = tags.latest.entry(*tag).or_insert(*sample);
                if latest.time_us <= sample.time_us {
                    *latest = *sample;
                }
            }
        }
        self.tally.committed(readings().count(), &result);
        result
    }
}
