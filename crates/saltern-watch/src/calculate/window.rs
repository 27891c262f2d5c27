//! Means, slopes and changes over a time that has passed, in bounded memory.
//!
//! A window is cut into 128 pieces. A piece keeps what its samples come to, so a window never holds more than that however
//! fast values come, and its far edge is known to 1/128 of its length. A value holds until the next one comes.

use saltern_samples::{Quality, Trust};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

const PIECES: i64 = 128;

/// A part of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Piece {
    start_us: i64,
    end_us: i64,
    /// Value that held when it began; NaN is kept as `None`, since not every format knows it.
    first: Option<f64>,
    /// ∫ value dt over the time with usable values, value·µs, and that time, µs.
    integral: f64,
    usable_us: f64,
    uncertain: bool,
    /// Samples: how many, means of time (µs since the start of the piece) and value, and sums of squares around them.
    count: f64,
    mean_t: f64,
    mean_v: f64,
    tt: f64,
    tv: f64,
}

/// The past of a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    length_us: i64,
    pieces: VecDeque<Piece>,
    last: Option<f64>,
    last_uncertain: bool,
}

impl Window {
    /// An empty one of some length.
    pub fn new(length_us: i64) -> Window {
        Window {
            length_us: length_us.max(PIECES),
            pieces: VecDeque::new(),
            last: None,
            last_uncertain: false,
        }
    }

    /// Its length, µs.
    pub fn length_us(&self) -> i64 {
        self.length_us
    }

    /// Takes a value, `None` where it may not be used. Values older than the last one are not taken.
    pub fn take(&mut self, time_us: i64, value: Option<f64>, uncertain: bool) {
        let piece_us = self.length_us / PIECES;
        if self
            .pieces
            .back()
            .is_some_and(|piece| time_us < piece.end_us)
        {
            return;
        }
        self.hold_until(time_us);
        let begins = |piece: &Piece| time_us - piece.start_us >= piece_us;
        if self.pieces.back().is_none_or(begins) {
            self.pieces.push_back(Piece {
                start_us: time_us,
                end_us: time_us,
                first: value,
                ..Piece::default()
            });
        }
        self.last = value;
        self.last_uncertain = uncertain;
        if let (Some(piece), Some(value)) = (self.pieces.back_mut(), value) {
            let t = (time_us - piece.start_us) as f64;
            piece.count += 1.0;
            let (dt, dv) = (t - piece.mean_t, value - piece.mean_v);
            piece.mean_t += dt / piece.count;
            piece.mean_v += dv / piece.count;
            piece.tt += dt * (t - piece.mean_t);
            piece.tv += dt * (value - piece.mean_v);
            piece.uncertain |= uncertain;
        }
        let old = |piece: &Piece| piece.end_us <= time_us.saturating_sub(self.length_us);
        while self.pieces.front().is_some_and(old) {
            self.pieces.pop_front();
        }
    }

    /// The last value holds until now.
    fn hold_until(&mut self, time_us: i64) {
        let (last, uncertain) = (self.last, self.last_uncertain);
        let Some(piece) = self.pieces.back_mut() else {
            return;
        };
        let held_us = (time_us - piece.end_us) as f64;
        piece.end_us = time_us;
        if let Some(value) = last {
            piece.integral += value * held_us;
            piece.usable_us += held_us;
            piece.uncertain |= uncertain && held_us > 0.0;
        }
    }

    fn end_us(&self) -> i64 {
        self.pieces.back().map_or(0, |piece| piece.end_us)
    }

    fn begin_us(&self) -> i64 {
        self.end_us().saturating_sub(self.length_us)
    }

    /// Share of a piece that lies within the window.
    fn share(&self, piece: &Piece) -> f64 {
        let whole = (piece.end_us - piece.start_us) as f64;
        let outside = (self.begin_us() - piece.start_us) as f64;
        if outside > 0.0 && whole > 0.0 {
            1.0 - outside / whole
        } else {
            1.0
        }
    }

    /// Mean over time. Good where half of the window at least is known; estimated where less is, or where something in it is
    /// uncertain.
    pub fn average(&self) -> (f64, Quality) {
        let (mut integral, mut usable_us, mut uncertain) = (0.0, 0.0, self.last_uncertain);
        for piece in &self.pieces {
            let share = self.share(piece);
            integral += piece.integral * share;
            usable_us += piece.usable_us * share;
            uncertain |= piece.uncertain;
        }
        if usable_us <= 0.0 {
            return self.last.map_or((f64::NAN, Quality::BAD), |value| {
                (value, Quality::ESTIMATED)
            });
        }
        let known = usable_us >= 0.5 * self.length_us as f64;
        (integral / usable_us, quality(known && !uncertain))
    }

    /// Slope of the straight line through the samples (least squares), per second. Bad until half of the window has passed.
    pub fn rate(&self) -> (f64, Quality) {
        let begin_us = self.begin_us();
        let (mut count, mut mean_t, mut mean_v, mut tt, mut tv) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut uncertain, mut from_us) = (false, None);
        for piece in self.pieces.iter().filter(|piece| piece.count > 0.0) {
            from_us.get_or_insert(piece.start_us);
            uncertain |= piece.uncertain;
            // Two parts of one regression put together: means weighted, squares around the common mean.
            let t = (piece.start_us - begin_us) as f64 + piece.mean_t;
            let all = count + piece.count;
            let (dt, dv) = (t - mean_t, piece.mean_v - mean_v);
            let weight = count * piece.count / all;
            tt += piece.tt + dt * dt * weight;
            tv += piece.tv + dt * dv * weight;
            mean_t += dt * piece.count / all;
            mean_v += dv * piece.count / all;
            count = all;
        }
        let span_us = from_us.map_or(0, |from_us| self.end_us() - from_us);
        if self.last.is_none() || tt <= 0.0 || span_us < self.length_us / 2 {
            return (f64::NAN, Quality::BAD);
        }
        (tv / tt * 1e6, quality(!uncertain && !self.last_uncertain))
    }

    /// Change since the window began. Bad until it is full, or where there was no value then.
    pub fn delta(&self) -> (f64, Quality) {
        let begin_us = self.begin_us();
        let then = self
            .pieces
            .iter()
            .rev()
            .find(|piece| piece.start_us <= begin_us);
        match (then.and_then(|piece| piece.first), self.last) {
            (Some(then), Some(now)) => (now - then, quality(!self.last_uncertain)),
            _ => (f64::NAN, Quality::BAD),
        }
    }
}

fn quality(good: bool) -> Quality {
    if good {
        Quality::GOOD
    } else {
        Quality::ESTIMATED
    }
}

/// What a result is worth that is made of this.
pub(crate) fn made_of(quality: Quality) -> Quality {
    match quality.trust() {
        Trust::Good => Quality::GOOD,
        Trust::Uncertain => Quality::ESTIMATED,
        Trust::Bad => quality,
    }
}
