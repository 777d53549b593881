//! Reads a meeting's lines back.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::platform::{JournalFailure, PAGE_BYTES, Page};

use super::day::Day;
use super::head::Head;
use super::index::Place;
use super::shared::{Shared, lock};

/// The fewest places that are taken from the index at once.
const PLACES: usize = 64;

impl Shared {
    /// A page of a meeting's lines; older lines replace those of deleted days.
    pub(super) fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, JournalFailure> {
        let (present, count) = {
            let mut index = lock(&self.index);
            index.forget_missing(|day| self.folder.join(day.file_name()).exists());
            let present = index.present(app_id, meeting_id);
            (present, index.count(app_id, meeting_id))
        };
        let asked = before.map_or(count, |place| usize::try_from(place).unwrap_or(count));
        let mut end = asked.min(count);
        let mut lines = Vec::new();
        let mut file = None;
        let mut bytes = 0_usize;
        while end > 0 && lines.len() < limit && bytes < PAGE_BYTES {
            let places = lock(&self.index).before(app_id, meeting_id, end, limit.max(PLACES));
            for place in places {
                if lines.len() >= limit || bytes >= PAGE_BYTES {
                    break;
                }
                end = end.saturating_sub(1);
                let line = self.line(&mut file, place).map_err(|error| {
                    JournalFailure(format!("the audit cannot be read: {error}"))
                })?;
                if let Some(line) = line.filter(|line| is_of(line, app_id, meeting_id)) {
                    bytes = bytes.saturating_add(line.len());
                    lines.push(line);
                }
            }
        }
        Ok(Page {
            lines,
            total: u64::try_from(present).unwrap_or(u64::MAX),
            next: u64::try_from(end).ok().filter(|end| *end > 0),
        })
    }

    /// `None` if the line or its file is gone. The last file stays open, because neighbours are
    /// mostly of one day.
    fn line(
        &self,
        last: &mut Option<(Day, Option<File>)>,
        place: Place,
    ) -> io::Result<Option<String>> {
        if last.as_ref().is_none_or(|(day, _)| *day != place.day) {
            let file = match File::open(self.folder.join(place.day.file_name())) {
                Ok(file) => Some(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            *last = Some((place.day, file));
        }
        let Some((_, Some(file))) = last else {
            return Ok(None);
        };
        let length = usize::try_from(place.length).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length];
        match file.read_exact_at(&mut bytes, place.offset) {
            Ok(()) => Ok(String::from_utf8(bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Other processes may change files. A meeting never sees another meeting's lines.
fn is_of(line: &str, app_id: &str, meeting_id: &str) -> bool {
    Head::read(line.as_bytes())
        .is_some_and(|head| head.app_id == app_id && head.meeting_id == meeting_id)
}
