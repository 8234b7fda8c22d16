//! Where a source puts frames: to one funnel, in the thread that reads.

use select::lanes::Lane;
use select::{Frame, Frames, Funnel};
use warrant::{Counts, LossReason, SealedSegment, Tally};

use super::output::Output;

/// What one interval came to.
#[derive(Default)]
pub(super) struct Interval {
    pub(super) counts: Counts,
    /// Undecided at its end.
    pub(super) pending: Tally,
    pub(super) segments: Vec<SealedSegment>,
}

/// Takes frames and gives account of them.
pub(super) trait Desk {
    /// Examines a frame, now or soon.
    fn frame(&mut self, frame: &Frame<'_>);

    /// Examines frames that lie side by side.
    fn frames(&mut self, frames: Frames<'_>);

    /// Takes a block that was sifted.
    fn sifted(&mut self, lane: &Lane);

    /// Counts units that came in and cannot be examined.
    fn missed(&mut self, reason: LossReason, packets: u64);

    /// Nothing comes at present: whatever waits to be handed on is handed on.
    fn idle(&mut self);

    /// Whether something could not be written.
    fn failed(&self) -> bool;

    /// Ends an interval and begins the next.
    fn cut(&mut self) -> anyhow::Result<Interval>;
}

/// One funnel and its output.
pub(super) struct Alone<'a> {
    pub(super) funnel: Funnel<'a>,
    pub(super) output: Output,
}

impl<'a> Alone<'a> {
    pub(super) const fn new(funnel: Funnel<'a>, output: Output) -> Self {
        Self { funnel, output }
    }

    /// Ends all flows and seals; also whether something could not be written.
    pub(super) fn finish(mut self) -> (Interval, bool) {
        let counts = self.funnel.finish(&mut self.output);
        let (segments, failed) = self.output.seal_last();
        let last = Interval {
            counts,
            pending: Tally::default(),
            segments,
        };
        (last, failed)
    }
}

impl Desk for Alone<'_> {
    #[inline]
    fn frame(&mut self, frame: &Frame<'_>) {
        self.funnel.packet(frame, &mut self.output);
    }

    #[inline]
    fn frames(&mut self, frames: Frames<'_>) {
        self.funnel.frames(frames, &mut self.output);
    }

    fn sifted(&mut self, lane: &Lane) {
        let (decided, left) = (lane.decided(), lane.left());
        self.funnel
            .sifted(decided, left, lane.last_ns(), &mut self.output);
    }

    fn missed(&mut self, reason: LossReason, packets: u64) {
        self.funnel.missed(reason, packets);
    }

    fn idle(&mut self) {}

    fn failed(&self) -> bool {
        self.output.failed()
    }

    fn cut(&mut self) -> anyhow::Result<Interval> {
        self.output.begin_hour();
        let (counts, pending) = self.funnel.take_counts();
        let segments = self.output.seal()?;
        Ok(Interval {
            counts,
            pending,
            segments,
        })
    }
}
