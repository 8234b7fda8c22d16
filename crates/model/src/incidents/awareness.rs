use std::collections::BTreeMap;

use ids::{AwarenessId, PersonId, stable_codes};
use jiff::Timestamp;
use thiserror::Error;

use crate::text::Prose;

stable_codes! {
    /// Of what the operator became aware (Act Art. 5).
    pub enum AwarenessKind {
        /// An event that may be the cause of an incident (原因となり得る事象, Order Art. 4(1)).
        NearMiss = "near_miss",
        /// 特定侵害事象 (Act Art. 2(5)).
        Incident = "incident",
    }
}

stable_codes! {
    /// How exactly a time is known.
    pub enum Precision {
        /// As recorded.
        Exact = "exact",
        /// An estimate (推定).
        Approximate = "approximate",
    }
}

/// One moment of becoming aware (認知). Never changed; a correction is a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awareness {
    /// Identifies it.
    pub id: AwarenessId,
    /// Near miss or incident.
    pub kind: AwarenessKind,
    /// The instant of awareness, from which the periods of Order Art. 4(2) run.
    pub aware_at: Timestamp,
    /// Whether the instant is an estimate.
    pub precision: Precision,
    /// Who noticed what, and from where it is known.
    pub source: Prose<2000>,
    /// When it was written down here.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: PersonId,
    /// The earlier record that this one corrects, and why; `None` for a first record.
    pub amends: Option<Amends>,
}

/// Which record is corrected, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amends {
    /// The record that no longer stands, and stays visible.
    pub of: AwarenessId,
    /// Why.
    pub reason: Prose<1000>,
}

/// What is told when awareness is recorded or corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAwareness {
    /// The id of the new record.
    pub id: AwarenessId,
    /// The instant of awareness.
    pub aware_at: Timestamp,
    /// Whether the instant is an estimate.
    pub precision: Precision,
    /// Who noticed what, and from where it is known.
    pub source: Prose<2000>,
    /// Now.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: PersonId,
}

/// Why awareness cannot be recorded.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AwarenessError {
    /// Nobody is aware of something before it is so.
    #[error("awareness lies in the future")]
    Future,
    /// The record to correct is not in this case.
    #[error("no such record of awareness")]
    Unknown,
    /// The record was corrected before; correct the one that stands.
    #[error("record of awareness was already corrected")]
    Superseded,
    /// The id is used.
    #[error("record of awareness exists already")]
    Duplicate,
}

impl AwarenessError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Future => "awareness.future",
            Self::Unknown => "awareness.unknown",
            Self::Superseded => "awareness.superseded",
            Self::Duplicate => "awareness.duplicate",
        }
    }
}

/// All records of awareness of one case, in the order of recording.
///
/// Invariants: a record is never changed or removed; one is corrected at most once, by a later
/// record of the same kind; the time of one kind is never derived from that of another, so the near
/// miss keeps its t1 and the incident has a t2 only when somebody gave one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwarenessLog {
    records: Vec<Awareness>,
}

impl AwarenessLog {
    /// An empty log.
    pub const fn new() -> Self {
        Self {
            records: Vec::new(),
        }
    }

    /// Builds the log from stored records, in the order of recording; checks each like a new one.
    pub fn from_records(records: Vec<Awareness>) -> Result<Self, AwarenessError> {
        let mut log = Self::new();
        for record in records {
            log.push(record)?;
        }
        Ok(log)
    }

    /// Adds a moment of awareness; nothing recorded before is touched.
    pub fn record(
        mut self,
        kind: AwarenessKind,
        new: NewAwareness,
    ) -> Result<Self, AwarenessError> {
        self.push(Awareness {
            id: new.id,
            kind,
            aware_at: new.aware_at,
            precision: new.precision,
            source: new.source,
            recorded_at: new.recorded_at,
            recorded_by: new.recorded_by,
            amends: None,
        })?;
        Ok(self)
    }

    /// Corrects a standing record by a new one of the same kind; the earlier stays visible.
    pub fn correct(
        mut self,
        of: AwarenessId,
        reason: Prose<1000>,
        new: NewAwareness,
    ) -> Result<Self, AwarenessError> {
        let kind = self.get(of).ok_or(AwarenessError::Unknown)?.kind;
        self.push(Awareness {
            id: new.id,
            kind,
            aware_at: new.aware_at,
            precision: new.precision,
            source: new.source,
            recorded_at: new.recorded_at,
            recorded_by: new.recorded_by,
            amends: Some(Amends { of, reason }),
        })?;
        Ok(self)
    }

    /// Every record, corrected or not, in the order of recording.
    pub fn records(&self) -> &[Awareness] {
        &self.records
    }

    /// One record.
    pub fn get(&self, id: AwarenessId) -> Option<&Awareness> {
        self.records.iter().find(|record| record.id == id)
    }

    /// The records that were not corrected: from these the clocks run.
    pub fn standing(&self) -> impl Iterator<Item = &Awareness> {
        self.records
            .iter()
            .filter(|record| self.corrected_by(record.id).is_none())
    }

    /// The record that corrects `id`, if there is one.
    pub fn corrected_by(&self, id: AwarenessId) -> Option<&Awareness> {
        self.records
            .iter()
            .find(|record| record.amends.as_ref().is_some_and(|amends| amends.of == id))
    }

    /// The first record of the chain of corrections that `id` belongs to.
    pub fn first_of(&self, id: AwarenessId) -> AwarenessId {
        let earlier: BTreeMap<AwarenessId, AwarenessId> = self
            .records
            .iter()
            .filter_map(|record| record.amends.as_ref().map(|amends| (record.id, amends.of)))
            .collect();
        let mut first = id;
        // Chains cannot run in circles: a correction is always recorded after what it corrects.
        while let Some(of) = earlier.get(&first) {
            first = *of;
        }
        first
    }

    /// The graver kind among the standing records.
    pub fn kind(&self) -> Option<AwarenessKind> {
        self.standing().map(|record| record.kind).max()
    }

    fn push(&mut self, record: Awareness) -> Result<(), AwarenessError> {
        if record.recorded_at < record.aware_at {
            return Err(AwarenessError::Future);
        }
        if self.get(record.id).is_some() {
            return Err(AwarenessError::Duplicate);
        }
        if let Some(amends) = &record.amends {
            let corrected = self.get(amends.of).ok_or(AwarenessError::Unknown)?;
            if corrected.kind != record.kind {
                return Err(AwarenessError::Unknown);
            }
            if self.corrected_by(amends.of).is_some() {
                return Err(AwarenessError::Superseded);
            }
        }
        self.records.push(record);
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small counts")]
mod tests {
    use ids::{IdSource, SeededIds};
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::{
        Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
    };

    use super::{AwarenessError, AwarenessKind, AwarenessLog, NewAwareness, Precision};
    use crate::text::Prose;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn new(
        ids: &(dyn IdSource + 'static),
        aware_at: Timestamp,
        recorded_at: Timestamp,
    ) -> NewAwareness {
        NewAwareness {
            id: ids.next(),
            aware_at,
            precision: Precision::Exact,
            source: Prose::parse("監視の当直が警報を見た").unwrap(),
            recorded_at,
            recorded_by: ids.next(),
        }
    }

    fn reason() -> Prose<1000> {
        Prose::parse("時計のずれを直した").unwrap()
    }

    #[test]
    fn a_near_miss_keeps_its_time_when_it_becomes_an_incident() {
        let ids = SeededIds::new(1);
        let (t1, t2) = (
            at("2026-11-20T03:17:00+09:00"),
            at("2026-11-22T10:00:00+09:00"),
        );
        let log = AwarenessLog::new()
            .record(AwarenessKind::NearMiss, new(&ids, t1, t1))
            .unwrap();
        assert_eq!(log.kind(), Some(AwarenessKind::NearMiss));
        let log = log
            .record(AwarenessKind::Incident, new(&ids, t2, t2))
            .unwrap();
        let times: Vec<Timestamp> = log.standing().map(|record| record.aware_at).collect();
        assert_eq!(times, [t1, t2]);
        assert_eq!(log.kind(), Some(AwarenessKind::Incident));
    }

    #[test]
    fn awareness_in_the_future_is_refused() {
        let ids = SeededIds::new(1);
        let now = at("2026-11-20T03:17:00+09:00");
        let later = at("2026-11-20T03:17:01+09:00");
        assert_eq!(
            AwarenessLog::new().record(AwarenessKind::Incident, new(&ids, later, now)),
            Err(AwarenessError::Future)
        );
    }

    #[test]
    fn a_corrected_time_stands_and_the_earlier_stays_visible() {
        let ids = SeededIds::new(1);
        let (early, late) = (
            at("2026-11-20T03:17:00+09:00"),
            at("2026-11-20T04:17:00+09:00"),
        );
        let first = new(&ids, late, late);
        let log = AwarenessLog::new()
            .record(AwarenessKind::NearMiss, first.clone())
            .unwrap();
        let log = log
            .correct(first.id, reason(), new(&ids, early, late))
            .unwrap();
        assert_eq!(log.records().len(), 2);
        assert_eq!(log.records()[0].aware_at, late);
        let standing: Vec<Timestamp> = log.standing().map(|record| record.aware_at).collect();
        assert_eq!(standing, [early]);
        assert_eq!(log.first_of(log.records()[1].id), first.id);
        assert_eq!(
            log.correct(first.id, reason(), new(&ids, early, late)),
            Err(AwarenessError::Superseded)
        );
    }

    #[test]
    fn a_record_of_another_case_cannot_be_corrected() {
        let ids = SeededIds::new(1);
        let now = at("2026-11-20T03:17:00+09:00");
        assert_eq!(
            AwarenessLog::new().correct(ids_next(&ids), reason(), new(&ids, now, now)),
            Err(AwarenessError::Unknown)
        );
    }

    fn ids_next(ids: &(dyn IdSource + 'static)) -> ids::AwarenessId {
        ids.next()
    }

    #[derive(Clone, Debug)]
    enum Step {
        Record(AwarenessKind, i64),
        Correct(usize, i64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let kind = prop_oneof![Just(AwarenessKind::NearMiss), Just(AwarenessKind::Incident)];
        let step = prop_oneof![
            (kind, -500_i64..10).prop_map(|(kind, minutes)| Step::Record(kind, minutes)),
            (any::<usize>(), -500_i64..10)
                .prop_map(|(which, minutes)| Step::Correct(which, minutes)),
        ];
        proptest::collection::vec(step, 0..20)
    }

    proptest! {
        #[test]
        fn whatever_is_done_records_only_grow_and_never_change(steps in steps()) {
            let ids = SeededIds::new(9);
            let now = at("2026-11-20T03:17:00+09:00");
            let mut log = AwarenessLog::new();
            for step in steps {
                let before = log.clone();
                let (minutes, result) = match step {
                    Step::Record(kind, minutes) => {
                        let aware = now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
                        (minutes, log.clone().record(kind, new(&ids, aware, now)))
                    }
                    Step::Correct(which, minutes) => {
                        let aware = now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
                        let count = before.records().len().max(1);
                        let of = before.records().get(which % count).map_or_else(|| ids_next(&ids), |r| r.id);
                        (minutes, log.clone().correct(of, reason(), new(&ids, aware, now)))
                    }
                };
                if let Ok(next) = result {
                    prop_assert!(minutes <= 0, "the future is refused");
                    prop_assert_eq!(&next.records()[..before.records().len()], before.records());
                    prop_assert_eq!(next.records().len(), before.records().len() + 1);
                    log = next;
                }
            }
            // t2 is never invented: every time in the log was given for its own kind.
            for record in log.standing() {
                let first = log.get(log.first_of(record.id)).unwrap();
                prop_assert_eq!(first.kind, record.kind);
                prop_assert!(first.amends.is_none());
            }
            let corrections = log.records().iter().filter(|record| record.amends.is_some()).count();
            prop_assert_eq!(log.standing().count() + corrections, log.records().len());
            prop_assert_eq!(AwarenessLog::from_records(log.records().to_vec()), Ok(log.clone()));
        }
    }
}
