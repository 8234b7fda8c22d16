//! A capture through a funnel.

use std::io::Read;
use std::ops::ControlFlow;

use crate::funnel::Funnel;
use crate::input::{Capture, InputError};
use crate::record::Sink;

/// How reading a capture ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum End {
    /// At its end.
    Complete,
    /// Because `watch` said so.
    Stopped,
}

/// Feeds every frame of `capture` to `funnel`.
///
/// `watch` is called whenever the buffer was filled, about every 256 KiB, with the octets consumed; it looks at the clock,
/// takes counts, shows progress, and may stop the run. When the capture breaks off, the record that could not be
/// read is counted as lost and the error returned; whoever calls decides whether to go on with the next file.
pub fn feed<R: Read, S: Sink>(
    capture: &mut Capture<R>,
    funnel: &mut Funnel<'_>,
    sink: &mut S,
    mut watch: impl FnMut(u64, &mut Funnel<'_>, &mut S) -> ControlFlow<()>,
) -> Result<End, InputError> {
    let mut fills = 0;
    loop {
        if capture.fills() != fills {
            fills = capture.fills();
            if watch(capture.offset(), funnel, sink).is_break() {
                return Ok(End::Stopped);
            }
        }
        match capture.next_frames() {
            Ok(Some(frames)) => funnel.frames(frames, sink),
            Ok(None) => return Ok(End::Complete),
            Err(error) => {
                if error.loses_a_record() {
                    funnel.unreadable();
                }
                return Err(error);
            }
        }
    }
}
