//! The engine of the system's Hyperscan or Vectorscan (`libhyperscan-dev`), several times as fast on long lists.

use std::fmt::Write as _;
use std::sync::Mutex;

use hyperscan::{BlockDatabase, Builder as _, Matching, Pattern, Patterns, Scratch};

/// Literals to look for at once.
pub(crate) struct Literals {
    database: BlockDatabase,
    /// Memory of scans that are not running now; each scan needs one of its own.
    idle: Mutex<Vec<Scratch>>,
    wanted: Vec<Vec<u8>>,
}

impl Literals {
    /// Of distinct literals, at least one. `None` when the engine refuses them.
    pub(crate) fn new(literals: &[Vec<u8>]) -> Option<Self> {
        let mut patterns = Vec::with_capacity(literals.len());
        for (id, literal) in literals.iter().enumerate() {
            let mut expression = String::with_capacity(literal.len().saturating_mul(4));
            for octet in literal {
                write!(expression, "\\x{octet:02x}").ok()?;
            }
            let mut pattern = Pattern::new(expression).ok()?;
            pattern.id = Some(id);
            patterns.push(pattern);
        }
        let database: BlockDatabase = Patterns(patterns).build().ok()?;
        let first = database.alloc_scratch().ok()?;
        Some(Self {
            database,
            idle: Mutex::new(vec![first]),
            wanted: literals.to_vec(),
        })
    }

    /// Tells of every occurrence, overlapping ones too: which literal, and the place behind its last octet.
    pub(crate) fn each(&self, octets: &[u8], mut tell: impl FnMut(usize, usize)) {
        for (end, literal) in self.scan(octets).unwrap_or_else(|| self.look(octets)) {
            tell(literal, end);
        }
    }

    /// `None` when the engine has no memory for the scan.
    fn scan(&self, octets: &[u8]) -> Option<Vec<(usize, usize)>> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let scratch = match idle {
            Some(scratch) => scratch,
            None => self.database.alloc_scratch().ok()?,
        };
        let mut hits = Vec::new();
        let scanned = self.database.scan(octets, &scratch, |id, _, end, _| {
            hits.push((wide(end), wide(id)));
            Matching::Continue
        });
        self.idle.lock().ok()?.push(scratch);
        scanned.ok()?;
        Some(hits)
    }

    /// The same, slowly: what was ordered to be found is never missed for want of memory.
    pub(super) fn look(&self, octets: &[u8]) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        for (id, literal) in self.wanted.iter().enumerate() {
            let places = octets.windows(literal.len()).enumerate();
            let found = places.filter(|(_, window)| window == literal);
            hits.extend(found.map(|(place, _)| (place.saturating_add(literal.len()), id)));
        }
        hits.sort_unstable();
        hits
    }
}

fn wide(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(usize::MAX)
}
